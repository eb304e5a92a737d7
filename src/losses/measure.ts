import { ready, scoped, tf } from '../engine';
import type { Batch } from '../loss';
import { pace } from '../progress';
import type { Along, Graphs, MeasuredPoints } from './graphs';
import type { Measuring } from './points';
import { type Chunk, chunksOf, release, type Taken } from './rows';
import type { State } from './tensorLoss';

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
      const all = group.length;
      addChunk(sums, measured, chunk, { start: 0, points: all, computed: all, all });
    }
    found.push(sums);
    await rest(0);
  }
  return joined(found);
}

/** How points by their coordinates are taken. */
export interface Taking {
  /** Points of one call. */
  size: number;
  /** Points that are asked for in all, now and later. */
  planned: number;
  withMetrics: boolean;
}

/** The same of points by their coordinates: what all points share is computed once for each piece of the rows. */
export async function measureAlong(
  { parts, graphs, state }: Measuring,
  along: Along,
  { size, planned, withMetrics }: Taking,
  batch: Batch | undefined,
): Promise<Sums> {
  await ready();
  const rest = pace({}, 0, () => undefined);
  const sums: Sums = { loss: new Float64Array(along.points) };
  const groups = groupsOf(along, size);
  const chunks = chunksOf(parts.rows, batch, parts.batchSize);
  const calls = Math.ceil(planned / size) * chunks.length;
  for (const chunk of chunks) {
    const rows = chunk.take();
    const shared = graphs.share(along, rows);
    const add = (measured: MeasuredPoints, { start, points, along: group }: Group): void =>
      addChunk(sums, measured, chunk, { start, points, computed: group.points, all: along.points });
    try {
      await measureGroups({ graphs, state, rows, shared, withMetrics, groups, calls, add, rest });
    } finally {
      tf.dispose(shared);
      release(parts.rows, rows);
    }
  }
  return sums;
}

interface Measured {
  graphs: Graphs;
  state: State;
  rows: Taken;
  shared: tf.Tensor[];
  withMetrics: boolean;
  groups: Group[];
  calls: number;
  add(measured: MeasuredPoints, group: Group): void;
  rest(done: number): Promise<void>;
}

/** Measures the groups on one piece of the rows, here or by other processes. */
async function measureGroups(work: Measured): Promise<void> {
  const { graphs, state, rows, shared, withMetrics, groups, calls, add, rest } = work;
  const [first] = groups;
  if (first === undefined) return;
  const way = graphs.wayFor(first.along, rows, state, shared, withMetrics, calls);
  const pool = way === 'pool' ? graphs.elsewhere(first.along, rows, state, withMetrics) : undefined;
  if (pool === undefined) {
    for (const group of groups) {
      add(graphs.pointsAlong(group.along, rows, state, shared, withMetrics, way), group);
      await rest(0);
    }
    return;
  }
  const argsOf = (i: number) => argumentsOf(groups[i] as Group, rows, state, withMetrics);
  const found = (await pool.map(groups.length, argsOf, { planned: calls })) as MeasuredPoints[];
  found.forEach((measured, i) => {
    add(measured, groups[i] as Group);
  });
}

/** Points of one call: `points` of them from `start` on; there are as many in each call, the last ones once more. */
interface Group {
  start: number;
  points: number;
  along: Along;
}

/** Groups of one size, since each size has a graph of its own; few points are one group. */
function groupsOf(along: Along, most: number): Group[] {
  const width = along.coefficients.length / Math.max(1, along.points);
  const size = Math.min(most, along.points);
  const groups: Group[] = [];
  for (let start = 0; start < along.points; start += size) {
    const points = Math.min(size, along.points - start);
    const coefficients = along.coefficients.slice(start * width, (start + size) * width);
    const filled = new Float32Array(size * width);
    for (let at = 0; at < size; at++)
      filled.set(coefficients.subarray((at % points) * width, ((at % points) + 1) * width), at * width);
    groups.push({ start, points, along: { ...along, coefficients: filled, points: size } });
  }
  return groups;
}

/** As `pointsAlong` gives them to its graph, without what only a chain of dense layers shares. */
function argumentsOf({ along }: Group, rows: Taken, state: State, withMetrics: boolean): readonly unknown[] {
  return [along.basis, along.coefficients, along.points, rows, state, [], withMetrics];
}

/** Which points were measured: so many of those computed, which are part of all. */
interface Place {
  start: number;
  points: number;
  computed: number;
  all: number;
}

/** Adds what one piece of the rows gives to the points from `start` on: means by the piece's share. */
function addChunk(
  sums: Sums,
  { losses, penalties, metrics }: MeasuredPoints,
  { share }: Chunk,
  { start, points, computed, all }: Place,
): void {
  const rows = losses.length / computed;
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
