import { ready, tf } from '../engine';
import type { Batch } from '../loss';
import { pace } from '../progress';
import { type Chunk, chunksOf } from './rows';
import type { Parts } from './tensorLoss';

type Lists = Record<string, number[]>;

/** Loss and metrics of many points, each list in their order; points are taken in groups, rows in pieces. */
export async function measure(
  parts: Parts,
  thetas: Iterable<Float32Array>,
  batch: Batch | undefined,
  withMetrics: boolean,
): Promise<Record<string, Float64Array>> {
  await ready();
  const chunks = chunksOf(parts.rows, batch, parts.batchSize);
  const size = parts.pointsAtOnce(chunks[0]?.rows ?? 0, withMetrics);
  const lists: Lists = { loss: [] };
  const rest = pace({}, 0, () => undefined);
  for (const group of groupsOf(thetas, size)) {
    const sums = await measureGroup(parts, group, chunks, withMetrics);
    for (const [name, values] of Object.entries(sums)) {
      lists[name] ??= [];
      lists[name].push(...values);
    }
    await rest(0);
  }
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Float64Array.from(list)]));
}

/** The mean over the rows: that of each piece by its share, summed in float64. */
async function measureGroup(
  parts: Parts,
  group: Float32Array[],
  chunks: Chunk[],
  withMetrics: boolean,
): Promise<Lists> {
  const sums: Lists = {};
  for (const { share, take } of chunks) {
    const measured = tf.tidy(() => parts.many(group, take(), withMetrics));
    for (const [name, tensor] of Object.entries(measured)) {
      sums[name] ??= group.map(() => 0);
      const sum = sums[name];
      (await tensor.data()).forEach((value: number, i: number) => {
        sum[i] = (sum[i] as number) + share * value;
      });
      tensor.dispose();
    }
  }
  return sums;
}

function* groupsOf<T>(items: Iterable<T>, size: number): Iterable<T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
