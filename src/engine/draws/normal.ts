import { tf } from '../backend';
import { derivedSeed } from './seed';
import { statelessUniform, untaped } from './uniform';

/**
 * Standard normal numbers that depend on `seed` and nothing else; on every backend the same to rounding.
 *
 * Box–Muller, √(−2 ln(1 − u))·cos 2πv, of two uniform draws; with their 23 bits none exceeds 5.65 in size.
 *
 * @param shape the shape of the result, float32.
 * @param seed two int32 numbers, shape [2].
 * @throws TypeError when the seed has another type or shape.
 * @see Box and Muller 1958, doi:10.1214/aoms/1177706645
 * @example
 * ```ts
 * const z = statelessNormal([2, 3], tf.tensor1d([1, 2], 'int32'));
 * ```
 */
export function statelessNormal(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  return quietly(() => {
    const u = statelessUniform(shape, seed);
    const v = statelessUniform(shape, derivedSeed(seed, 0, 1));
    // 1 − u lies in (0, 1]: its logarithm is finite.
    const radius = tf.sqrt(tf.mul(tf.log(tf.sub(1, u)), -2));
    return tf.mul(radius, tf.cos(tf.mul(v, 2 * Math.PI)));
  });
}

/** P(|z| < 2), erf √2: where a normal number is cut off. */
const WITHIN_TWO = 0.954499736103642;
/** erf⁻¹(x)/x as a polynomial in −ln(1 − x²) − 2.5, highest power first: Giles 2010, its central branch (< 5). */
const INVERSE_ERF = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 2.1858087e-4, -1.25372503e-3, -4.17768164e-3,
  0.246640727, 1.50140941,
];

/**
 * Standard normal numbers given that they lie within two standard deviations, by the inverse of their distribution
 * function: z = √2·erf⁻¹(x), x uniform within ± erf √2. No rejection, so one draw makes one number.
 *
 * @see Giles 2010, "Approximating the erfinv function", GPU Computing Gems 2, chapter 10
 */
export function statelessTruncatedNormal(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  return quietly(() => {
    const x = tf.mul(tf.sub(statelessUniform(shape, seed), HALF), 2 * WITHIN_TWO);
    const w = tf.sub(tf.neg(tf.log(tf.sub(1, tf.square(x)))), 2.5);
    const ratio = INVERSE_ERF.reduce<tf.Tensor>(
      (sum, coefficient) => tf.add(tf.mul(sum, w), coefficient),
      tf.scalar(0),
    );
    return tf.mul(tf.mul(ratio, x), Math.SQRT2);
  });
}

/** The middle of the 2²³ values a uniform draw can take. */
const HALF = 0.5 - 2 ** -24;

function quietly(run: () => tf.Tensor): tf.Tensor {
  return untaped(() => tf.tidy(run));
}
