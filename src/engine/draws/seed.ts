import { tf } from '../backend';

/** An odd number far from 0 in any small multiple: seeds that count up in their second word do not meet. */
const STRIDE = 0x9e3779b1;

/** The seed of the n-th draw of a run, computed by an operation: a recorded graph takes the run's seed as an input. */
export function derivedSeed(seed: tf.Tensor1D, n: number, part = 0): tf.Tensor1D {
  if (n === 0 && part === 0) return tf.clone(seed);
  return tf.add(seed, tf.tensor1d([Math.imul(part, STRIDE), Math.imul(n, STRIDE)], 'int32')) as tf.Tensor1D;
}

/** Throws unless the seed is a whole number that a double holds exactly. */
export function checkSeedNumber(seed: number): void {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a whole number, got ${seed}`);
}

/** A whole number as a seed tensor: its lower 32 bits, then the upper ones. */
export function seedTensor(seed: number): tf.Tensor1D {
  return tf.tensor1d([seed | 0, Math.floor(seed / 2 ** 32)], 'int32');
}
