import { describe, expect, it } from 'vitest';
import { goldenLoss, goldenModel, goldenTheta, goldenX, goldenY } from '../../tests/fixtures/golden';
import { tf } from '../engine';
import { lossOf } from '.';

const { dense, dropout, batchNormalization, flatten, conv2d, lstm } = tf.layers;
const snapshot = (model: tf.LayersModel): number[][] =>
  model.getWeights().map((w) => Array.from(w.dataSync()));

/** ∂L/∂θₖ by central differences, for a few k. */
async function differences(
  loss: ReturnType<typeof lossOf>,
  theta: Float32Array,
  ks: number[],
): Promise<number[]> {
  const step = 2 ** -8;
  const shifted = (k: number, by: number) => theta.map((w, i) => (i === k ? w + by : w));
  return Promise.all(
    ks.map(async (k) => {
      const [up, down] = [await loss.value(shifted(k, step)), await loss.value(shifted(k, -step))];
      return (up - down) / (2 * step);
    }),
  );
}

describe('lossOf', () => {
  it("names θ's parts after the model's weights, in their order", () => {
    const loss = goldenLoss();
    expect(loss.dim).toBe(32);
    expect(loss.layout.params.map(({ shape, role }) => [shape, role])).toEqual([
      [[3, 5], 'kernel'],
      [[5], 'bias'],
      [[5, 2], 'kernel'],
      [[2], 'bias'],
    ]);
    expect(loss.layout.params[0]?.name).toMatch(/kernel/);
    expect(loss.description).toMatchObject({ name: 'meanSquaredError', samples: 20, parameters: 32 });
    expect(loss.description.engine?.backend).toBe(tf.getBackend());
  });

  it('only assign moves the model, bit for bit, and then params reads it', async () => {
    const model = goldenModel();
    const loss = goldenLoss(model);
    const before = snapshot(model);
    await loss.value(goldenTheta);
    await loss.gradient(goldenTheta);
    await loss.values([goldenTheta]);
    await loss.evaluate(goldenTheta, [1, 2]);
    loss.params({ seed: 3 });
    const session = await loss.train(goldenTheta);
    tf.train.sgd(1).minimize(() => session.forward(undefined, 1), false, session.variables);
    session.dispose();
    expect(snapshot(model)).toEqual(before);
    loss.assign(goldenTheta);
    expect(snapshot(model)).not.toEqual(before);
    expect(loss.params()).toEqual(Float32Array.from(goldenTheta));
  });

  it('gives the model its weights back when the loss function throws', async () => {
    const model = goldenModel();
    const before = snapshot(model);
    const failing = () => {
      throw new Error('no');
    };
    const loss = lossOf(model, { x: goldenX, y: goldenY, loss: failing });
    const tensors = tf.memory().numTensors;
    await expect(loss.value(goldenTheta)).rejects.toThrow('no');
    await expect(loss.gradient(goldenTheta)).rejects.toThrow('no');
    expect(snapshot(model)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('leaves no tensor behind', async () => {
    const loss = goldenLoss();
    const tensors = tf.memory().numTensors;
    await loss.value(goldenTheta);
    await loss.value(goldenTheta, [3, 1]);
    await loss.gradient(goldenTheta, [3, 1]);
    await loss.values(Array.from({ length: 9 }, () => goldenTheta));
    await loss.evaluate(goldenTheta);
    loss.params({ seed: 1 });
    loss.params();
    loss.assign(goldenTheta);
    expect(() => lossOf(goldenModel(), { x: goldenX, y: [[1]], loss: 'meanSquaredError' })).toThrow();
    (await loss.train(goldenTheta)).dispose();
    // The weights of the refused model above are its owner's.
    expect(tf.memory().numTensors).toBe(tensors + 4);
  });

  it('keeps its own copy of the data', async () => {
    const x = Float32Array.from(goldenX.flat());
    const y = tf.tensor(goldenY);
    const loss = lossOf(goldenModel(), { x, y, loss: 'meanSquaredError' });
    const before = await loss.value(goldenTheta);
    x.fill(0);
    y.dispose();
    expect(await loss.value(goldenTheta)).toBe(before);
  });

  it('the mean over batches, weighted by their rows, is the loss of the whole data', async () => {
    const loss = goldenLoss();
    const [a, b] = [
      await loss.value(goldenTheta, [0, 1, 2, 3, 4]),
      await loss.value(goldenTheta, range(5, 20)),
    ];
    expect((5 * a + 15 * b) / 20).toBeCloseTo(await loss.value(goldenTheta), 6);
  });

  it('is the same in pieces of 7 rows as at once: value, gradient, metrics', async () => {
    const options = { x: goldenX, y: goldenY, loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] };
    const model = goldenModel();
    const whole = lossOf(model, options);
    const pieces = lossOf(model, { ...options, batchSize: 7 });
    const [one, many] = [await whole.gradient(goldenTheta), await pieces.gradient(goldenTheta)];
    one.gradient.forEach((g, k) => {
      expect(many.gradient[k]).toBeCloseTo(g, 6);
    });
    const [a, b] = [await whole.evaluate(goldenTheta), await pieces.evaluate(goldenTheta)];
    expect(a.loss).toBeCloseTo(b.loss as number, 6);
    expect(a.meanAbsoluteError).toBeCloseTo(b.meanAbsoluteError as number, 6);
  });

  it('counts regularisers once, unless switched off', async () => {
    const l2 = tf.regularizers.l2({ l2: 0.5 });
    const model = tf.sequential({
      layers: [dense({ units: 2, inputShape: [3], useBias: false, kernelRegularizer: l2 })],
    });
    const data = { x: goldenX, y: goldenY, loss: 'meanSquaredError', batchSize: 6 };
    const theta = Float32Array.of(1, 2, 3, 4, 5, 6);
    const [on, off] = [lossOf(model, data), lossOf(model, { ...data, regularization: false })];
    expect((await on.value(theta)) - (await off.value(theta))).toBeCloseTo(0.5 * 91, 4);
    const [g, h] = [await on.gradient(theta), await off.gradient(theta)];
    theta.forEach((w, k) => {
      expect((g.gradient[k] as number) - (h.gradient[k] as number)).toBeCloseTo(w, 4);
    });
  });

  it('evaluates batch norm in inference mode and never moves its averages', async () => {
    const model = tf.sequential({
      layers: [dense({ units: 4, inputShape: [3] }), batchNormalization(), dense({ units: 2 })],
    });
    const loss = lossOf(model, { x: goldenX, y: goldenY, loss: 'meanSquaredError' });
    const before = snapshot(model);
    const theta = loss.params();
    const stock = model.predict(tf.tensor(goldenX)) as tf.Tensor;
    expect(await loss.value(theta)).toBeCloseTo(
      tf.losses.meanSquaredError(goldenY, stock).dataSync()[0] as number,
      5,
    );
    await loss.gradient(theta);
    expect(snapshot(model)).toEqual(before);
  });

  it('dropout is off in evaluation and repeats in training, by its seed', async () => {
    const rate = 0.5;
    const model = tf.sequential({
      layers: [dense({ units: 8, inputShape: [3] }), dropout({ rate }), dense({ units: 2 })],
    });
    const loss = lossOf(model, { x: goldenX, y: goldenY, loss: 'meanSquaredError' });
    const theta = loss.params();
    expect(await loss.value(theta)).toBe(await loss.value(theta));
    const session = await loss.train(theta);
    const [a, again, b] = [1, 1, 2].map((seed) => session.forward(undefined, seed).dataSync()[0]);
    expect(a).toBe(again);
    expect(a).not.toBe(b);
    expect((model.layers[1] as unknown as { seed: unknown }).seed).toBeUndefined();
    session.dispose();
  });

  it('its gradient is that of central differences, for dense, convolution and LSTM', async () => {
    const image = { x: range(0, 6 * 16).map(Math.sin), y: [0, 1, 2, 1, 0, 2] };
    const models = [
      { model: [dense({ units: 6, activation: 'tanh', inputShape: [16] }), dense({ units: 3 })], x: [6, 16] },
      {
        model: [
          conv2d({ filters: 2, kernelSize: 2, activation: 'tanh', inputShape: [4, 4, 1] }),
          flatten(),
          dense({ units: 3 }),
        ],
        x: [6, 4, 4, 1],
      },
      { model: [lstm({ units: 3, inputShape: [4, 4] }), dense({ units: 3 })], x: [6, 4, 4] },
    ];
    for (const { model, x } of models) {
      const loss = lossOf(tf.sequential({ layers: model }), {
        x: tf.tensor(image.x, x),
        y: image.y,
        loss: 'softmaxCrossEntropy',
      });
      const theta = loss.params({ seed: 5 });
      const { gradient } = await loss.gradient(theta);
      const ks = [0, 3, loss.dim - 1];
      (await differences(loss, theta, ks)).forEach((slope, i) => {
        expect(Math.abs(slope - (gradient[ks[i] as number] as number))).toBeLessThan(2e-4);
      });
    }
  });

  it('takes several inputs as a list', async () => {
    const [a, b] = [tf.input({ shape: [1] }), tf.input({ shape: [1] })];
    const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const model = tf.model({
      inputs: [a, b],
      outputs: dense({ units: 1, useBias: false }).apply(joined) as tf.SymbolicTensor,
    });
    const loss = lossOf(model, {
      x: [
        [[1], [2]],
        [[3], [4]],
      ],
      y: [0, 0],
      loss: 'meanSquaredError',
    });
    // (1·1 + 10·3)² and (1·2 + 10·4)².
    expect(await loss.value(Float32Array.of(1, 10))).toBeCloseTo((31 ** 2 + 42 ** 2) / 2, 2);
  });
});

describe('initial weights drawn by a seed', () => {
  const build = () =>
    tf.sequential({
      layers: [lstm({ units: 3, inputShape: [4, 2] }), dropout({ rate: 0.1 }), dense({ units: 2 })],
    });
  const lossFor = (model: tf.LayersModel) =>
    lossOf(model, { x: tf.zeros([2, 4, 2]), y: tf.zeros([2, 2]), loss: 'meanSquaredError' });

  it('are the same for the same seed and another model of the same shape, and differ between seeds', () => {
    const [one, two] = [lossFor(build()), lossFor(build())];
    expect(one.params({ seed: 0 })).toEqual(two.params({ seed: 0 }));
    expect(one.params({ seed: 0 })).not.toEqual(one.params({ seed: 1 }));
  });

  it('follow each initializer: zeros stay zero, Glorot stays in its bounds', () => {
    const model = tf.sequential({
      layers: [
        dense({ units: 30, inputShape: [20], kernelInitializer: 'glorotUniform' }),
        dense({ units: 20, kernelInitializer: 'ones' }),
      ],
    });
    const loss = lossOf(model, { x: tf.zeros([1, 20]), y: tf.zeros([1, 20]), loss: 'meanSquaredError' });
    const theta = loss.params({ seed: 7 });
    const bound = Math.sqrt(6 / 50);
    const kernel = theta.subarray(0, 600);
    expect(Math.max(...kernel.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(kernel.reduce((sum, w) => sum + w * w, 0) / 600).toBeCloseTo(bound ** 2 / 3, 2);
    expect(new Set(theta.subarray(600, 630))).toEqual(new Set([0]));
    expect(new Set(theta.subarray(630, 1230))).toEqual(new Set([1]));
  });

  it('are drawn for functional and nested models too', () => {
    const input = tf.input({ shape: [3] });
    const inner = tf.sequential({ layers: [dense({ units: 4, inputShape: [3] })] });
    const outputs = dense({ units: 2 }).apply(inner.apply(input)) as tf.SymbolicTensor;
    const loss = lossOf(tf.model({ inputs: input, outputs }), {
      x: goldenX,
      y: goldenY,
      loss: 'meanSquaredError',
    });
    expect(loss.params({ seed: 2 })).toEqual(loss.params({ seed: 2 }));
    expect(loss.params({ seed: 2 })).not.toEqual(loss.params());
  });
});

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
