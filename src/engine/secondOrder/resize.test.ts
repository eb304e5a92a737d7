import { describe, expect, it } from 'vitest';
import { expectExact, waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';
import { withDoubleKernels } from '.';

const x = waves([2, 4, 5, 2]) as tf.Tensor4D;
const PLACES: [boolean, boolean][] = [
  [false, false],
  [true, false],
  [false, true],
];
const SIZES: [number, number][] = [
  [8, 10],
  [7, 3],
  [4, 5],
  [1, 1],
];
const CASES = PLACES.flatMap(([corners, half]) => SIZES.map((size) => ({ corners, half, size })));

describe.each(CASES)('resizing to $size, corners $corners, half pixels $half', ({ corners, half, size }) => {
  it.each(['resizeNearestNeighbor', 'resizeBilinear'] as const)('%s is exact', (name) => {
    const resize = (y: tf.Tensor) => tf.image[name](y as tf.Tensor4D, size, corners, half);
    expectExact((y) => tf.square(resize(tf.tanh(y as tf.Tensor))), [x]);
    // ⟨dy, R·x⟩ = ⟨Rᵀ·dy, x⟩ holds for no other gradient.
    const dy = waves([2, ...size, 2], 2);
    const there = tf.sum(tf.mul(dy, resize(x))).dataSync()[0] as number;
    const back = tf.sum(tf.mul(tf.grad(resize)(x, dy), x)).dataSync()[0] as number;
    expect(back).toBeCloseTo(there, 4);
  });

  it('in operations that have double kernels is the same', () => {
    const resize = () => tf.image.resizeBilinear(x, size, corners, half);
    const difference = tf.sub(resize(), withDoubleKernels(resize));
    expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-6);
  });
});

it.each(['nearest', 'bilinear'] as const)('upSampling2d by %s is exact', (interpolation) => {
  const layer = tf.layers.upSampling2d({ size: [2, 3], interpolation });
  expectExact((y) => tf.tanh(layer.apply(tf.square(y as tf.Tensor)) as tf.Tensor), [x]);
});
