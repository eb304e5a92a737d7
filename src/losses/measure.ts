import { ready, scoped, tf } from '../engine';
import type { Batch } from '../loss';
import { pace } from '../progress';
import type { Along, MeasuredPoints } from './graphs';
import type { Measuring } from './points';
import { type Chunk, chunksOf, release } from './rows';

/** Sums over the rows, one number a point. */
type Sums = Record<string, Float64Array>;

/**
 * Loss and metrics of many points, each list in their order. Rows are taken in pieces, points in groups; the sums over
 * the rows are float64.
 */
export async function measure(
  { parts, graphs, state }: Measuring,
  groups: Iterable<Float32Array[]>,
  batch: Batch | undefined,
  withMetrics: boolean,
): Promise<Sums> {
  await ready();
  const chunks = chunksOf(parts.rows, batch, parts.batchSize);
  const rest = pace({}, 0, () => undefined);
  const found: Sums[] = [];
  for (const group of groups) {
    const stack = oneAfterAnother(group, parts.layout.dim);
    const sums: Sums = {};
    for (const chunk of chunks) {
      const measured = scoped(() => graphs.points(stack, group.length, chunk.take(), state, withMetrics));
      addChunk(sums, measured, chunk, 0, group.length, group.length);
    }
    found.push(sums);
    await rest(0);
  }
  return joined(found);
}

/** The same of points by their coordinates: what all points share is computed once for each piece of the rows. */
export async function measureAlong(
  { parts, graphs, state }: Measuring,
  along: Along,
  size: number,
  batch: Batch | undefined,
  withMetrics: boolean,
): Promise<Sums> {
  await ready();
  const rest = pace({}, 0, () => undefined);
  const sums: Sums = { loss: new Float64Array(along.points) };
  const width = along.coefficients.length / Math.max(1, along.points);
  for (const chunk of chunksOf(parts.rows, batch, parts.batchSize)) {
    const rows = chunk.take();
    const shared = graphs.share(along, rows);
    try {
      for (let start = 0; start < along.points; start += size) {
        const points = Math.min(size, along.points - start);
        const coefficients = along.coefficients.subarray(start * width, (start + points) * width);
        const measured = graphs.pointsAlong(
          { ...along, coefficients, points },
          rows,
          state,
          shared,
          withMetrics,
        );
        addChunk(sums, measured, chunk, start, points, along.points);
        await rest(0);
      }
    } finally {
      tf.dispose(shared);
      release(parts.rows, rows);
    }
  }
  return sums;
}

/** Adds what one piece of the rows gives to the points from `start` on: means by the piece's share. */
function addChunk(
  sums: Sums,
  { losses, penalties, metrics }: MeasuredPoints,
  { share }: Chunk,
  start: number,
  points: number,
  all: number,
): void {
  const rows = losses.length / points;
  const add = (name: string, value: (point: number) => number): void => {
    sums[name] ??= new Float64Array(all);
    const sum = sums[name];
    for (let point = 0; point < points; point++)
      sum[start + point] = (sum[start + point] as number) + share * value(point);
  };
  add('loss', (point) => meanOfRow(losses, point * rows, rows) + (penalties?.[point] ?? 0));
  for (const [name, values] of Object.entries(metrics)) add(name, (point) => values[point] as number);
}

/** Summed in float64: float32 would lose differences below a millionth. */
export function meanOfRow(values: Float32Array, start: number, count: number): number {
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += values[i] as number;
  return sum / count;
}

export function oneAfterAnother(vectors: readonly Float32Array[], dim: number): Float32Array {
  const [first] = vectors;
  if (vectors.length === 1 && first !== undefined) return first;
  const all = new Float32Array(vectors.length * dim);
  vectors.forEach((vector, i) => {
    all.set(vector, i * dim);
  });
  return all;
}

function joined(parts: Sums[]): Sums {
  const names = Object.keys(parts[0] ?? { loss: [] });
  return Object.fromEntries(
    names.map((name) => [name, Float64Array.from(parts.flatMap((part) => Array.from(part[name] ?? [])))]),
  );
}
