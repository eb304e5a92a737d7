import { type AnalyticLoss, analyticLoss } from './analyticLoss';
import { checkPositive } from './check';

/**
 * Rosenbrock's banana: L(w) = (1 − w₁)² + steepness·(w₂ − w₁²)², a curved narrow valley with its minimum at (1, 1)
 * (doi:10.1093/comjnl/3.3.175).
 *
 * @param options.steepness Of the valley's walls; 100 by default, Rosenbrock's own.
 * @throws RangeError when steepness is not a finite number > 0.
 * @example
 * ```ts
 * import { analytic } from 'losslab';
 * console.log(await analytic.rosenbrock().value(Float64Array.of(1, 1))); // 0
 * ```
 */
export function rosenbrock(options: { steepness?: number } = {}): AnalyticLoss {
  const steepness = checkPositive('steepness', options.steepness ?? 100);
  return analyticLoss({
    name: 'rosenbrock',
    formula: `(1 − w₁)² + ${steepness}(w₂ − w₁²)²`,
    start: [-1.2, 1],
    domain: [
      [-2, 2],
      [-1, 3],
    ],
    value: ([x, y]) => (1 - x!) ** 2 + steepness * (y! - x! ** 2) ** 2,
    gradient: ([x, y]) => {
      const bend = y! - x! ** 2;
      return [-2 * (1 - x!) - 4 * steepness * bend * x!, 2 * steepness * bend];
    },
    hessian: ([x, y]) => [
      [2 + steepness * (12 * x! ** 2 - 4 * y!), -4 * steepness * x!],
      [-4 * steepness * x!, 2 * steepness],
    ],
  });
}
