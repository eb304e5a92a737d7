import { describe, it } from 'vitest';
import { expectExact, waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';

const x = waves([4, 3]);
const pairs = tf.tensor2d([0, 1, 2, 2, 0, 1], [3, 2], 'int32');
const rows = tf.tensor2d([1, 3, 0, 2], [4, 1], 'int32');

describe('moving numbers', () => {
  it.each<[string, (y: tf.Tensor) => tf.Tensor]>([
    ['gatherND, a place twice', (y) => tf.gatherND(y, pairs)],
    ['scatterND', (y) => tf.scatterND(rows, y, [5, 3])],
    ['gather along the last axis', (y) => tf.gather(y, tf.tensor1d([2, 0, 1, 1], 'int32'), 1)],
    ['depthToSpace', (y) => tf.depthToSpace(tf.reshape(y, [1, 1, 1, 12]) as tf.Tensor4D, 2, 'NHWC')],
    ['depthToSpace of pixels', (y) => tf.depthToSpace(tf.reshape(y, [1, 1, 3, 4]) as tf.Tensor4D, 2, 'NHWC')],
  ])('%s is exact', (_, f) => {
    expectExact((y) => tf.square(f(tf.square(y as tf.Tensor))), [x]);
  });
});
