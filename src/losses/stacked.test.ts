import { describe, expect, it } from 'vitest';
import { denseChain, tf } from '../engine';
import { lossOf } from '.';

const { dense, activation, dropout, flatten } = tf.layers;
const ROWS = 30;
const x = tf.randomNormal([ROWS, 6], 0, 1, 'float32', 1);
const y = Array.from({ length: ROWS }, (_, i) => i % 4);

/** Twelve points around the initial weights, and what the stack and one call a point say of them. */
async function bothWays(model: tf.LayersModel, options: object = {}) {
  const data = { x, y, loss: 'softmaxCrossEntropy', metrics: ['accuracy'], ...options };
  const loss = lossOf(model, data);
  const theta = loss.params({ seed: 1 });
  const thetas = Array.from({ length: 12 }, (_, i) => theta.map((w, k) => w + 0.3 * Math.sin(i * (k + 1))));
  const many = await loss.evaluateMany(thetas);
  const single = await Promise.all(thetas.map((point) => loss.gradient(point)));
  return { loss, thetas, many, single: single.map(({ value }) => value) };
}

function expectEqual(many: Float64Array, single: number[]): void {
  expect(many.length).toBe(single.length);
  single.forEach((value, i) => {
    expect(Math.abs((many[i] as number) / value - 1)).toBeLessThan(2e-6);
  });
}

describe('many points in one call are as one by one', () => {
  const models: [string, () => tf.LayersModel][] = [
    [
      'a chain of three dense layers',
      () =>
        sequential(
          dense({ units: 8, activation: 'relu', inputShape: [6] }),
          dense({ units: 5, activation: 'tanh' }),
          dense({ units: 4 }),
        ),
    ],
    ['a single layer without bias', () => sequential(dense({ units: 4, useBias: false, inputShape: [6] }))],
    [
      'activations as layers, and dropout',
      () =>
        sequential(
          dense({ units: 8, inputShape: [6] }),
          activation({ activation: 'elu' }),
          dropout({ rate: 0.4 }),
          dense({ units: 4 }),
        ),
    ],
    ['a functional chain with regularisers', functional],
  ];
  for (const [name, build] of models)
    it(name, async () => {
      const model = build();
      expect(denseChain(model)).toBeDefined();
      const { many, single } = await bothWays(model);
      expectEqual(many.loss as Float64Array, single);
    });

  it('softmax at the end, with every kind of label', async () => {
    const model = sequential(
      dense({ units: 8, activation: 'sigmoid', inputShape: [6] }),
      dense({ units: 4, activation: 'softmax' }),
    );
    for (const loss of ['sparseCategoricalCrossentropy', 'categoricalCrossentropy']) {
      const { many, single } = await bothWays(model, { loss });
      expectEqual(many.loss as Float64Array, single);
    }
    const labels = tf.oneHot(y, 4);
    for (const loss of [
      'binaryCrossentropy',
      'kullbackLeiblerDivergence',
      'meanSquaredError',
      'huberLoss',
      'cosineDistance',
    ]) {
      const { many, single } = await bothWays(model, { loss, y: labels });
      expectEqual(many.loss as Float64Array, single);
    }
  });

  it('metrics too, in pieces of rows too', async () => {
    const model = sequential(dense({ units: 8, activation: 'relu', inputShape: [6] }), dense({ units: 4 }));
    const { loss, thetas, many } = await bothWays(model, { batchSize: 11 });
    for (const [i, theta] of thetas.entries()) {
      const one = await loss.evaluate(theta);
      expect(many.accuracy?.[i]).toBeCloseTo(one.accuracy as number, 6);
      const right = await countRight(model, loss, theta);
      expect(many.accuracy?.[i]).toBeCloseTo(right / ROWS, 6);
    }
  });

  it('models that are no dense chain take the loop', async () => {
    const frozen = sequential(dense({ units: 8, inputShape: [6], trainable: false }), dense({ units: 4 }));
    const reshaped = sequential(
      tf.layers.reshape({ targetShape: [3, 2], inputShape: [6] }),
      flatten(),
      dense({ units: 4 }),
    );
    const activatedFirst = sequential(
      activation({ activation: 'relu', inputShape: [6] }),
      dense({ units: 4 }),
    );
    for (const model of [frozen, reshaped, residual(), activatedFirst]) {
      expect(denseChain(model)).toBeUndefined();
      const { many, single } = await bothWays(model);
      expectEqual(many.loss as Float64Array, single);
    }
  });

  it('metrics that need all rows together take the loop', async () => {
    const model = sequential(dense({ units: 4, activation: 'softmax', inputShape: [6] }));
    const { loss, thetas, many } = await bothWays(model, {
      loss: 'categoricalCrossentropy',
      metrics: ['precision'],
    });
    const alone = await loss.evaluate(thetas[3] as Float32Array);
    expect(many.precision?.[3]).toBe(alone.precision);
  });
});

it('points come one at a time, from a buffer that may be used again', async () => {
  const model = sequential(dense({ units: 4, inputShape: [6] }));
  const { loss, thetas, many } = await bothWays(model);
  const buffer = new Float32Array(loss.dim);
  function* reused() {
    for (const theta of thetas) {
      buffer.set(theta);
      yield buffer;
    }
  }
  expect(await loss.values(reused())).toEqual(many.loss);
});

it('non-finite losses stay where they are', async () => {
  const model = sequential(dense({ units: 4, inputShape: [6] }));
  const { loss, thetas } = await bothWays(model);
  const bad = new Float32Array(loss.dim).map((_, i) => (i % 2 === 0 ? 3e38 : -3e38));
  const values = await loss.values([thetas[0] as Float32Array, bad, thetas[1] as Float32Array]);
  expect(Array.from(values, Number.isFinite)).toEqual([true, false, true]);
  expect(await loss.values([])).toEqual(new Float64Array(0));
});

function sequential(...layers: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({ layers });
}

function functional(): tf.LayersModel {
  const input = tf.input({ shape: [6] });
  const regularizer = tf.regularizers.l1l2({ l1: 0.01, l2: 0.1 });
  const hidden = dense({ units: 7, activation: 'softplus', kernelRegularizer: regularizer }).apply(input);
  const outputs = dense({ units: 4, biasRegularizer: regularizer }).apply(hidden) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs });
}

function residual(): tf.LayersModel {
  const input = tf.input({ shape: [6] });
  const hidden = dense({ units: 6, activation: 'relu' }).apply(input) as tf.SymbolicTensor;
  const sum = tf.layers.add().apply([input, hidden]);
  return tf.model({ inputs: input, outputs: dense({ units: 4 }).apply(sum) as tf.SymbolicTensor });
}

async function countRight(
  model: tf.LayersModel,
  loss: ReturnType<typeof lossOf>,
  theta: Float32Array,
): Promise<number> {
  loss.assign(theta);
  const guesses = (model.predict(x) as tf.Tensor).argMax(-1).dataSync();
  return y.filter((label, i) => guesses[i] === label).length;
}
