import { keepFor, tf } from '../engine';
import type { Batch } from '../loss';

/** Tensors with a common first axis, taken by rows. */
export interface Rows {
  count: number;
  tensors: tf.Tensor[];
}

/** Tensors, and which of their rows; all of them without `at`. */
export interface Taken {
  tensors: tf.Tensor[];
  at?: tf.Tensor1D;
}

/** Disposes what was made to take some rows; not the rows themselves. */
export function release(rows: Rows, { tensors, at }: Taken): void {
  if (tensors !== rows.tensors) tf.dispose(tensors);
  at?.dispose();
}

/** Some rows, and their share of all that are asked for. */
export interface Chunk {
  share: number;
  rows: number;
  /** The rows; inside a scope, or given to `release`. */
  take(): Taken;
}

/** @throws RangeError when the first axes differ. */
export function checkRows(tensors: Record<string, tf.Tensor>): void {
  const counts = Object.entries(tensors).map(([name, tensor]) => ({ name, rows: tensor.shape[0] ?? 0 }));
  const first = counts[0];
  const other = counts.find(({ rows }) => rows !== first?.rows);
  if (first !== undefined && other !== undefined)
    throw new RangeError(
      `${first.name} and ${other.name} must have equally many rows, got ${first.rows} and ${other.rows}`,
    );
}

/**
 * Keeps the tensors for as long as the rows are reachable.
 * @throws RangeError when the first axes differ.
 */
export function rowsOf(tensors: Record<string, tf.Tensor>): Rows {
  checkRows(tensors);
  const rows = { count: Object.values(tensors)[0]?.shape[0] ?? 0, tensors: Object.values(tensors) };
  keepFor(rows, rows.tensors);
  return rows;
}

/** The rows of a batch (or all) in pieces of at most `size`; a loss without data is one empty piece. */
export function chunksOf(rows: Rows, batch: Batch | undefined, size: number): Chunk[] {
  if (batch !== undefined) checkBatch(rows, batch);
  const total = batch?.length ?? rows.count;
  if (total === 0) return [{ share: 1, rows: 0, take: () => ({ tensors: [] }) }];
  const chunks: Chunk[] = [];
  for (let start = 0; start < total; start += size) {
    const length = Math.min(size, total - start);
    const take = (): Taken =>
      batch === undefined ? takeRange(rows, start, length) : takeRows(rows, batch, start, length);
    chunks.push({ share: length / total, rows: length, take });
  }
  return chunks;
}

/** The rows of a batch (or all) at once. */
export function takeBatch(rows: Rows, batch: Batch | undefined): Taken {
  if (batch === undefined) return { tensors: rows.tensors };
  checkBatch(rows, batch);
  return takeRows(rows, batch, 0, batch.length);
}

/** The rows themselves: inside a graph this is part of it. */
export function gathered({ tensors, at }: Taken): tf.Tensor[] {
  return at === undefined ? tensors : tensors.map((tensor) => tf.gather(tensor, at));
}

function takeRange(rows: Rows, start: number, length: number): Taken {
  if (length === rows.count) return { tensors: rows.tensors };
  return { tensors: rows.tensors.map((tensor) => tf.slice(tensor, start, length)) };
}

function takeRows(rows: Rows, batch: Batch, start: number, length: number): Taken {
  const at = new Int32Array(length);
  for (let i = 0; i < length; i++) at[i] = batch[start + i] as number;
  return { tensors: rows.tensors, at: tf.tensor1d(at, 'int32') };
}

function checkBatch({ count }: Rows, batch: Batch): void {
  if (count === 0) throw new RangeError('batch must be left out: this loss has no data');
  if (batch.length === 0) throw new RangeError('batch must name at least one row, got none');
  for (let i = 0; i < batch.length; i++) {
    const row = batch[i] as number;
    if (!Number.isInteger(row) || row < 0 || row >= count)
      throw new RangeError(`batch must hold row numbers from 0 to ${count - 1}, got ${row}`);
  }
}
