import type { Batch, Points, PointsAlong } from '../loss';
import { checkOptions } from '../options';
import { checkPoint, type ParamLayout } from '../params';
import type { Along, Graphs } from './graphs';
import { measure, measureAlong, oneAfterAnother } from './measure';
import type { Parts, State } from './tensorLoss';

/** A loss, and its computations. */
export interface Measuring {
  parts: Parts;
  graphs: Graphs;
  /** Weights besides θ; empty for the model's own. */
  state: State;
}

/** Loss and metrics of many points, whichever way they are given. */
export async function measurePoints(
  measuring: Measuring,
  points: Points,
  batch: Batch | undefined,
  withMetrics: boolean,
): Promise<Record<string, Float64Array>> {
  const { parts } = measuring;
  parts.checkAlive();
  const rows = Math.min(batch?.length ?? parts.rows.count, parts.batchSize);
  const size = parts.pointsAtOnce(rows, withMetrics);
  if (isAlong(points))
    return measureAlong(
      measuring,
      alongOf(parts.layout, points),
      { size, planned: Math.max(points.planned ?? 0, points.coefficients.length), withMetrics },
      batch,
    );
  return measure(measuring, groupsOf(parts.layout, points, size), batch, withMetrics);
}

function isAlong(points: Points): points is PointsAlong {
  if (ArrayBuffer.isView(points))
    throw new TypeError('points must be a list of vectors, got one vector: write [theta]');
  if (typeof points !== 'object' || points === null || !(Symbol.iterator in points || 'at' in points))
    throw new TypeError(
      `points must be a list of vectors, or { at, directions, coefficients }, got ${String(points)}`,
    );
  if (Symbol.iterator in points) return false;
  checkOptions(points, ['at', 'directions', 'coefficients', 'planned']);
  return true;
}

function alongOf(layout: ParamLayout, { at, directions, coefficients }: PointsAlong): Along {
  for (const [name, list] of Object.entries({ directions, coefficients }))
    if (!Array.isArray(list)) throw new TypeError(`${name} must be an array, got ${String(list)}`);
  const vectors = [
    asPoint(layout, at, 'at'),
    ...directions.map((direction, j) => asPoint(layout, direction, `directions[${j}]`)),
  ];
  const width = 1 + directions.length;
  const mix = new Float32Array(coefficients.length * width);
  coefficients.forEach((row, k) => {
    checkCoefficients(row, directions.length, k);
    mix[k * width] = 1;
    mix.set(row, k * width + 1);
  });
  const basis = oneAfterAnother(vectors, layout.dim);
  // Of the center alone it is the caller's own array.
  return {
    basis: basis === at ? basis.slice() : basis,
    coefficients: mix,
    points: coefficients.length,
  };
}

function checkCoefficients(row: readonly number[], wanted: number, k: number): void {
  if (typeof row !== 'object' || row === null)
    throw new TypeError(`coefficients[${k}] must be an array of numbers, got ${String(row)}`);
  if (row.length !== wanted)
    throw new RangeError(
      `coefficients[${k}] must have ${wanted} numbers, one for each direction, got ${row.length}`,
    );
  if (!row.every(Number.isFinite)) throw new RangeError(`coefficients[${k}] must be finite, got ${row}`);
}

/**
 * The point in float32, as it is computed with; the same array when it is that already.
 * @throws TypeError or RangeError as `checkPoint`; RangeError for numbers too large for float32.
 */
export function asPoint(layout: ParamLayout, point: unknown, what = 'theta'): Float32Array {
  checkPoint(layout, point, what);
  if (point instanceof Float32Array) return point;
  const floats = Float32Array.from(point);
  const i = floats.findIndex((number) => !Number.isFinite(number));
  if (i < 0) return floats;
  throw new RangeError(`${what} must fit into float32 (up to 3.4e38), got ${point[i]} at ${i}`);
}

/** Points are read one by one, and copied: an iterable may give the same array again and again. */
function* groupsOf(
  layout: ParamLayout,
  points: Exclude<Points, PointsAlong>,
  size: number,
): Iterable<Float32Array[]> {
  let group: Float32Array[] = [];
  for (const point of points) {
    const floats = asPoint(layout, point);
    group.push(floats === point ? floats.slice() : floats);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
