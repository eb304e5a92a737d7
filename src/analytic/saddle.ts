import { type AnalyticLoss, analyticLoss } from './analyticLoss';
import { checkPositive } from './check';

/**
 * A saddle between two minima: L(w) = ½(w₁² − w₂²) + ¼·wall·w₂⁴.
 *
 * The origin has the eigenvalues 1 and −1, whatever the wall; the minima lie at (0, ±1/√wall), L = −1/(4·wall).
 *
 * @param options.wall How fast the way down ends; 1 by default puts the minima at w₂ = ±1. 0 leaves the plain
 *   saddle, on which a run goes on for ever.
 * @throws RangeError when wall is negative or not finite.
 * @example
 * ```ts
 * import { analytic } from 'losslab';
 * const loss = analytic.saddle();
 * console.log(loss.eigenvalues(Float64Array.of(0, 0)), loss.eigenvalues(Float64Array.of(0, 1))); // [ -1, 1 ] [ 1, 2 ]
 * ```
 */
export function saddle(options: { wall?: number } = {}): AnalyticLoss {
  const wall = checkPositive('wall', options.wall ?? 1, { zero: true });
  return analyticLoss({
    name: 'saddle',
    formula: wall === 0 ? '½(w₁² − w₂²)' : `½(w₁² − w₂²) + ${wall / 4} w₂⁴`,
    // Almost on the ridge: gradient descent lingers at the saddle before it leaves.
    start: [1.2, 0.01],
    domain: [
      [-1.5, 1.5],
      [-1.5, 1.5],
    ],
    value: ([x, y]) => 0.5 * (x! ** 2 - y! ** 2) + 0.25 * wall * y! ** 4,
    gradient: ([x, y]) => [x!, -y! + wall * y! ** 3],
    hessian: ([, y]) => [
      [1, 0],
      [0, -1 + 3 * wall * y! ** 2],
    ],
  });
}
