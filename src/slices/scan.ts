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

/**
 * Points evaluated in one call: enough for the loss to batch them, few enough to stay responsive. A constant, because
 * how points share a call may show in the last bits.
 */
const CHUNK = 32;

/**
 * Evaluates `point(0)` … `point(count − 1)` in chunks. When aborted, the AbortError's partial is what `finish` makes
 * of the points done so far.
 */
export async function scan<T>(
  loss: Loss,
  count: number,
  point: (index: number) => Vector,
  finish: (scan: Scan) => T,
  work: LongWork,
): Promise<T> {
  const result: Scan = { values: new Float64Array(count).fill(Number.NaN), metrics: {}, nonFinite: 0 };
  const step = pace(work, count, () => finish(result));
  await step(0);
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(start + CHUNK, count);
    store(result, await loss.evaluateMany(pointsBetween(start, end, point)), start);
    await step(end);
  }
  return finish(result);
}

function* pointsBetween(start: number, end: number, point: (index: number) => Vector): Generator<Vector> {
  for (let index = start; index < end; index++) yield point(index);
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
