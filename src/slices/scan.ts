import type { Loss } from '../loss';
import { type LongWork, pace } from '../progress';
import type { Vector } from '../vector';

/** The losses and metrics of a list of points; NaN where they are not computed yet. */
export interface Scan {
  values: Float64Array;
  metrics: Record<string, Float64Array>;
  /** How many of the computed losses are not finite. */
  nonFinite: number;
}

/** Where the points of a slice lie: `coefficients(i)` are the coordinates of the i-th along the directions. */
export interface Place {
  at: Vector;
  directions: readonly Vector[];
  count: number;
  coefficients(index: number): number[];
}

/** Numbers touched in one call (points × parameters × rows): a few tens of milliseconds. */
const CALL = 2 ** 28;

/**
 * Points evaluated in one call: enough for the loss to batch them, few enough to stay responsive. By the size of the
 * loss alone, because how points share a call may show in the last bits.
 */
function pointsInCall({ dim, description }: Loss): number {
  const points = Math.floor(CALL / (dim * Math.max(1, description.samples)));
  return Math.max(32, Math.min(512, points));
}

/**
 * Evaluates the points in chunks. When aborted, the AbortError's partial is what `finish` makes of the points done so
 * far.
 */
export async function scan<T>(
  loss: Loss,
  { at, directions, count, coefficients }: Place,
  finish: (scan: Scan) => T,
  work: LongWork,
): Promise<T> {
  const result: Scan = { values: new Float64Array(count).fill(Number.NaN), metrics: {}, nonFinite: 0 };
  const step = pace(work, count, () => finish(result));
  const size = pointsInCall(loss);
  await step(0);
  for (let start = 0; start < count; start += size) {
    const end = Math.min(start + size, count);
    const rows = Array.from({ length: end - start }, (_, i) => coefficients(start + i));
    store(result, await loss.evaluateMany({ at, directions, coefficients: rows, planned: count }), start);
    await step(end);
  }
  return finish(result);
}

function store(result: Scan, chunk: Record<string, Float64Array>, start: number): void {
  const { loss: values = new Float64Array(0), ...metrics } = chunk;
  result.values.set(values, start);
  result.nonFinite += values.filter((value) => !Number.isFinite(value)).length;
  for (const [name, list] of Object.entries(metrics)) {
    result.metrics[name] ??= new Float64Array(result.values.length).fill(Number.NaN);
    result.metrics[name].set(list, start);
  }
}
