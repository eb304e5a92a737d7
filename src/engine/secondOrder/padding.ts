import { tf } from './engine';
import { gradientOf } from './register';
import { oneHot } from './shapes';

interface Padding {
  paddings: [number, number][];
  mode: 'reflect' | 'symmetric';
}

/**
 * A mirrored border repeats numbers of the inside, and each hands back the gradient of all its copies. Stock gives it
 * that of one.
 */
export function installPadding(): void {
  gradientOf<Padding>('MirrorPad', { inputs: ['x'] }, (dy, [x], { paddings, mode }) => ({
    x: () =>
      paddings.reduce(
        (sum, padding, axis) => gathered(sum, axis, (x as tf.Tensor).shape[axis] as number, padding, mode),
        dy,
      ),
  }));
}

/** Along one axis: the product with the matrix that says which place each number of the border repeats. */
function gathered(
  dy: tf.Tensor,
  axis: number,
  size: number,
  [before, after]: [number, number],
  mode: Padding['mode'],
): tf.Tensor {
  if (before === 0 && after === 0) return dy;
  const places = Array.from({ length: before + size + after }, (_, i) => mirrored(i - before, size, mode));
  const matrix = oneHot(tf.tensor1d(places, 'int32'), size);
  const last = dy.shape.map((_, i) => i).filter((i) => i !== axis);
  const moved = tf.transpose(dy, [...last, axis]);
  const product = tf.matMul(tf.reshape(moved, [-1, places.length]), matrix);
  const shape = [...moved.shape.slice(0, -1), size];
  const back = dy.shape.map((_, i) => (i === axis ? last.length : last.indexOf(i)));
  return tf.transpose(tf.reshape(product, shape), back);
}

/** The place inside that a place outside mirrors: about the edge itself, or about the line beside it. */
function mirrored(place: number, size: number, mode: Padding['mode']): number {
  const edge = mode === 'reflect' ? 0 : 1;
  if (place < 0) return -place - edge;
  return place < size ? place : 2 * (size - 1) - place + edge;
}
