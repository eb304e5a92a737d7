import { describe, expect, it } from 'vitest';
import { expectExact, waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';

const x = waves([2, 5, 6, 2]) as tf.Tensor4D;
const CASES = (['same', 'valid'] as const).flatMap((pad) =>
  [
    { size: 2, strides: 2 },
    { size: 3, strides: 2 },
    { size: 3, strides: 1 },
  ].map((rest) => ({ pad, ...rest })),
);

describe.each(CASES)('pooling of $size with strides $strides and $pad padding', ({ pad, size, strides }) => {
  it('by maximum is exact', () => {
    expectExact((y) => tf.square(tf.maxPool(tf.tanh(y as tf.Tensor4D), size, strides, pad)), [x]);
  });

  it('by average is exact', () => {
    expectExact((y) => tf.square(tf.avgPool(tf.square(y as tf.Tensor4D), size, strides, pad)), [x]);
  });

  it('by average has a gradient whose sum is that of what comes in, on cpu too', async () => {
    const native = tf.getBackend();
    for (const backend of [native, 'cpu']) {
      await tf.setBackend(backend);
      const windows = tf.avgPool(x, size, strides, pad);
      const gradient = tf.grad((y: tf.Tensor) => tf.avgPool(y as tf.Tensor4D, size, strides, pad))(x);
      expect(tf.sum(gradient).dataSync()[0]).toBeCloseTo(windows.size, 3);
    }
    await tf.setBackend(native);
  });
});

it('on cpu the maximum is exact as well', async () => {
  const native = tf.getBackend();
  await tf.setBackend('cpu');
  expectExact((y) => tf.square(tf.maxPool(tf.tanh(y as tf.Tensor4D), 3, 2, 'same')), [waves([2, 5, 6, 2])]);
  expectExact((y) => tf.square(tf.avgPool(tf.square(y as tf.Tensor4D), 3, 2, 'same')), [waves([2, 5, 6, 2])]);
  await tf.setBackend(native);
});
