import { tf } from '../engine';
import { kindOf } from '../params';

/** Data as a user has it: a tensor, nested arrays, or a typed array (flat, or one for each row). */
export type Data = tf.Tensor | tf.TensorLike | readonly ArrayLike<number>[];

/**
 * The data as a tensor of our own, which later changes to the user's tensor or array do not reach.
 * A flat typed array takes the shape of one row from `row`.
 * @throws RangeError for ragged arrays, no rows, and numbers that are not finite.
 */
export function ownTensor(data: Data, name: string, row?: readonly (number | null)[]): tf.Tensor {
  const { values, shape } = readData(data, name, row);
  const rows = shape[0];
  if (rows === undefined || rows === 0)
    throw new RangeError(`${name} must have at least one row, got ${show(shape)}`);
  checkFinite(values, shape, name);
  return tf.tensor(values, shape, values instanceof Int32Array ? 'int32' : 'float32');
}

interface Plain {
  values: Float32Array | Int32Array;
  shape: number[];
}

function readData(data: Data, name: string, row?: readonly (number | null)[]): Plain {
  if (data instanceof tf.Tensor) return readTensor(data, name);
  if (ArrayBuffer.isView(data)) return shapeFlat(copyFlat(data), name, row);
  if (!Array.isArray(data)) throw new TypeError(`${name} must be a tensor or an array, got ${kindOf(data)}`);
  const rows = data.map((part) => (part instanceof Float64Array ? Float32Array.from(part) : part));
  checkRegular(rows, name);
  const tensor = tf.tensor(rows as tf.TensorLike, undefined, 'float32');
  const plain = readTensor(tensor, name);
  tensor.dispose();
  return plain;
}

/** TensorFlow.js looks at the first row only. */
function checkRegular(rows: readonly unknown[], name: string): void {
  const lengths = rows.map((row) => (isList(row) ? row.length : 0));
  const other = lengths.find((length) => length !== lengths[0]);
  if (other !== undefined)
    throw new RangeError(`${name} must have equally long rows, got ${lengths[0]} and ${other}`);
  for (const row of rows) {
    if (Array.isArray(row)) checkRegular(row, name);
    else if (!isList(row) && typeof row !== 'number' && typeof row !== 'boolean')
      throw new TypeError(`${name} must hold numbers, got ${kindOf(row)}`);
  }
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function readTensor(tensor: tf.Tensor, name: string): Plain {
  if (tensor.isDisposed) throw new TypeError(`${name} must be a live tensor, got one that was disposed`);
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'int32' && tensor.dtype !== 'bool')
    throw new TypeError(`${name} must hold numbers, got dtype ${tensor.dtype}`);
  const values = tensor.dataSync();
  // A copy: the memory of a tensor can be the user's own array.
  const own = tensor.dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
  return { values: own, shape: tensor.shape };
}

function copyFlat(data: ArrayBufferView): Plain['values'] {
  return data instanceof Int32Array ? Int32Array.from(data) : Float32Array.from(data as Float32Array);
}

function shapeFlat(values: Plain['values'], name: string, row?: readonly (number | null)[]): Plain {
  if (row === undefined || row.some((side) => side === null)) return { values, shape: [values.length] };
  const sides = row as number[];
  const size = sides.reduce((product, side) => product * side, 1);
  if (values.length % size !== 0)
    throw new RangeError(`${name} must have rows of ${size} numbers, got ${values.length} numbers in all`);
  return { values, shape: [values.length / size, ...sides] };
}

function checkFinite(values: Float32Array | Int32Array, shape: number[], name: string): void {
  const bad = values.findIndex((x: number) => !Number.isFinite(x));
  if (bad < 0) return;
  const row = Math.floor(bad / (values.length / (shape[0] as number)));
  throw new RangeError(`${name} must hold finite numbers, got ${values[bad]} in row ${row}`);
}

/** A shape in an error message, such as [null, 64]. */
export function show(shape: readonly (number | null)[]): string {
  return `[${shape.map(String).join(', ')}]`;
}
