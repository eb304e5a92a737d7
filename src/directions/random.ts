import type { Loss } from '../loss';
import { checkOptions } from '../options';
import { randomFrom } from '../random';
import type { Vector } from '../vector';
import { inTypeOf } from './arithmetic';

/**
 * A random direction: each coordinate drawn from the standard normal distribution, as in Li et al.
 * (arXiv 1712.09913, section 3), biases too. Its length is about √dim; see `filterNormalized` for one that is
 * in scale with the weights.
 *
 * @param loss Whose parameter space it lies in.
 * @param options.seed The same seed gives the same direction on every backend; 0 by default.
 * @returns A vector of `loss.dim` numbers.
 * @throws RangeError when the seed is not a whole number; TypeError for unknown options.
 * @example
 * ```ts
 * import { analytic, randomDirection } from 'losslab';
 * const direction = randomDirection(analytic.saddle(), { seed: 1 });
 * ```
 */
export function randomDirection<A extends Vector>(loss: Loss<A>, options: { seed?: number } = {}): A {
  checkOptions(options, ['seed']);
  return inTypeOf(loss, randomFrom(options.seed ?? 0).gaussians(loss.dim));
}
