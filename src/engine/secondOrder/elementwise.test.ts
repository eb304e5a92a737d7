import { describe, expect, it } from 'vitest';
import { expectExact } from '../../../tests/engine/hessians';
import { tf } from '../backend';

describe('elementwise', () => {
  const a = tf.tensor2d([0.5, -1, 2, 0.3, -0.2, 1.5], [2, 3]);
  const row = tf.tensor2d([0.4, 0.1, -0.6], [1, 3]);
  it.each<[string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor]>([
    ['maximum', tf.maximum],
    ['minimum', tf.minimum],
    ['squaredDifference', tf.squaredDifference],
  ])('%s sums its gradient over broadcast axes', (_, f) => {
    expectExact((x, y) => tf.mul(f(tf.square(x as tf.Tensor), y as tf.Tensor), x as tf.Tensor), [a, row]);
    const by = tf.grads((x: tf.Tensor, y: tf.Tensor) => f(x, y))([a, row]);
    expect(by.map(({ shape }) => shape)).toEqual([
      [2, 3],
      [1, 3],
    ]);
  });

  it('elu differentiates its own gradient by dy and by y', () => {
    expectExact((x) => tf.elu(tf.mul(x as tf.Tensor, tf.elu(x as tf.Tensor))), [a]);
  });

  it('a reshape to the shape that a tensor has, too, and an assignment afterwards does not reach it', () => {
    const x = tf.variable(tf.tensor1d([1, 2]));
    const [copy, column] = [tf.reshape(x, [2]), tf.reshape(x, [2, 1])];
    x.assign(tf.tensor1d([3, 4]));
    expect([copy, column].map((tensor) => Array.from(tensor.dataSync()))).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(column.shape).toEqual([2, 1]);
    x.dispose();
  });

  it('a cast to the type that a tensor has is the same data in a tensor of its own', () => {
    const x = tf.tensor1d([1, 2]);
    const copy = tf.cast(x, 'float32');
    x.dispose();
    expect(Array.from(copy.dataSync())).toEqual([1, 2]);
    expect(Array.from(tf.cast(tf.tensor1d([1.7, -1.7]), 'int32').dataSync())).toEqual([1, -1]);
  });
});
