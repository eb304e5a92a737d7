import { difference, dot, moved, norm, scaled } from '../directions/arithmetic';
import type { Batch, Loss } from '../loss';
import type { Random } from '../random';
import type { Vector } from '../vector';

/** A perturbation ε (float64) and the loss at θ + ε. */
export interface Perturbed {
  epsilon: Float64Array;
  loss: number;
}

/** The point θ whose ball is searched. */
export interface Center {
  loss: Loss;
  theta: Vector;
  batch: Batch | undefined;
}

/** A perturbation with the gradient at θ + ε. */
interface Seen extends Perturbed {
  gradient: Vector;
}

/**
 * Projected ascent on the sphere of radius ρ: ε ← ρ·g/‖g‖ with g the gradient at θ + ε, the worst point of the sphere for
 * the loss made linear there. From ε = 0 the first step is SAM's own (arXiv 2010.01412, equation 2); at a quadratic's
 * minimum the steps are a power iteration.
 *
 * Where the Hessian has a large negative eigenvalue that iteration jumps to and fro. So a step is taken back when the loss
 * rises by less than half of what g promised (Armijo's rule), and half the way is tried: close by, g keeps its word.
 *
 * Returns the worst point it met, the start among them. It stops where the gradient vanishes or is not finite.
 * `tick` is called after each step.
 */
export async function ascend(
  center: Center,
  rho: number,
  steps: number,
  start: Float64Array,
  tick: () => Promise<void>,
): Promise<Perturbed> {
  let here = await look(center, start);
  let worst = worse({ epsilon: start, loss: Number.NEGATIVE_INFINITY }, here);
  let stride = 1;
  for (let step = 0; step < steps; step++) {
    const target = toSphere(here.gradient, rho);
    const next = target && toSphere(moved(scaled(here.epsilon, 1 - stride), [target], [stride]), rho);
    if (next === undefined) return worst;
    const there = await look(center, next);
    worst = worse(worst, there);
    const kept = keepsItsWord(here, there);
    if (kept) here = there;
    stride = kept ? Math.min(1, 2 * stride) : stride / 2;
    await tick();
  }
  return worst;
}

/** From ε = 0 every step is taken: there is no half way to the sphere. */
function keepsItsWord(here: Seen, there: Seen): boolean {
  const promised = dot(here.gradient, difference(there.epsilon, here.epsilon));
  return norm(here.epsilon) === 0 || there.loss - here.loss >= 0.5 * promised;
}

async function look({ loss, theta, batch }: Center, epsilon: Float64Array): Promise<Seen> {
  const { value, gradient } = await loss.gradient(moved(theta, [epsilon], [1]), batch);
  return { epsilon, loss: value, gradient };
}

/** SAM's perturbation ρ·g/‖g‖ and its loss, lower or not; ε = 0 where the gradient vanishes. */
export async function oneStep(center: Center, rho: number, gradient: Vector): Promise<Perturbed> {
  const { loss, theta, batch } = center;
  const epsilon = toSphere(gradient, rho) ?? new Float64Array(theta.length);
  return { epsilon, loss: await loss.value(moved(theta, [epsilon], [1]), batch) };
}

/** A loss that is not a number counts as infinite: nothing in the ball is worse. */
export function worse(a: Perturbed, b: Perturbed): Perturbed {
  const loss = Number.isNaN(b.loss) ? Number.POSITIVE_INFINITY : b.loss;
  return loss > a.loss ? { epsilon: b.epsilon, loss } : a;
}

/** v scaled to length ρ; undefined when v has no direction. */
export function toSphere(v: Vector, rho: number): Float64Array | undefined {
  const length = norm(v);
  return length > 0 && Number.isFinite(length) ? scaled(v, rho / length) : undefined;
}

/**
 * Where the ascents start: the first at ε = 0, as SAM does, the others at random points of the sphere. Where the gradient
 * at θ vanishes, nothing moves from ε = 0, and the first start is random too.
 */
export function startsOf(random: Random, gradient: Vector, rho: number, starts: number): Float64Array[] {
  const still = norm(gradient) === 0;
  return Array.from({ length: starts }, (_, start) => {
    const zero = new Float64Array(gradient.length);
    return start === 0 && !still ? zero : (toSphere(random.gaussians(zero.length), rho) ?? zero);
  });
}
