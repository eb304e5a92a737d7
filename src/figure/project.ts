import type { PlaneInput, RunInput } from './inputs';

/** A path as it lies in a plane. */
export interface Projection {
  alpha: Float64Array;
  beta: Float64Array;
  /** The share of the path's squared length that the plane keeps, in [0, 1]. */
  kept: number;
}

/**
 * The least-squares coordinates of a run in a plane: (α, β) minimises ‖θ − at − α·d₁ − β·d₂‖ for each recorded θ.
 *
 * `kept` is the share of Σ‖θᵢ − o‖² inside the plane, the smaller one of o = the path's end (does the plane
 * hold how it moved?) and o = the plane's origin (does it pass through the path at all?).
 */
export function projectRun(plane: PlaneInput, run: RunInput): Projection {
  const points = run.trajectory.map(({ theta }) => theta);
  const end = points[points.length - 1]!;
  const coordinates = points.map((theta) => solve(plane.directions.vectors, difference(theta, plane.at)));
  return {
    alpha: Float64Array.from(coordinates, ([alpha]) => alpha),
    beta: Float64Array.from(coordinates, ([, beta]) => beta),
    kept: Math.min(keptFrom(end, points, plane), keptFrom(plane.at, points, plane)),
  };
}

function keptFrom(origin: ArrayLike<number>, points: ArrayLike<number>[], plane: PlaneInput): number {
  const [first, second] = plane.directions.vectors as [ArrayLike<number>, ArrayLike<number>];
  let inside = 0;
  let whole = 0;
  for (const theta of points) {
    const way = difference(theta, origin);
    const [alpha, beta] = solve(plane.directions.vectors, way);
    whole += dot(way, way);
    inside += alpha * dot(way, first) + beta * dot(way, second);
  }
  return whole === 0 ? 1 : inside / whole;
}

/** The normal equations of two directions, which need not be orthogonal (filter-normalised ones are not). */
function solve(vectors: ArrayLike<number>[], b: Float64Array): [number, number] {
  const [u, v] = vectors as [ArrayLike<number>, ArrayLike<number>];
  const uu = dot(u, u);
  const uv = dot(u, v);
  const vv = dot(v, v);
  const bu = dot(b, u);
  const bv = dot(b, v);
  const determinant = uu * vv - uv * uv;
  return [(bu * vv - bv * uv) / determinant, (bv * uu - bu * uv) / determinant];
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (x, i) => x - b[i]!);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
