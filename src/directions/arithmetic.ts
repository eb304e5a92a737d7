import type { Loss } from '../loss';
import type { Vector } from '../vector';

// Sums run in float64, whatever the vectors hold. Loops, because `Float64Array.from(v, …)` takes ten times as long.

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export function norm(v: Vector): number {
  return Math.sqrt(dot(v, v));
}

/** a − b, in float64. */
export function difference(a: Vector, b: Vector): Float64Array {
  const result = new Float64Array(a);
  for (let i = 0; i < result.length; i++) result[i]! -= b[i]!;
  return result;
}

/** factor · v, in float64. */
export function scaled(v: Vector, factor: number): Float64Array {
  const result = new Float64Array(v);
  for (let i = 0; i < result.length; i++) result[i]! *= factor;
  return result;
}

/** θ + Σ coefficientᵢ · directionᵢ, rounded once, to the array type of θ. */
export function moved<A extends Vector>(
  theta: A,
  directions: readonly Vector[],
  coefficients: readonly number[],
): A {
  const point = theta.slice() as A;
  for (let i = 0; i < point.length; i++) {
    let x = theta[i]!;
    for (let d = 0; d < directions.length; d++) x += coefficients[d]! * directions[d]![i]!;
    point[i] = x;
  }
  return point;
}

/** A copy of v in the array type of the loss: what losslab returns of a loss compiles without a cast. */
export function inTypeOf<A extends Vector>(loss: Loss<A>, v: ArrayLike<number>): A {
  const vector = loss.params() as Vector;
  vector.set(v);
  return vector as A;
}
