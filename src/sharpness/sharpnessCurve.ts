import { inTypeOf } from '../directions/arithmetic';
import type { Batch, Loss, LossDescription } from '../loss';
import { checkOptions } from '../options';
import { type LongWork, longWork, pace } from '../progress';
import { randomFrom } from '../random';
import type { Vector } from '../vector';
import { ascend, type Center, oneStep, type Perturbed, startsOf, toSphere, worse } from './ascent';
import { checkArguments, checkBase, checkRho } from './check';

export interface SharpnessCurveOptions extends LongWork {
  rhos?: ArrayLike<number>;
  steps?: number;
  starts?: number;
  seed?: number;
  /** Rows of the data to measure on; by default all. */
  batch?: Batch;
}

const OPTIONS = ['rhos', 'steps', 'starts', 'seed', 'batch', 'onProgress', 'signal'] as const;

/** Sharpness against the radius of the ball. */
export interface SharpnessCurve<A extends Vector = Vector> {
  kind: 'sharpness';
  rho: Float64Array;
  /** The largest of all starts; NaN where an abort came first. */
  sharpness: Float64Array;
  /** The smallest and the largest of the starts. */
  lower: Float64Array;
  upper: Float64Array;
  steps: number;
  starts: number;
  seed: number;
  at: A;
  loss: LossDescription;
}

/** 0.005 … 0.5, evenly on a logarithmic scale, around SAM's own 0.05. */
const RHOS = Array.from({ length: 9 }, (_, i) => Number((0.005 * 10 ** (i / 4)).toPrecision(4)));

/**
 * Sharpness against ρ: for each ρ, max over ‖ε‖ ≤ ρ of L(θ + ε) − L(θ), found as in `samSharpness` (arXiv 2010.01412).
 *
 * It never falls, because a ball holds the smaller ones: each start keeps the worst it has met and goes on from there,
 * scaled to the next sphere; the first starts at ε = 0 each time, as SAM does. (`steps: 1` is SAM's own proxy for each ρ,
 * as it is: it may fall.)
 *
 * @param loss The loss; the model behind it is not moved.
 * @param theta The point in question; `loss.dim` numbers.
 * @param options.rhos Radii in units of θ, ascending; by default nine from 0.005 to 0.5, around SAM's own 0.05.
 * @param options.steps Ascent steps of each start and ρ; 20 by default, as in `samSharpness`.
 * @param options.starts 3 by default: the first at ε = 0, the others at random on the sphere.
 * @param options.seed Of the random starts; 0 by default.
 * @param options.batch Rows to measure on; by default the whole data.
 * @param options.onProgress Called with `{ done, total }` steps.
 * @param options.signal Aborts: the AbortError's `partial` is the curve so far, NaN where it is not measured.
 * @throws RangeError when rhos are not finite, >= 0 and ascending, theta has the wrong length, or the loss at θ is
 *   not finite.
 * @example
 * ```ts
 * import { analytic, sharpnessCurve } from 'losslab';
 * const curve = await sharpnessCurve(analytic.quadratic([4, 1]), new Float64Array(2), { rhos: [0.1, 0.2] });
 * console.log(curve.sharpness); // 0.02, 0.08: ρ² · 4 / 2
 * ```
 */
export async function sharpnessCurve<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  options: SharpnessCurveOptions = {},
): Promise<SharpnessCurve<A>> {
  checkOptions(options, OPTIONS);
  const { steps = 20, starts = 3, seed = 0, batch } = options;
  const rho = Float64Array.from(options.rhos ?? RHOS);
  checkRhos(rho);
  checkArguments(loss, theta, { steps, starts, seed });
  const center: Center = { loss, theta, batch };
  const { value: base, gradient } = await loss.gradient(theta, batch);
  checkBase(base);
  const fresh = startsOf(randomFrom(seed), gradient, 1, steps === 1 ? 1 : starts);
  const curve = emptyCurve(loss, theta, rho, { steps, starts: fresh.length, seed });
  const total = rho.length * fresh.length * steps;
  return longWork({ label: 'sharpnessCurve', total }, options, async (work) => {
    const step = pace(work, total, () => curve);
    let done = 0;
    const tick = (): Promise<void> => step(++done);
    const measure = steps === 1 ? proxy(center, gradient, tick) : worstCase(center, base, fresh, steps, tick);
    for (const [k, radius] of rho.entries()) {
      const rises = (await measure(radius)).map((perturbed) => perturbed - base);
      curve.sharpness[k] = curve.upper[k] = Math.max(...rises);
      curve.lower[k] = Math.min(...rises);
    }
    return curve;
  });
}

/** The losses that the starts find at one radius after the other. */
type Measure = (rho: number) => Promise<number[]>;

function proxy(center: Center, gradient: Vector, tick: () => Promise<void>): Measure {
  return async (rho) => {
    const { loss } = await oneStep(center, rho, gradient);
    await tick();
    return [loss];
  };
}

/** Each start goes on from the worst it has met in the smaller balls, which the larger ball holds too. */
function worstCase(
  center: Center,
  base: number,
  fresh: Float64Array[],
  steps: number,
  tick: () => Promise<void>,
): Measure {
  const worst = fresh.map((epsilon): Perturbed => ({ epsilon, loss: base }));
  return async (rho) => {
    for (const [s, before] of worst.entries()) {
      // The first start is SAM's at every radius.
      const from = s === 0 ? fresh[0]! : before.epsilon;
      const found = await ascend(center, rho, steps, toSphere(from, rho) ?? from, tick);
      worst[s] = worse(before, found);
    }
    return worst.map(({ loss }) => loss);
  };
}

function emptyCurve<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  rho: Float64Array,
  settings: Pick<SharpnessCurve, 'steps' | 'starts' | 'seed'>,
): SharpnessCurve<A> {
  const unknown = (): Float64Array => new Float64Array(rho.length).fill(Number.NaN);
  return {
    kind: 'sharpness',
    rho,
    sharpness: unknown(),
    lower: unknown(),
    upper: unknown(),
    ...settings,
    at: inTypeOf(loss, theta),
    loss: loss.description,
  };
}

function checkRhos(rhos: Float64Array): void {
  if (rhos.length === 0) throw new RangeError('rhos must hold at least one radius, got none');
  rhos.forEach((rho, k) => {
    checkRho(rho);
    if (k > 0 && rho <= rhos[k - 1]!)
      throw new RangeError(`rhos must ascend, got ${rho} after ${rhos[k - 1]}`);
  });
}
