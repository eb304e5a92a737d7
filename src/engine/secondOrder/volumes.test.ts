import { describe, it } from 'vitest';
import { expectExact, waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';

const x = waves([1, 4, 4, 3, 2]);
const filter = tf.mul(waves([2, 2, 2, 2, 3], 1), 0.4);

describe.each([
  ['same', 1],
  ['valid', 1],
  ['same', 2],
] as const)('in three dimensions, with %s padding and strides %i', (pad, strides) => {
  it('a convolution is exact', () => {
    const f = (y: tf.Tensor, w: tf.Tensor) =>
      tf.tanh(tf.conv3d(y as tf.Tensor5D, w as tf.Tensor5D, strides, pad));
    expectExact(f as never, [x, filter]);
  });

  it('an average is exact', () => {
    expectExact((y) => tf.square(tf.avgPool3d(tf.tanh(y as tf.Tensor5D), 2, strides, pad)), [x]);
  });

  it('a maximum is exact', () => {
    expectExact((y) => tf.square(tf.maxPool3d(tf.tanh(y as tf.Tensor5D), 2, strides, pad)), [x]);
  });
});

it('an average is exact on cpu too, at the border', async () => {
  const native = tf.getBackend();
  await tf.setBackend('cpu');
  const volume = waves([1, 4, 4, 3, 2]);
  for (const strides of [1, 2])
    expectExact((y) => tf.square(tf.avgPool3d(tf.tanh(y as tf.Tensor5D), 2, strides, 'same')), [volume]);
  await tf.setBackend(native);
});
