import { type AnalyticLoss, analyticLoss } from './analyticLoss';
import { checkPositive } from './check';

/**
 * A saddle with three ways down (two legs and a tail): L(w) = w₁³ − 3w₁w₂² + ¾·wall·(w₁² + w₂²)².
 *
 * The origin is degenerate: gradient and Hessian vanish there, so that second order cannot tell it from a minimum.
 * Three minima lie 1/wall from it.
 *
 * @param options.wall How fast the ways down end; 1 by default puts the minima at distance 1. 0 leaves the plain
 *   surface, on which a run goes on for ever.
 * @throws RangeError when wall is negative or not finite.
 * @example
 * ```ts
 * import { analytic } from 'losslab';
 * const loss = analytic.monkeySaddle();
 * console.log(loss.eigenvalues(Float64Array.of(0, 0)), loss.eigenvalues(Float64Array.of(-1, 0))); // [ 0, 0 ] [ 3, 9 ]
 * ```
 */
export function monkeySaddle(options: { wall?: number } = {}): AnalyticLoss {
  const wall = checkPositive('wall', options.wall ?? 1, { zero: true });
  return analyticLoss({
    name: 'monkeySaddle',
    formula: wall === 0 ? 'w₁³ − 3w₁w₂²' : `w₁³ − 3w₁w₂² + ${0.75 * wall} (w₁² + w₂²)²`,
    start: [0.9, 0.05],
    domain: [
      [-1.5, 1.5],
      [-1.5, 1.5],
    ],
    value: ([x, y]) => x! ** 3 - 3 * x! * y! ** 2 + 0.75 * wall * (x! ** 2 + y! ** 2) ** 2,
    gradient: ([x, y]) => {
      const r2 = x! ** 2 + y! ** 2;
      return [3 * x! ** 2 - 3 * y! ** 2 + 3 * wall * r2 * x!, -6 * x! * y! + 3 * wall * r2 * y!];
    },
    hessian: ([x, y]) => {
      const r2 = x! ** 2 + y! ** 2;
      const mixed = -6 * y! + 6 * wall * x! * y!;
      return [
        [6 * x! + 3 * wall * (r2 + 2 * x! ** 2), mixed],
        [mixed, -6 * x! + 3 * wall * (r2 + 2 * y! ** 2)],
      ];
    },
  });
}
