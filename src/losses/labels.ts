import { tf } from '../engine';
import { show } from './arrays';
import type { NamedLoss } from './named';

/**
 * Labels in the shape the loss takes; disposes what it was given when it makes another.
 * Class numbers [rows] or [rows, 1] become one-hot for `softmaxCrossEntropy` and `categoricalCrossentropy`.
 * @throws RangeError when the labels do not fit the model's output.
 */
export function fitLabels(
  labels: tf.Tensor,
  output: readonly (number | null)[],
  loss: NamedLoss,
  place: string,
): tf.Tensor {
  if (loss.labels === 'any') return labels;
  if (loss.labels === 'class') return classes(labels, output, place);
  const [rows = 0, ...row] = labels.shape;
  const classNumbers = row.length === 0 || (row.length === 1 && row[0] === 1);
  const crossEntropy = loss.name === 'softmaxCrossEntropy' || loss.name === 'categoricalCrossentropy';
  if (crossEntropy && classNumbers && output.length === 2 && output[1] !== 1)
    return oneHot(labels, output[1] ?? 0, place);
  const fitted =
    row.length === 0 && output.at(-1) === 1 ? replace(labels, (y) => tf.reshape(y, [rows, 1])) : labels;
  if (!fits(fitted.shape, output)) throw misfit(labels.shape, output, place);
  return asFloat(fitted);
}

/** One class number for each prediction, as sparseCategoricalCrossentropy takes them: [rows, 1]. */
function classes(labels: tf.Tensor, output: readonly (number | null)[], place: string): tf.Tensor {
  const places = [...output.slice(0, -1), 1];
  if (labels.rank === places.length - 1)
    return classes(
      replace(labels, (y) => tf.expandDims(y, -1)),
      output,
      place,
    );
  if (!fits(labels.shape, places))
    throw new RangeError(
      `${place} must hold one class number a row (${show(places)}), got ${show(labels.shape)}: ` +
        'for one-hot labels take categoricalCrossentropy',
    );
  checkClasses(labels, output.at(-1) ?? 0, place);
  return labels;
}

function oneHot(labels: tf.Tensor, count: number, place: string): tf.Tensor {
  checkClasses(labels, count, place);
  return replace(labels, (y) => tf.cast(tf.oneHot(tf.cast(tf.reshape(y, [-1]), 'int32'), count), 'float32'));
}

function checkClasses(labels: tf.Tensor, count: number, place: string): void {
  const wrong = labels.dataSync().find((y: number) => !Number.isInteger(y) || y < 0 || y >= count);
  if (wrong === undefined) return;
  throw new RangeError(
    `${place} must hold class numbers from 0 to ${count - 1} (the model's outputs), got ${wrong}`,
  );
}

/** Layers compute in float32; disposes what it converts. */
export function asFloat(tensor: tf.Tensor): tf.Tensor {
  return tensor.dtype === 'float32' ? tensor : replace(tensor, (numbers) => tf.cast(numbers, 'float32'));
}

/** The shape without rows matches, where the model knows it. */
export function fits(shape: readonly number[], wanted: readonly (number | null)[]): boolean {
  if (shape.length !== wanted.length) return false;
  return shape.every((side, i) => i === 0 || wanted[i] === null || wanted[i] === side);
}

function misfit(shape: readonly number[], wanted: readonly (number | null)[], place: string): RangeError {
  return new RangeError(
    `${place} must have the shape ${show(wanted)} of the model's output, got ${show(shape)}`,
  );
}

function replace(tensor: tf.Tensor, change: (tensor: tf.Tensor) => tf.Tensor): tf.Tensor {
  const changed = tf.tidy(() => change(tensor));
  tensor.dispose();
  return changed;
}
