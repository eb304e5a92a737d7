import { tf } from '../backend';
import { plan } from '../graph/plan';
import { CannotTrace } from '../graph/recorder';
import { variation } from '../graph/rewrite/batch';
import { expectedOf, follows } from '../graph/rewrite/expected';
import { isInterrupted } from '../interrupted';
import { scoped } from '../scope';
import {
  type AnyRows,
  type Built,
  type Example,
  finish,
  letGo,
  type Trace,
  type Traced,
  trace,
} from './build';
import { keyOf } from './tree';

// One graph for any number of rows.

/** Small, and no two of them alike to any law but a true one. */
const OTHER_ROWS = [7, 5, 11];

/**
 * Traces with three numbers of rows and builds for all of them.
 * @param rowArgs leaves whose first side is the number of rows, by position.
 * @throws CannotTrace when the function depends on the number of rows in another way than through shapes and counts,
 * and whatever the function throws at another number of rows.
 */
export function buildForAnyRows(
  run: Traced,
  example: Example,
  rowArgs: readonly number[],
): Built & { anyRows: AnyRows } {
  const rowsOf = rowArgs[0] as number;
  const rows = example.leaves[rowsOf]?.shape[0] as number;
  const sizes = [rows, ...OTHER_ROWS.filter((size) => size !== rows).slice(0, 2)];
  const traces: Sized[] = [];
  try {
    for (const size of sizes) traces.push(scoped(() => traceWith(run, example, rowArgs, size)));
    const [first, ...others] = traces as [Sized, Sized, Sized];
    if (others.some(({ result }) => textOf(result) !== textOf(first.result)))
      throw new CannotTrace('what it returns beside tensors depends on the number of rows');
    const found = variation([first, ...others] as [Sized, Sized, Sized]);
    const expected = expectedOf(first.recording, found, example.precision);
    if (!traces.every((one) => follows(expected, one)))
      throw new CannotTrace('a constant cannot be computed from the number of rows in this precision');
    for (const { recording } of others) letGo(recording);
    const options = { ...example, batch: { variation: found, args: rowArgs } };
    const { recording, result } = first;
    const built = finish(recording, result, () => plan(recording, options), example.xla, rows);
    return { ...built, anyRows: { rowsOf, expected, result: textOf(result), checked: new Set(sizes) } };
  } catch (error) {
    for (const { recording } of traces) letGo(recording);
    throw error;
  }
}

interface Sized extends Trace {
  rows: number;
}

function traceWith(run: Traced, example: Example, rowArgs: readonly number[], rows: number): Sized {
  const leaves = example.leaves.map((leaf, i) => (rowArgs.includes(i) ? withRows(leaf, rows) : leaf));
  return { rows, ...trace(run, example.args, leaves) };
}

/** So many rows of a tensor: its first ones, or all and then again from the start. */
function withRows(tensor: tf.Tensor, count: number): tf.Tensor {
  const rows = tensor.shape[0] as number;
  if (count <= rows) return tf.slice(tensor, 0, count);
  const at = Array.from({ length: count }, (_, i) => i % rows);
  return tf.gather(tensor, tf.tensor1d(at, 'int32'));
}

const textOf = (result: unknown): string => keyOf(result, () => '.');

/** Numbers of rows that are remembered of a graph: of a function that gets ever new ones, the last. */
const MOST_CHECKED = 1024;

/**
 * Whether a graph holds at the number of rows of this example. JavaScript may branch there and nowhere else, so the
 * function is recorded once for each new number. What it throws there it throws again when it has its own graph.
 */
export function holdsAt(anyRows: AnyRows, run: Traced, example: () => Example, rows: number): boolean {
  const { checked } = anyRows;
  const known = checked.delete(rows);
  if (!known && !isAsExpected(anyRows, run, example, rows)) return false;
  checked.add(rows);
  for (const oldest of checked) {
    if (checked.size <= MOST_CHECKED) break;
    checked.delete(oldest);
  }
  return true;
}

function isAsExpected(
  { expected, result }: AnyRows,
  run: Traced,
  example: () => Example,
  rows: number,
): boolean {
  return scoped(() => {
    const { args, leaves } = example();
    let found: Trace | undefined;
    try {
      found = trace(run, args, leaves);
      return textOf(found.result) === result && follows(expected, { rows, recording: found.recording });
    } catch (error) {
      if (isInterrupted()) throw error;
      return false;
    } finally {
      if (found !== undefined) letGo(found.recording);
    }
  });
}
