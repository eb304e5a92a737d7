import { checkAtMost, nameOf } from './check';
import type { PlaneInput, RunInput } from './inputs';
import { encodeNumbers } from './numbers';
import { type Projection, projectRun } from './project';
import { LIMITS, type Path } from './schema';

/** More points than this cannot be told apart on a screen. */
const POINTS = 200;

/** A plane holds a path when it keeps at least this share of the path's squared length. */
const HELD = 0.5;

/**
 * The paths of runs through planes: each run is drawn in every plane that holds it.
 * @returns One list of paths a plane.
 * @throws RangeError when no plane holds a run: in a random plane a path is a dot.
 */
export function pathsIn(planes: PlaneInput[], runs: [string, RunInput][]): Path[][] {
  checkAtMost('paths', runs.length, LIMITS.paths);
  const paths: Path[][] = planes.map(() => []);
  runs.forEach(([name, run], style) => {
    const projections = planes.map((plane) => project(name, plane, run));
    if (!projections.some(({ kept }) => kept >= HELD)) throw notHeld(name, projections);
    projections.forEach((projection, p) => {
      if (projection.kept >= HELD) paths[p]!.push(pathOf(name, style, projection, planes[p]!));
    });
  });
  return paths;
}

function project(name: string, plane: PlaneInput, run: RunInput): Projection {
  if (!Array.isArray(run?.trajectory) || run.trajectory.length === 0)
    throw new TypeError(`paths.${name}: expected what minimize returns, got ${nameOf(run)}`);
  for (const { theta } of run.trajectory) {
    if (theta.length !== plane.at.length)
      throw new RangeError(
        `paths.${name}: expected points of ${plane.at.length} parameters like the plane's, got ${theta.length}`,
      );
  }
  const projection = projectRun(plane, run);
  if (Number.isNaN(projection.kept))
    throw new RangeError(`paths.${name}: expected two independent directions, got parallel or zero ones`);
  return projection;
}

function notHeld(name: string, projections: Projection[]): RangeError {
  const best = Math.max(...projections.map(({ kept }) => kept));
  return new RangeError(
    `paths.${name}: the plane keeps ${(100 * best).toFixed(0)} % of the path's squared length, ` +
      'expected at least 50 %: in such a plane a path is a dot. ' +
      'Slice along trajectoryPca(run): lossSlice2D(loss, run.theta, { directions: trajectoryPca(run) }).',
  );
}

function pathOf(name: string, style: number, projection: Projection, plane: PlaneInput): Path {
  const alpha = thinned(projection.alpha);
  const beta = thinned(projection.beta);
  const values = alpha.map((a, i) => valueAt(plane, a, beta[i]!));
  return {
    name,
    style,
    alpha: encodeNumbers(alpha),
    beta: encodeNumbers(beta),
    values: encodeNumbers(values),
  };
}

/** At most 200 points, evenly picked, first and last among them. */
function thinned(list: Float64Array): number[] {
  if (list.length <= POINTS) return Array.from(list);
  return Array.from({ length: POINTS }, (_, k) => list[Math.round((k * (list.length - 1)) / (POINTS - 1))]!);
}

/** The loss at a point of the plane, bilinear between the four grid points around it; NaN outside. */
export function valueAt(
  plane: Pick<PlaneInput, 'alpha' | 'beta' | 'values'>,
  alpha: number,
  beta: number,
): number {
  const [i, u] = locate(plane.alpha, alpha);
  const [j, v] = locate(plane.beta, beta);
  const at = (column: number, row: number) => plane.values[row * plane.alpha.length + column] ?? Number.NaN;
  const low = (1 - u) * at(i, j) + u * at(i + 1, j);
  const high = (1 - u) * at(i, j + 1) + u * at(i + 1, j + 1);
  return (1 - v) * low + v * high;
}

/** The cell of a rising list that holds x, and where in it (0 to 1; NaN outside). */
function locate(list: ArrayLike<number>, x: number): [cell: number, share: number] {
  const last = list.length - 1;
  if (!(x >= list[0]! && x <= list[last]!)) return [0, Number.NaN];
  let i = 0;
  while (i < last - 1 && list[i + 1]! <= x) i++;
  return [i, (x - list[i]!) / (list[i + 1]! - list[i]!)];
}
