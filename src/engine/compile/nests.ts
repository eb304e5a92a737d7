import type { tf } from '../backend';

// What compile() makes of the types of a function's arguments and results.

/** The same nest as arguments of a `float64` function: doubles, and tensors of whole numbers or truth values. */
export type Given<T> = T extends tf.Tensor
  ? Float64Array | tf.Tensor
  : T extends readonly unknown[] | Record<string, unknown>
    ? { [K in keyof T]: Given<T[K]> }
    : T;

/** The same nest with typed arrays in the place of tensors, as `arrays` has them. */
export type Arrays<T> = T extends tf.Tensor
  ? Float32Array | Int32Array | Uint8Array
  : T extends readonly unknown[] | Record<string, unknown>
    ? { [K in keyof T]: Arrays<T[K]> }
    : T;

/** The same nest with Float64Arrays in the place of tensors. */
export type Doubles<T> = T extends tf.Tensor
  ? Float64Array
  : T extends readonly unknown[] | Record<string, unknown>
    ? { [K in keyof T]: Doubles<T[K]> }
    : T;
