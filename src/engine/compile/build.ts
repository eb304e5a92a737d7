import { tf } from '../backend';
import { nativeBackend } from '../graph/backend';
import { type Plan, plan } from '../graph/plan';
import { MadeVariables, type Recording, record, releaseCaptures } from '../graph/record';
import { CannotTrace, type Capture } from '../graph/recorder';
import type { Expected } from '../graph/rewrite/expected';
import { tracedDraws } from './draws';
import { type Program, program } from './program';
import { kindOf, leavesOf, opaqueIn, outline, withLeaves } from './tree';

/** A function of nests of tensors, as it is traced. */
export type Traced = (args: readonly unknown[]) => unknown;

/** A graph that stands for a function at one signature. */
export interface Built {
  program: Program;
  /** Which leaves of the arguments are fed; one past the last is the seed of the call's draws. */
  args: number[];
  /** The nest of results, to be filled. */
  result: unknown;
  /** TensorFlow's types of the results, as they were recorded. */
  types: number[];
  /** Variables that the function assigns: their values follow the results. */
  assigned: tf.Variable[];
  /** Constants of a double graph whose digits beyond float32 are lost. */
  rounded: number[];
  /** Of a graph for any number of rows. */
  anyRows?: AnyRows;
  /** Whether it goes on with copies of tensors that were disposed since. */
  outlives?: boolean;
  /** How often it was used. */
  calls: number;
}

/** What a graph for any number of rows knows of them. */
export interface AnyRows {
  /** The leaf whose first side is the number of rows. */
  rowsOf: number;
  /** What a recording at another number of rows must be for the graph to hold there. */
  expected: Expected;
  /** The nest of results, as a text. */
  result: string;
  /** Numbers of rows at which it holds, those last checked last. */
  checked: Set<number>;
}

/** What is built: leaves as tensors, and which of them are doubles at a call. */
export interface Example {
  /** The arguments; their leaves are replaced by `leaves`. */
  args: readonly unknown[];
  leaves: readonly tf.Tensor[];
  precision: 'float32' | 'float64';
  doubles: readonly boolean[];
  /** Whether XLA may compile it. */
  xla: boolean;
}

/** Traces once and builds for exactly these shapes. */
export function build(run: Traced, example: Example): Built {
  const { recording, result } = trace(run, example.args, example.leaves);
  return finish(recording, result, () => plan(recording, example), example.xla);
}

/** What a function returns is empty: there is nothing to say about it. */
export class NothingToCompute extends CannotTrace {}

export interface Trace {
  recording: Recording;
  result: unknown;
}

/** Variables that the first run makes may be kept by the function (a layer's weights): the second decides. */
export function trace(run: Traced, args: readonly unknown[], leaves: readonly tf.Tensor[]): Trace {
  try {
    return traceOnce(run, args, leaves);
  } catch (error) {
    if (!(error instanceof MadeVariables)) throw error;
  }
  try {
    return traceOnce(run, args, leaves);
  } catch (error) {
    if (error instanceof MadeVariables) for (const variable of error.variables) variable.dispose();
    throw error;
  }
}

function traceOnce(run: Traced, args: readonly unknown[], leaves: readonly tf.Tensor[]): Trace {
  let result: unknown;
  const returned = (own: tf.Tensor[]): tf.Tensor[] => {
    const value = run(withLeaves(args, own) as unknown[]);
    if (typeof (value as PromiseLike<unknown> | null)?.then === 'function') {
      (value as Promise<unknown>).then(undefined, () => undefined);
      throw new CannotTrace('it is async');
    }
    result = outline(value);
    return tensorsOf(value);
  };
  const seed = tf.tensor1d([0, 0], 'int32');
  const recording = record(
    (own) => tracedDraws(own.at(-1) as tf.Tensor1D, () => returned(own.slice(0, -1))),
    [...leaves, seed],
  );
  return { recording, result };
}

/** @throws CannotTrace where a caller would get the tensors of the trace itself, or none. */
function tensorsOf(returned: unknown): tf.Tensor[] {
  const opaque = opaqueIn(returned);
  if (opaque !== undefined)
    throw new CannotTrace(`it returns ${kindOf(opaque)}; return tensors in arrays and plain objects`);
  const leaves = leavesOf(returned);
  if (leaves.length === 0 && typeof returned === 'object' && returned !== null)
    throw new NothingToCompute('it returns no tensors');
  if (leaves.length > 0 && leaves.every((leaf) => leaf instanceof tf.Tensor)) return leaves as tf.Tensor[];
  throw new CannotTrace(`it must return tensors, got ${leaves.length === 0 ? 'none' : 'typed arrays'}`);
}

/** Frees the captures that no plan keeps, once. */
export function letGo(recording: Recording, kept: readonly Capture[] = []): void {
  const backend = nativeBackend();
  const unused = recording.captures.filter((capture) => !kept.includes(capture));
  recording.captures = [];
  if (backend) releaseCaptures(backend, unused);
}

/** @param rows of a graph for any number of rows: the number it was recorded with. */
export function finish(
  recording: Recording,
  result: unknown,
  planned: () => Plan,
  xla: boolean,
  rows?: number,
): Built {
  try {
    const made = planned();
    const built: Built = {
      program: program(made, rows, xla),
      args: made.args,
      result,
      types: recording.outputs.map(({ node, index }) => node.outputs[index]?.dtype ?? 0),
      assigned: recording.assigned.map(({ variable }) => variable),
      rounded: made.rounded,
      calls: 0,
    };
    letGo(recording, made.captures);
    return built;
  } catch (error) {
    letGo(recording);
    throw error;
  }
}
