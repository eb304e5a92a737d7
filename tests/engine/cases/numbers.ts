import type { Tensor, Tf } from './case';

export type Range = readonly [number, number];

/** Numbers between low and high that float32 holds exactly, the same for the same seed (mulberry32, T. Ettinger). */
export function numbers(count: number, seed: number, [low, high]: Range): Float32Array {
  let state = seed | 0;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return low + (high - low) * (((t ^ (t >>> 14)) >>> 0) / 2 ** 32);
  });
}

export function drawn(tf: Tf, shape: number[], seed: number, range: Range): Tensor {
  return tf.tensor(numbers(tf.util.sizeFromShape(shape), seed, range), shape);
}

/** Whole numbers from 0 up to, not including, `end`. */
export function drawnIntegers(tf: Tf, shape: number[], seed: number, end: number): Tensor {
  const values = numbers(tf.util.sizeFromShape(shape), seed, [0, end]);
  return tf.tensor(Int32Array.from(values, Math.floor), shape, 'int32');
}

/** Rows that are 1 in one column and 0 elsewhere. */
export function drawnOneHot(tf: Tf, rows: number, classes: number, seed: number): Tensor {
  const chosen = Array.from(numbers(rows, seed, [0, classes]), Math.floor);
  return tf.tensor2d(chosen.map((k) => Array.from({ length: classes }, (_, c) => (c === k ? 1 : 0))));
}

/** A seed from a name, so that adding a case leaves the others as they were (FNV-1a). */
export function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash | 0;
}
