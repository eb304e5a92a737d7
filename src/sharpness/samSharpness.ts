import type { Batch, Loss } from '../loss';
import { checkOptions } from '../options';
import { type LongWork, longWork, pace } from '../progress';
import { randomFrom } from '../random';
import type { Vector } from '../vector';
import { ascend, type Center, oneStep, startsOf } from './ascent';
import { checkArguments, checkBase, checkRho } from './check';

export interface SharpnessOptions extends LongWork {
  rho?: number;
  steps?: number;
  starts?: number;
  seed?: number;
  /** Rows of the data to measure on; by default all. */
  batch?: Batch;
}

const OPTIONS = ['rho', 'steps', 'starts', 'seed', 'batch', 'onProgress', 'signal'] as const;

export interface Sharpness {
  /** worst − base. */
  sharpness: number;
  rho: number;
  steps: number;
  starts: number;
  seed: number;
  /** The loss at θ. */
  base: number;
  /** The largest loss found in the ball. */
  worst: number;
  /** The sharpness each start found: how far they agree says how far to trust the largest. */
  perStart: number[];
  /** What was measured, for a caption. */
  label: 'worst case in the ball' | 'one-step (SAM proxy)';
}

/**
 * How much the loss can rise near θ: max over ‖ε‖ ≤ ρ of L(θ + ε) − L(θ), the term SAM adds to the loss (arXiv 2010.01412,
 * equation 1), found by projected ascent ε ← ρ·g(θ + ε)/‖g(θ + ε)‖ from several starts;
 * a step after which the loss has not risen as the gradient promised is halved.
 *
 * At a quadratic minimum it is ρ²λmax/2. What ascent finds is a lower bound of the maximum.
 *
 * @param loss The loss; the model behind it is not moved.
 * @param theta The point in question; `loss.dim` numbers.
 * @param options.rho Radius of the ball, in units of θ; 0.05 by default, SAM's own (arXiv 2010.01412).
 * @param options.steps Ascent steps of each start; 20 by default: one step ranks minima wrongly now and then. `steps: 1` is
 *   SAM's own proxy L(θ + ρ·g/‖g‖) − L(θ), taken as it is: from one start, negative where the loss falls.
 * @param options.starts 3 by default: the first at ε = 0, as SAM starts, the others at random on the sphere.
 * @param options.seed Of the random starts; 0 by default.
 * @param options.batch Rows to measure on; by default the whole data.
 * @param options.onProgress Called with `{ done, total }` steps.
 * @param options.signal Aborts: the AbortError's `partial` is the result of the starts done so far.
 * @throws RangeError when rho is negative or not finite, theta has the wrong length, or the loss at θ is not finite.
 * @example
 * ```ts
 * import { analytic, samSharpness } from 'losslab';
 * const { sharpness } = await samSharpness(analytic.quadratic([4, 2, 1]), new Float64Array(3), { rho: 0.1 });
 * console.log(sharpness); // 0.02 = 0.1² · 4 / 2
 * ```
 */
export async function samSharpness(
  loss: Loss,
  theta: Vector,
  options: SharpnessOptions = {},
): Promise<Sharpness> {
  checkOptions(options, OPTIONS);
  const { rho = 0.05, steps = 20, starts = 3, seed = 0, batch } = options;
  checkRho(rho);
  checkArguments(loss, theta, { steps, starts, seed });
  const center: Center = { loss, theta, batch };
  const { value: base, gradient } = await loss.gradient(theta, batch);
  checkBase(base);
  const result = (losses: number[]): Sharpness => summary(losses, base, { rho, steps, starts, seed });
  if (steps === 1) return result([(await oneStep(center, rho, gradient)).loss]);
  return longWork({ label: 'samSharpness', total: starts * steps }, options, async (work) => {
    const losses: number[] = [];
    const step = pace(work, starts * steps, () => result(losses));
    for (const start of startsOf(randomFrom(seed), gradient, rho, starts)) {
      let done = losses.length * steps;
      const found = await ascend(center, rho, steps, start, () => step(++done));
      losses.push(Math.max(found.loss, base));
    }
    return result(losses);
  });
}

type Settings = Pick<Sharpness, 'rho' | 'steps' | 'starts' | 'seed'>;

function summary(losses: number[], base: number, settings: Settings): Sharpness {
  const worst = losses.length === 0 ? base : Math.max(...losses);
  return {
    ...settings,
    sharpness: worst - base,
    starts: losses.length,
    base,
    worst,
    perStart: losses.map((found) => found - base),
    label: settings.steps === 1 ? 'one-step (SAM proxy)' : 'worst case in the ball',
  };
}
