import { beforeAll, describe, expect, it } from 'vitest';
import { goldenModel, goldenTheta, goldenX } from '../../tests/fixtures/golden';
import { ready, tf } from '../engine';
import { lossOf } from '.';

beforeAll(ready);

const classes = goldenX.map((_, i) => i % 2);
const oneHot = classes.map((label) => [1 - label, label]);
const ALPHA = 0.15;

function predictions(model: tf.LayersModel): tf.Tensor {
  return model.predict(tf.tensor(goldenX)) as tf.Tensor;
}

async function smoothedValue(
  model: tf.LayersModel,
  loss: string,
  labelSmoothing: number,
  y: unknown = oneHot,
) {
  const built = lossOf(model, { x: goldenX, y: y as number[][], loss, labelSmoothing });
  return built.value(built.params());
}

function withActivation(activation: 'softmax' | 'sigmoid'): tf.LayersModel {
  return tf.sequential({ layers: [tf.layers.dense({ units: 2, activation, inputShape: [3] })] });
}

describe('label smoothing', () => {
  for (const name of ['softmaxCrossEntropy', 'sigmoidCrossEntropy'] as const)
    it(`of ${name} is that of tf.losses`, async () => {
      const model = goldenModel();
      const wanted = tf.losses[name](oneHot, predictions(model), undefined, ALPHA).dataSync()[0] as number;
      expect(Math.abs((await smoothedValue(model, name, ALPHA)) / wanted - 1)).toBeLessThan(1e-6);
    });

  it('takes class numbers', async () => {
    const model = goldenModel();
    const wanted = await smoothedValue(model, 'softmaxCrossEntropy', ALPHA);
    expect(await smoothedValue(model, 'softmaxCrossEntropy', ALPHA, classes)).toBe(wanted);
    expect(wanted).not.toBe(await smoothedValue(model, 'softmaxCrossEntropy', 0));
  });

  // Both losses are linear in the labels, so that the smoothed one is a mixture.
  for (const [name, activation] of [
    ['categoricalCrossentropy', 'softmax'],
    ['binaryCrossentropy', 'sigmoid'],
  ] as const)
    it(`of ${name} mixes the loss of the labels and that of no knowledge`, async () => {
      const model = withActivation(activation);
      const uniform = oneHot.map((row) => row.map(() => 0.5));
      const [sharp, blunt] = [
        await smoothedValue(model, name, 0),
        await smoothedValue(model, name, 0, uniform),
      ];
      const wanted = (1 - ALPHA) * sharp + ALPHA * blunt;
      expect(Math.abs((await smoothedValue(model, name, ALPHA)) / wanted - 1)).toBeLessThan(1e-6);
      expect(Math.abs((await smoothedValue(model, name, 1)) / blunt - 1)).toBeLessThan(1e-6);
    });

  it('has the logits where p = 1 − α + α/K as its minimum, with the entropy of the labels as its value', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, useBias: false, inputShape: [1] })] });
    const loss = lossOf(model, { x: [[1]], y: [0], loss: 'softmaxCrossEntropy', labelSmoothing: 0.3 });
    const labels = [0.8, 0.1, 0.1];
    const { value, gradient } = await loss.gradient(Float32Array.from(labels, Math.log));
    expect(value).toBeCloseTo(
      labels.reduce((sum, p) => sum - p * Math.log(p), 0),
      6,
    );
    for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-7);
  });

  it('does not change what metrics see', async () => {
    const [plain, smooth] = [0, 0.9].map((labelSmoothing) =>
      lossOf(goldenModel(), {
        ...{ x: goldenX, y: oneHot, loss: 'sigmoidCrossEntropy', labelSmoothing },
        metrics: ['accuracy', 'mse'],
      }),
    );
    const [a, b] = [await plain!.evaluate(goldenTheta), await smooth!.evaluate(goldenTheta)];
    expect([b.accuracy, b.mse]).toEqual([a.accuracy, a.mse]);
    expect(b.loss).not.toBe(a.loss);
  });

  it('is refused beyond [0, 1] and for losses that are no cross-entropy of one-hot labels', () => {
    const make =
      (labelSmoothing: unknown, loss: unknown = 'softmaxCrossEntropy') =>
      () =>
        lossOf(goldenModel(), {
          x: goldenX,
          y: oneHot,
          loss: loss as string,
          labelSmoothing: labelSmoothing as number,
        });
    expect(make(-0.1)).toThrow('labelSmoothing must be a number from 0 to 1, got -0.1');
    expect(make(1.1)).toThrow('got 1.1');
    expect(make(Number.NaN)).toThrow('got NaN');
    expect(make('much')).toThrow('got much');
    expect(make([0.1, 0.1])).toThrow('labelSmoothing must have 1 entries');
    expect(make(0.1, 'meanSquaredError')).toThrow('labelSmoothing must be 0 for meanSquaredError');
    expect(make(0.1, tf.losses.softmaxCrossEntropy)).toThrow('labelSmoothing must be 0 for');
    expect(make(0.1, 'sparseCategoricalCrossentropy')).toThrow(
      'categoricalCrossentropy takes class numbers too',
    );
  });
});
