import { type AnalyticLoss, analyticLoss } from './analyticLoss';

/**
 * The smallest deep linear network: L(w) = ½(1 − w₁w₂)², one weight after the other fitting the number 1.
 *
 * Every point of the hyperbola w₁w₂ = 1 is a minimum, with eigenvalues 0 (along it) and w₁² + w₂² (across): equally
 * good solutions of different sharpness, the flattest at ±(1, 1). The origin is a saddle with eigenvalues −1 and 1.
 *
 * @example
 * ```ts
 * import { analytic } from 'losslab';
 * const loss = analytic.scalarFactorization();
 * console.log(loss.eigenvalues(Float64Array.of(2, 0.5))); // [ 0, 4.25 ]
 * ```
 */
export function scalarFactorization(): AnalyticLoss {
  return analyticLoss({
    name: 'scalarFactorization',
    formula: '½(1 − w₁w₂)²',
    start: [2.2, 0.1],
    domain: [
      [-2.5, 2.5],
      [-2.5, 2.5],
    ],
    value: ([x, y]) => 0.5 * (1 - x! * y!) ** 2,
    gradient: ([x, y]) => {
      const residual = x! * y! - 1;
      return [residual * y!, residual * x!];
    },
    hessian: ([x, y]) => {
      const mixed = 2 * x! * y! - 1;
      return [
        [y! ** 2, mixed],
        [mixed, x! ** 2],
      ];
    },
  });
}
