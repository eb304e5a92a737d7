import { tf } from '../backend';
import { nativeBackend } from '../graph/backend';
import { type Plan, plan } from '../graph/plan';
import { type Recording, record, releaseCaptures } from '../graph/record';
import { CannotTrace } from '../graph/recorder';
import { variation } from '../graph/rewrite/batch';
import { scoped } from '../scope';
import { type Program, program } from './program';
import { leavesOf, outline, withLeaves } from './tree';

/** A function of nests of tensors, as it is traced. */
export type Traced = (args: readonly unknown[]) => unknown;

/** A graph that stands for a function at one signature. */
export interface Built {
  program: Program;
  /** Which leaves of the arguments are fed. */
  args: number[];
  /** The nest of results, to be filled. */
  result: unknown;
  /** TensorFlow's types of the results, as they were recorded. */
  types: number[];
  /** Variables that the function assigns: their values follow the results. */
  assigned: tf.Variable[];
  /** Constants of a double graph whose digits beyond float32 are lost. */
  rounded: number[];
  /** Whether it takes any number of rows. */
  anyRows: boolean;
}

/** What is built: leaves as tensors, and which of them are doubles at a call. */
export interface Example {
  /** The arguments; their leaves are replaced by `leaves`. */
  args: readonly unknown[];
  leaves: readonly tf.Tensor[];
  precision: 'float32' | 'float64';
  doubles: readonly boolean[];
}

/** Traces once and builds for exactly these shapes. */
export function build(run: Traced, example: Example): Built {
  const { recording, result } = trace(run, example.args, example.leaves);
  return finish(recording, result, plan(recording, example), false);
}

/**
 * Traces with three numbers of rows and builds for all of them.
 * @param rowArgs leaves whose first side is the number of rows, by position.
 * @throws CannotTrace when the function depends on the number of rows in another way than through shapes and counts.
 */
export function buildForAnyRows(run: Traced, example: Example, rowArgs: readonly number[]): Built {
  const rows = example.leaves[rowArgs[0] as number]?.shape[0] ?? 0;
  const sizes = rows > 3 ? [rows, rows - 1, rows - 2] : [rows + 2, rows + 1, rows + 3];
  const traces = sizes.map((size) =>
    scoped(() => {
      const leaves = example.leaves.map((leaf, i) => (rowArgs.includes(i) ? withRows(leaf, size) : leaf));
      return { rows: size, ...trace(run, example.args, leaves) };
    }),
  );
  const [first, second, third] = traces as unknown as [Sized, Sized, Sized];
  const backend = nativeBackend();
  if (backend) for (const { recording } of [second, third]) releaseCaptures(backend, recording.captures);
  try {
    const found = variation([first, second, third]);
    const options = { ...example, batch: { variation: found, args: rowArgs } };
    return finish(first.recording, first.result, plan(first.recording, options), true);
  } catch (error) {
    if (backend) releaseCaptures(backend, first.recording.captures);
    throw error;
  }
}

interface Sized {
  rows: number;
  recording: Recording;
  result: unknown;
}

/** So many rows of a tensor: its first ones, or all and then again from the start. */
function withRows(tensor: tf.Tensor, count: number): tf.Tensor {
  const rows = tensor.shape[0] as number;
  if (count <= rows) return tf.slice(tensor, 0, count);
  const at = Array.from({ length: count }, (_, i) => i % rows);
  return tf.gather(tensor, tf.tensor1d(at, 'int32'));
}

function trace(
  run: Traced,
  args: readonly unknown[],
  leaves: readonly tf.Tensor[],
): { recording: Recording; result: unknown } {
  let result: unknown;
  const recording = record((own) => {
    const returned = run(withLeaves(args, own) as unknown[]);
    if (returned instanceof Promise) {
      returned.catch(() => undefined);
      throw new CannotTrace('it is async');
    }
    result = outline(returned);
    return tensorsOf(returned);
  }, leaves);
  return { recording, result };
}

function tensorsOf(returned: unknown): tf.Tensor[] {
  const leaves = leavesOf(returned);
  if (leaves.length > 0 && leaves.every((leaf) => leaf instanceof tf.Tensor)) return leaves as tf.Tensor[];
  throw new CannotTrace(`it must return tensors, got ${leaves.length === 0 ? 'none' : 'typed arrays'}`);
}

function finish(recording: Recording, result: unknown, made: Plan, anyRows: boolean): Built {
  const backend = nativeBackend();
  const unused = recording.captures.filter((capture) => !made.captures.includes(capture));
  if (backend) releaseCaptures(backend, unused);
  return {
    program: program(made),
    args: made.args,
    result,
    types: recording.outputs.map(({ node, index }) => node.outputs[index]?.dtype ?? 0),
    assigned: recording.assigned.map(({ variable }) => variable),
    rounded: made.rounded,
    anyRows,
  };
}
