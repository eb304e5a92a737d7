import { describe, expect, it } from 'vitest';
import { expectExact } from '../../../tests/engine/hessians';
import { tf } from '../backend';

const x = tf.tensor2d([0.5, -1, 2, 0.3, -0.2, 1.5], [2, 3]);
const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

describe('the gradient of Tile', () => {
  it('is the sum over repetitions', () => {
    const dy = tf.range(0, 24).reshape([4, 6]);
    const gradient = tf.grad((y: tf.Tensor) => tf.tile(y, [2, 2]))(x, dy);
    expect(numbers(gradient)).toEqual([30, 34, 38, 54, 58, 62]);
  });

  it.each([[[3, 1, 2]], [[1, 1, 1]], [[1, 4, 1]], [[2, 2, 2]]])('has rank 3 and repetitions %s', (reps) => {
    expectExact((y) => tf.square(tf.tile(tf.reshape(y as tf.Tensor, [3, 1, 2]), reps)), [x]);
  });
});

describe('sums along axes', () => {
  it.each<[string, (y: tf.Tensor) => tf.Tensor]>([
    ['sum', (y) => tf.sum(tf.square(y))],
    ['sum along the first', (y) => tf.square(tf.sum(tf.square(y), 0))],
    ['sum along the last, kept', (y) => tf.square(tf.sum(tf.square(y), -1, true))],
    ['mean', (y) => tf.square(tf.mean(tf.square(y)))],
    ['mean along the first', (y) => tf.square(tf.mean(tf.square(y), 0))],
    ['variance', (y) => tf.square(tf.moments(y, 1).variance)],
  ])('%s', (_, f) => {
    expectExact((y) => f(y as tf.Tensor), [x]);
  });

  it('the gradient of a mean is 1/n each', () => {
    expect(numbers(tf.grad((y: tf.Tensor) => tf.mean(y, 0))(x))).toEqual(Array(6).fill(0.5));
  });
});

describe('the gradient of cumsum', () => {
  it('counts how often an element is summed, along any axis', () => {
    const along = (axis: number, exclusive = false, reverse = false) =>
      numbers(tf.grad((y: tf.Tensor) => tf.cumsum(y, axis, exclusive, reverse))(x));
    expect(along(0)).toEqual([2, 2, 2, 1, 1, 1]);
    expect(along(1)).toEqual([3, 2, 1, 3, 2, 1]);
    expect(along(1, true)).toEqual([2, 1, 0, 2, 1, 0]);
    expect(along(0, false, true)).toEqual([1, 1, 1, 2, 2, 2]);
  });
});

describe('prod', () => {
  const zeros = tf.tensor2d([0, 2, 3, 0, 0, 5], [2, 3]);

  it('has the product of all others as its gradient, at zeros too', () => {
    expect(numbers(tf.grad((y: tf.Tensor) => tf.prod(y, 1))(zeros))).toEqual([6, 0, 0, 0, 0, 0]);
  });

  it.each([undefined, 0, 1, [0, 1]])('along %s is exact, at zeros too', (axis) => {
    for (const at of [x, zeros]) expectExact((y) => tf.prod(tf.mul(y as tf.Tensor, 0.7), axis), [at]);
  });
});

it('topk is exact in its values', () => {
  expectExact((y) => tf.square(tf.topk(tf.square(y as tf.Tensor), 2).values), [x]);
});
