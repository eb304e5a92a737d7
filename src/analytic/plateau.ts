import { type AnalyticLoss, analyticLoss } from './analyticLoss';
import { checkPositive } from './check';

/**
 * A wide plateau around one well: L(w) = 1 − exp(−‖w‖²/(2·width²)).
 *
 * Far from the origin the loss is almost 1 and gradient and Hessian almost vanish; the minimum at the origin has both
 * eigenvalues 1/width². Gradient descent stands still out there; a method that divides by the gradient's size does not.
 *
 * @param options.width Radius of the well, in units of w; 1 by default, a third of the way from the start to the origin.
 * @throws RangeError when width is not a finite number > 0.
 * @example
 * ```ts
 * import { analytic } from 'losslab';
 * const loss = analytic.plateau();
 * console.log((await loss.gradient(Float64Array.of(4, 0))).gradient[0], loss.eigenvalues(Float64Array.of(0, 0))); // 0.0013… [ 1, 1 ]
 * ```
 */
export function plateau(options: { width?: number } = {}): AnalyticLoss {
  const width = checkPositive('width', options.width ?? 1);
  const curvature = 1 / width ** 2;
  const well = (w: number[]): number => Math.exp(-0.5 * curvature * (w[0]! ** 2 + w[1]! ** 2));
  const reach = 4 * width;
  return analyticLoss({
    name: 'plateau',
    formula: width === 1 ? '1 − exp(−½‖w‖²)' : `1 − exp(−½‖w‖²/${width}²)`,
    start: [-2.8 * width, 1.4 * width],
    domain: [
      [-reach, reach],
      [-reach, reach],
    ],
    value: (w) => 1 - well(w),
    gradient: (w) => w.map((wi) => curvature * wi * well(w)),
    hessian: (w) =>
      w.map((wi, i) => w.map((wj, j) => curvature * ((i === j ? 1 : 0) - curvature * wi * wj) * well(w))),
  });
}
