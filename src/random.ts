import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

/** A source of random numbers that a seed determines. Its draws do not depend on the backend. */
export interface Random {
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number;
  /** A whole number in [0, below), each as likely as the others. */
  below(below: number): number;
  /** Standard Gaussian numbers (mean 0, variance 1). */
  gaussians(length: number): Float64Array;
  /** 0 … length − 1 in random order. */
  permutation(length: number): number[];
}

/** A Mersenne twister: its 32-bit seed is spread over the whole state, so that neighbouring seeds share nothing. */
export function randomFrom(seed: number): Random {
  checkSeed(seed);
  const generator = mersenne(seed);
  const uniform = (): number => uniformFloat64(generator);
  const below = (limit: number): number => uniformInt(generator, 0, limit - 1);
  return {
    uniform,
    below,
    gaussians: (length) => gaussians(uniform, length),
    permutation: (length) => permutation(below, length),
  };
}

/** Throws unless the seed is a whole number of 32 bits: others would silently share the draws of another seed. */
export function checkSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= -(2 ** 31) && seed < 2 ** 32) return;
  throw new RangeError(`seed must be a whole number between -2147483648 and 4294967295, got ${seed}`);
}

/** Box–Muller: r = √(−2 ln u), (r cos 2πv, r sin 2πv) are two independent Gaussian numbers (doi:10.1214/aoms/1177706645). */
function gaussians(uniform: () => number, length: number): Float64Array {
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i += 2) {
    // 1 − u lies in (0, 1]: its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    numbers[i] = radius * Math.cos(angle);
    if (i + 1 < length) numbers[i + 1] = radius * Math.sin(angle);
  }
  return numbers;
}

/** Fisher–Yates: every order is as likely as the others. */
function permutation(below: (limit: number) => number, length: number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
