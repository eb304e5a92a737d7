import { type AnalyticLoss, analyticLoss } from './analyticLoss';
import { checkPositive } from './check';

/**
 * A sharp and a wide minimum of equal depth, side by side: L = q₁q₂/(q₁ + q₂) with the bowls
 * q₁ = ½·sharp·‖w − (−1, 0)‖² and q₂ = ½·wide·‖w − (1, 0)‖².
 *
 * Where one bowl is 0, L is 0 and its Hessian is that bowl's, exactly: both eigenvalues are `sharp` at (−1, 0) and
 * `wide` at (1, 0).
 *
 * @param options.sharp Curvature of the minimum at (−1, 0); 20 by default: gradient descent leaves it for η > 0.1.
 * @param options.wide Curvature of the minimum at (1, 0); 1 by default.
 * @throws RangeError when a curvature is not a finite number > 0.
 * @example
 * ```ts
 * import { analytic } from 'losslab';
 * const loss = analytic.twoMinima();
 * console.log(loss.eigenvalues(Float64Array.of(-1, 0)), loss.eigenvalues(Float64Array.of(1, 0))); // [ 20, 20 ] [ 1, 1 ]
 * ```
 */
export function twoMinima(options: { sharp?: number; wide?: number } = {}): AnalyticLoss {
  const first = bowl(checkPositive('sharp', options.sharp ?? 20), -1);
  const second = bowl(checkPositive('wide', options.wide ?? 1), 1);
  return analyticLoss({
    name: 'twoMinima',
    formula: `q₁q₂/(q₁ + q₂), q₁ = ${first.curvature / 2}‖w + (1, 0)‖², q₂ = ${second.curvature / 2}‖w − (1, 0)‖²`,
    start: [-1.2, 0.6],
    domain: [
      [-2, 2],
      [-2, 2],
    ],
    value: (w) => (first.value(w) * second.value(w)) / (first.value(w) + second.value(w)),
    gradient: (w) => {
      const [toFirst, toSecond] = shares(w);
      const [g1, g2] = [first.gradient(w), second.gradient(w)];
      return w.map((_, i) => toFirst ** 2 * g1[i]! + toSecond ** 2 * g2[i]!);
    },
    hessian: (w) => {
      const [toFirst, toSecond] = shares(w);
      const [g1, g2] = [first.gradient(w), second.gradient(w)];
      const sum = first.value(w) + second.value(w);
      const bowls = toFirst ** 2 * first.curvature + toSecond ** 2 * second.curvature;
      // ∂²L/∂q² is −2 u uᵀ/(q₁ + q₂) with u = (q₂, −q₁)/(q₁ + q₂): what turns one bowl into the other.
      const turn = w.map((_, i) => toFirst * g1[i]! - toSecond * g2[i]!);
      return w.map((_, i) => w.map((_, j) => (i === j ? bowls : 0) - (2 * turn[i]! * turn[j]!) / sum));
    },
  });

  /** q₂/(q₁+q₂) and q₁/(q₁+q₂): their squares are ∂L/∂q₁ and ∂L/∂q₂. */
  function shares(w: number[]): [number, number] {
    const sum = first.value(w) + second.value(w);
    return [second.value(w) / sum, first.value(w) / sum];
  }
}

/** ½·curvature·‖w − (center, 0)‖². */
function bowl(curvature: number, center: number) {
  return {
    curvature,
    value: ([x, y]: number[]): number => 0.5 * curvature * ((x! - center) ** 2 + y! ** 2),
    gradient: ([x, y]: number[]): [number, number] => [curvature * (x! - center), curvature * y!],
  };
}
