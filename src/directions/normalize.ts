import type { Loss } from '../loss';
import { checkOptions } from '../options';
import { checkPoint, type Param, view } from '../params';
import type { Vector } from '../vector';
import { inTypeOf } from './arithmetic';

export interface Normalization {
  /** `filter`, the default and the choice of Li et al.; `layer`; or `weight`. */
  by?: 'filter' | 'layer' | 'weight';
  /** `zero`, the default and the choice of Li et al.: biases and norm parameters stay where they are; or `scale`. */
  biases?: 'zero' | 'scale';
}

/**
 * Scales a direction to the weights it moves, so that slices of different networks can be compared although a
 * network with ReLU computes the same with its weights scaled up in one layer and down in the next.
 *
 * filter: each filter d_f (the last axis of a kernel) becomes d_f·‖θ_f‖/‖d_f‖; layer: the same for whole tensors; weight: each
 * number is multiplied by |θᵢ| (arXiv 1712.09913, section 4, and its code).
 *
 * @param loss Whose `layout` says where the filters lie.
 * @param theta The weights to be in scale with; `loss.dim` numbers.
 * @param direction The direction to scale; `loss.dim` numbers. It is not changed.
 * @param options.biases What becomes of tensors of rank ≤ 1: `zero` (Li et al.), or `scale` as one filter each.
 * @throws RangeError when theta or direction has the wrong length or is not finite, or `by` or `biases` is none of those
 *   named; TypeError for unknown options.
 * @example
 * ```ts
 * import { analytic, normalizeDirection, randomDirection } from 'losslab';
 * const loss = analytic.rosenbrock();
 * const direction = normalizeDirection(loss, loss.params(), randomDirection(loss), { by: 'layer', biases: 'scale' });
 * ```
 */
export function normalizeDirection<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  direction: Vector,
  options: Normalization = {},
): A {
  checkOptions(options, ['by', 'biases']);
  const { by = 'filter', biases = 'zero' } = options;
  checkOneOf('by', by, ['filter', 'layer', 'weight']);
  checkOneOf('biases', biases, ['zero', 'scale']);
  checkPoint(loss.layout, theta);
  checkPoint(loss.layout, direction, 'direction');
  const result = inTypeOf(loss, direction);
  for (const param of loss.layout.params) {
    const [d, w] = [view<Vector>(result, param), view(theta, param)];
    if (param.role === 'bias' && biases === 'zero') d.fill(0);
    else if (by === 'weight') scaleWeights(d, w);
    else scaleFilters(d, w, by === 'filter' ? filters(param) : 1);
  }
  return result;
}

function scaleWeights(d: Vector, w: Vector): void {
  for (let i = 0; i < d.length; i++) d[i]! *= Math.abs(w[i]!);
}

/** How many filters a tensor has: a kernel as many as its last axis is long; a bias counts as one. */
function filters({ role, shape }: Param): number {
  return role === 'kernel' ? shape[shape.length - 1]! : 1;
}

/** Gives filter f, which is every `count`-th number from the f-th on, the norm it has in w. One of norm 0 stays 0. */
function scaleFilters(d: Vector, w: Vector, count: number): void {
  for (let f = 0; f < count; f++) {
    let [dd, ww] = [0, 0];
    for (let i = f; i < d.length; i += count) {
      dd += d[i]! ** 2;
      ww += w[i]! ** 2;
    }
    const factor = dd === 0 ? 0 : Math.sqrt(ww / dd);
    for (let i = f; i < d.length; i += count) d[i]! *= factor;
  }
}

function checkOneOf(name: string, value: string, allowed: string[]): void {
  if (allowed.includes(value)) return;
  throw new RangeError(`${name} must be one of ${allowed.join(', ')}, got ${value}`);
}
