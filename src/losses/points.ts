import type { Batch, Points, PointsAlong } from '../loss';
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
  const size = parts.pointsAtOnce(batch?.length ?? parts.rows.count, withMetrics);
  if (isAlong(points))
    return measureAlong(measuring, alongOf(parts.layout, points), size, batch, withMetrics);
  return measure(measuring, groupsOf(parts.layout, points, size), batch, withMetrics);
}

function isAlong(points: Points): points is PointsAlong {
  return 'coefficients' in points;
}

function alongOf(layout: ParamLayout, { at, directions, coefficients }: PointsAlong): Along {
  checkPoint(layout, at, 'at');
  directions.forEach((direction, j) => {
    checkPoint(layout, direction, `directions[${j}]`);
  });
  const width = 1 + directions.length;
  const mix = new Float32Array(coefficients.length * width);
  coefficients.forEach((row, k) => {
    checkCoefficients(row, directions.length, k);
    mix[k * width] = 1;
    mix.set(row, k * width + 1);
  });
  const basis = oneAfterAnother([at, ...directions].map(asFloat), layout.dim);
  return { basis, coefficients: mix, points: coefficients.length };
}

function checkCoefficients(row: readonly number[], wanted: number, k: number): void {
  if (row.length !== wanted)
    throw new RangeError(
      `coefficients[${k}] must have ${wanted} numbers, one for each direction, got ${row.length}`,
    );
  if (!row.every(Number.isFinite)) throw new RangeError(`coefficients[${k}] must be finite, got ${row}`);
}

const asFloat = (v: Float32Array | Float64Array): Float32Array =>
  v instanceof Float32Array ? v : Float32Array.from(v);

/** Points are read one by one, and copied: an iterable may give the same array again and again. */
function* groupsOf(
  layout: ParamLayout,
  points: Exclude<Points, PointsAlong>,
  size: number,
): Iterable<Float32Array[]> {
  let group: Float32Array[] = [];
  for (const point of points) {
    checkPoint(layout, point);
    group.push(new Float32Array(point));
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
