import { tf } from '../../src/engine';
import type { Loss } from '../../src/loss';
import { lossFrom, lossOf } from '../../src/losses';

// Small losses of every kind, the same in every process: what the tests named loss-… ask.

const { layers } = tf;

/** Numbers in (−1, 1) that are the same on each machine. */
export function numbers(length: number, seed = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 1.9898 * seed) * 0.9);
}

const classes = (rows: number, count: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => (i * 7 + 3) % count);

export interface Program {
  model: tf.LayersModel;
  loss: Loss<Float32Array>;
}

const ROWS = 24;

function classifier(parts: tf.layers.Layer[], x: Float32Array, batchSize?: number): Program {
  const model = tf.sequential({ layers: parts });
  const loss = lossOf(model, {
    x,
    y: classes(ROWS, 3),
    loss: 'softmaxCrossEntropy',
    metrics: ['accuracy'],
    ...(batchSize === undefined ? {} : { batchSize }),
  });
  return { model, loss };
}

/** Tokens 0 to 10, four a row. */
const tokens = Float32Array.from({ length: ROWS * 4 }, (_, i) => (i * 5 + (i >> 2)) % 11);

export const programs: Record<string, () => Program> = {
  mlp: () =>
    classifier(
      [
        layers.dense({ units: 8, activation: 'tanh', inputShape: [5] }),
        layers.dense({ units: 6, activation: 'relu' }),
        layers.dense({ units: 3 }),
      ],
      numbers(ROWS * 5),
    ),
  mlpInPieces: () =>
    classifier(
      [layers.dense({ units: 8, activation: 'elu', inputShape: [5] }), layers.dense({ units: 3 })],
      numbers(ROWS * 5),
      7,
    ),
  cnn: () =>
    classifier(
      [
        layers.conv2d({
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          inputShape: [6, 6, 2],
        }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d({ filters: 3, kernelSize: 2, activation: 'tanh' }),
        layers.flatten(),
        layers.dense({ units: 3 }),
      ],
      numbers(ROWS * 72, 1.7),
    ),
  lstm: () =>
    classifier(
      [layers.lstm({ units: 5, inputShape: [4, 3] }), layers.dense({ units: 3 })],
      numbers(ROWS * 12, 1.3),
    ),
  embedding: () =>
    classifier(
      [
        layers.embedding({ inputDim: 11, outputDim: 4, inputLength: 4 }),
        layers.globalAveragePooling1d({}),
        layers.dense({ units: 3 }),
      ],
      tokens,
    ),
  batchNorm: () =>
    classifier(
      [
        layers.dense({ units: 6, inputShape: [5] }),
        layers.batchNormalization({ momentum: 0.9 }),
        layers.activation({ activation: 'tanh' }),
        layers.dense({ units: 3 }),
      ],
      numbers(ROWS * 5),
    ),
  dropout: () =>
    classifier(
      [
        layers.dense({ units: 8, activation: 'tanh', inputShape: [5] }),
        layers.dropout({ rate: 0.4 }),
        layers.gaussianNoise({ stddev: 0.1 }),
        layers.dense({ units: 3 }),
      ],
      numbers(ROWS * 5),
    ),
  regularized: () =>
    classifier(
      [
        layers.dense({
          units: 8,
          activation: 'sigmoid',
          inputShape: [5],
          kernelRegularizer: tf.regularizers.l2({ l2: 0.05 }),
        }),
        layers.dense({ units: 3, biasRegularizer: tf.regularizers.l1({ l1: 0.02 }) }),
      ],
      numbers(ROWS * 5),
    ),
};

/** A loss that `lossFrom` makes, with data and random draws in it. */
export function drawing(): Loss<Float32Array> {
  return lossFrom(
    ({ w, b }, { x, y }) => {
      const noisy = tf.add(x, tf.randomNormal(x.shape, 0, 0.05));
      const hidden = tf.dropout(tf.tanh(tf.add(tf.matMul(noisy as tf.Tensor2D, w), b)), 0.3);
      return tf.mean(tf.squaredDifference(tf.sum(hidden, 1), y)) as tf.Scalar;
    },
    { w: [3, 4], b: [4] },
    {
      data: { x: tf.tensor2d(numbers(ROWS * 3), [ROWS, 3]), y: numbers(ROWS, 0.7) },
      seed: 5,
      name: 'drawing',
    },
  );
}
