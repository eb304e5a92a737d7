import { type AnalyticLoss, analyticLoss } from './analyticLoss';

const TARGETS = [1.5, 2.25, 2.625];

/**
 * Beale's function: L(w) = Σₖ (cₖ − w₁(1 − w₂ᵏ))² for k = 1, 2, 3 and c = (1.5, 2.25, 2.625): steep walls, flat valleys, a minimum
 * at (3, 0.5) and a saddle at (0, 1) (Moré, Garbow and Hillstrom, doi:10.1145/355934.355936, problem 5).
 *
 * @example
 * ```ts
 * import { analytic } from 'losslab';
 * console.log(await analytic.beale().value(Float64Array.of(3, 0.5))); // 0
 * ```
 */
export function beale(): AnalyticLoss {
  return analyticLoss({
    name: 'beale',
    formula: '(1.5 − w₁(1 − w₂))² + (2.25 − w₁(1 − w₂²))² + (2.625 − w₁(1 − w₂³))²',
    start: [1, 1.2],
    domain: [
      [-0.5, 4.5],
      [-2.5, 2.5],
    ],
    value: (w) => residuals(w).reduce((sum, { r }) => sum + r ** 2, 0),
    gradient: (w) =>
      residuals(w).reduce<[number, number]>(
        (g, { r, rx, ry }) => [g[0] + 2 * r * rx, g[1] + 2 * r * ry],
        [0, 0],
      ),
    hessian: (w) => {
      let [xx, xy, yy] = [0, 0, 0];
      for (const { r, rx, ry, rxy, ryy } of residuals(w)) {
        xx += 2 * rx * rx;
        xy += 2 * (rx * ry + r * rxy);
        yy += 2 * (ry * ry + r * ryy);
      }
      return [
        [xx, xy],
        [xy, yy],
      ];
    },
  });
}

/** rₖ = cₖ − x(1 − yᵏ) and its derivatives (that by x twice is 0). */
function residuals([x, y]: number[]) {
  return TARGETS.map((target, i) => {
    const k = i + 1;
    return {
      r: target - x! * (1 - y! ** k),
      rx: y! ** k - 1,
      ry: k * x! * y! ** (k - 1),
      rxy: k * y! ** (k - 1),
      ryy: k === 1 ? 0 : k * (k - 1) * x! * y! ** (k - 2),
    };
  });
}
