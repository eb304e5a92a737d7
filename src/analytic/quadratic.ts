import { type AnalyticLoss, analyticLoss } from './analyticLoss';
import { dot, type Matrix, multiply } from './formula';

/**
 * A quadratic bowl (or saddle, when an eigenvalue is negative): L(w) = ½ wᵀHw, with gradient Hw and Hessian H everywhere.
 *
 * Gradient descent with step size η diverges on it exactly when the largest eigenvalue exceeds 2/η.
 *
 * @param curvature H: its diagonal (the eigenvalues), or the whole symmetric matrix as rows.
 * @throws RangeError when H is empty, not square, not symmetric or not finite.
 * @example
 * ```ts
 * import { analytic } from 'losslab';
 * const bowl = analytic.quadratic([4, 2, 1]);
 * const theta = Float64Array.of(1, 0, 0);
 * console.log(await bowl.value(theta), bowl.eigenvalues(theta)); // 2 [ 1, 2, 4 ]
 * ```
 */
export function quadratic(curvature: readonly number[] | readonly (readonly number[])[]): AnalyticLoss {
  const matrix = checked(toMatrix(curvature));
  const dim = matrix.length;
  return analyticLoss({
    name: 'quadratic',
    formula: '½ wᵀHw',
    start: new Array<number>(dim).fill(1),
    domain: [
      [-2, 2],
      [-2, 2],
    ],
    value: (w) => 0.5 * dot(w, multiply(matrix, w)),
    gradient: (w) => multiply(matrix, w),
    hessian: () => matrix.map((row) => [...row]),
  });
}

function toMatrix(curvature: readonly (number | readonly number[])[]): Matrix {
  return curvature.map((row, i) => {
    if (typeof row !== 'number') return [...row];
    return Array.from(curvature, (_, j) => (i === j ? row : 0));
  });
}

function checked(matrix: Matrix): Matrix {
  const complain = (problem: string): never => {
    throw new RangeError(
      `the curvature must be a diagonal or a symmetric matrix of finite numbers; ${problem}`,
    );
  };
  const dim = matrix.length;
  if (dim === 0) complain('it is empty');
  matrix.forEach((row, i) => {
    if (row.length !== dim) complain(`row ${i} has ${row.length} numbers instead of ${dim}`);
    row.forEach((entry, j) => {
      if (!Number.isFinite(entry)) complain(`entry [${i}][${j}] is ${entry}`);
      if (entry !== matrix[j]?.[i])
        complain(`[${i}][${j}] is ${entry} but [${j}][${i}] is ${matrix[j]?.[i]}`);
    });
  });
  return matrix;
}
