import { Matrix, solve } from 'ml-matrix';
import type { Vector } from '../vector';
import { difference, dot } from './arithmetic';
import type { Directions } from './types';

/**
 * Where a point lies in a plane: the coefficients c that minimise ‖θ − at − Σ cᵢ·dᵢ‖, for directions that need not
 * be orthogonal.
 *
 * @param plane A slice, or any `{ at, directions }` with linearly independent directions.
 * @param theta The point; as long as `at`.
 * @returns One coefficient for each direction: [alpha, beta].
 * @throws RangeError when theta has another length than the plane's points.
 * @example
 * ```ts
 * import { analytic, lossSlice2D, project } from 'losslab';
 * const loss = analytic.saddle();
 * const plane = await lossSlice2D(loss, loss.params());
 * console.log(project(plane, Float64Array.of(0.5, 1))); // [ 0.5, 1 ]
 * ```
 */
export function project(
  plane: { at: Vector; directions: Pick<Directions, 'vectors'> },
  theta: Vector,
): number[] {
  const { vectors } = plane.directions;
  if (theta.length !== plane.at.length)
    throw new RangeError(
      `theta must have ${plane.at.length} numbers, as the plane's points do, got ${theta.length}`,
    );
  const way = difference(theta, plane.at);
  const gram = new Matrix(vectors.map((u) => vectors.map((v) => dot(u, v))));
  return solve(gram, Matrix.columnVector(vectors.map((u) => dot(u, way)))).to1DArray();
}
