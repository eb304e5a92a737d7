import type { Built, Case, Layer, Library, Tensor, Tf } from './case';
import { attend } from './layers/attention';
import { modelCase } from './model';
import { drawn, seedOf } from './numbers';
import { scored } from './score';

type Options = Parameters<typeof modelCase>[4];

/** Whole networks, as the users of the library train them. */
export function networkCases(library: Library): Case[] {
  const { layers } = library.tf;
  const chain = (name: string, shape: number[], make: () => Layer[], options: Options = {}) =>
    modelCase(library, name, [shape], (x) => make().reduce((h, layer) => layer.apply(h) as never, x), {
      kind: 'network',
      ...options,
    });
  const cnn = (between: () => Layer[]) => () => [
    layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }),
    ...between(),
    layers.flatten(),
    layers.dense({ units: 3, activation: 'softmax' }),
  ];
  const batchNorm = () => [layers.batchNormalization({}), layers.averagePooling2d({ poolSize: 2 })];
  return [
    chain('ReLU MLP', [4], () => [
      layers.dense({ units: 6, activation: 'relu' }),
      layers.dense({ units: 5, activation: 'relu' }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ]),
    chain(
      'max-pool CNN',
      [6, 6, 1],
      cnn(() => [layers.maxPooling2d({ poolSize: 2 })]),
    ),
    chain('batch-norm CNN, inference', [6, 6, 1], cnn(batchNorm)),
    chain('batch-norm CNN, training', [6, 6, 1], cnn(batchNorm), { training: true }),
    chain('LSTM network', [5, 2], () => [layers.lstm({ units: 4 }), layers.dense({ units: 2 })]),
    chain(
      'masked LSTM network',
      [5],
      () => [
        layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true }),
        layers.lstm({ units: 3 }),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
      { integers: 5 },
    ),
    transformer(library.tf),
  ];
}

/** One block: attention and a GELU network, each behind a layer normalisation and with a residual around it. */
function transformer(tf: Tf): Case {
  const seed = seedOf('transformer block');
  const [steps, width] = [3, 4];
  const shapes = [
    ...[[width], [width], [width, 2], [width, 2], [width, width]],
    ...[[width], [width], [width, 6], [6], [6, width]],
  ];
  const build = (rows: number): Built => {
    const x = drawn(tf, [rows, steps, width], seed, [-1, 1]);
    const weights = shapes.map((shape, i) => drawn(tf, shape, seed + 1 + i, [-0.7, 0.7]));
    return scored(tf, [x, ...weights], seed + 30, ([input, ...w]) => block(tf, input as Tensor, w));
  };
  return { name: 'transformer block', kind: 'network', build };
}

function block(tf: Tf, x: Tensor, weights: Tensor[]): Tensor {
  const [g1, b1, query, key, value, g2, b2, up, bias, down] = weights as Tensor[] & { length: 10 };
  const attended = tf.add(x, attend(tf, normalized(tf, x, g1!, b1!), query!, key!, value!));
  const [rows, steps, width] = x.shape as [number, number, number];
  const flat = tf.reshape(normalized(tf, attended, g2!, b2!), [rows * steps, width]);
  const hidden = gelu(tf, tf.add(tf.matMul(flat, up!), bias!));
  return tf.add(attended, tf.reshape(tf.matMul(hidden, down!), [rows, steps, width]));
}

function normalized(tf: Tf, x: Tensor, gain: Tensor, bias: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3)));
  return tf.add(tf.mul(scaled, gain), bias);
}

function gelu(tf: Tf, x: Tensor): Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));
}
