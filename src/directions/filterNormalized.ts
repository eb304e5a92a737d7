import type { Loss } from '../loss';
import { checkOptions } from '../options';
import { checkPoint } from '../params';
import { randomFrom } from '../random';
import type { Vector } from '../vector';
import { norm } from './arithmetic';
import { type Normalization, normalizeDirection } from './normalize';
import type { Directions } from './types';

const AXES = ['α', 'β'];

/**
 * Random directions in scale with the weights: Gaussian, each filter scaled to the norm of the weights' filter.
 * The default plane of a slice (arXiv 1712.09913). They are drawn independently, not made orthogonal: in many
 * dimensions they almost are.
 *
 * @param loss Whose parameter space they lie in.
 * @param theta The weights to be in scale with; `loss.dim` numbers. One unit of α is as long as the weights.
 * @param options.seed The same seed gives the same directions on every backend; 0 by default.
 * @param options.count How many; 2 by default, the plane of `lossSlice2D`.
 * @param options.biases `zero` by default, as in the paper; `scale` lets biases move too.
 * @throws TypeError for unknown options; RangeError when theta has the wrong length or is not finite, and when nothing is left to move because all weights are
 *   biases or 0.
 * @example
 * ```ts
 * import { analytic, filterNormalized, lossSlice2D } from 'losslab';
 * const loss = analytic.rosenbrock();
 * const theta = loss.params();
 * const plane = await lossSlice2D(loss, theta, { directions: filterNormalized(loss, theta, { seed: 1, biases: 'scale' }) });
 * ```
 */
export function filterNormalized<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  options: { seed?: number; count?: number; biases?: NonNullable<Normalization['biases']> } = {},
): Directions<A> {
  checkOptions(options, ['seed', 'count', 'biases']);
  const { seed = 0, count = 2, biases = 'zero' } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`count must be a whole number >= 1, got ${count}`);
  checkPoint(loss.layout, theta);
  const random = randomFrom(seed);
  const vectors = Array.from({ length: count }, () =>
    normalizeDirection(loss, theta, random.gaussians(loss.dim), { by: 'filter', biases }),
  );
  checkMoves(vectors[0]!, loss);
  return {
    vectors,
    description: `random, filter-normalised, ${biases === 'scale' ? 'with biases, ' : ''}seed ${seed}`,
    labels: vectors.map((_, i) => `${AXES[i] ?? `direction ${i + 1}`} (random direction, filter norms)`),
    seed,
  };
}

function checkMoves(direction: Vector, loss: Loss): void {
  if (norm(direction) > 0) return;
  const kernels = loss.layout.params.some(({ role }) => role === 'kernel');
  throw new RangeError(
    kernels
      ? 'the weights to be in scale with are all 0: use randomDirection'
      : "every parameter counts as a bias (rank <= 1) and biases stay at 0: give biases: 'scale', or use randomDirection",
  );
}
