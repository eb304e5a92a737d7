import { tf } from './engine';

/** Sums what broadcasting repeated, so that the result has `shape` again. */
export function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  if (tf.util.arraysEqual(x.shape, shape)) return x.clone();
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return tf.reshape(axes.length === 0 ? x : tf.sum(x, axes), shape);
}

/** Repeats along axes of size 1 until `shape` is reached; both have the same rank. */
export function spreadTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const reps = shape.map((size, axis) => (x.shape[axis] === size ? 1 : size));
  return reps.every((count) => count === 1) ? x.clone() : tf.tile(x, reps);
}

/** [...places, count] with a 1 where a place says, as floats. `tf.oneHot` refuses a count of one. */
export function oneHot(places: tf.Tensor, count: number): tf.Tensor {
  const hits =
    count > 1 ? tf.oneHot(places, count) : tf.equal(tf.expandDims(places, -1), tf.scalar(0, 'int32'));
  return tf.cast(hits, 'float32');
}
