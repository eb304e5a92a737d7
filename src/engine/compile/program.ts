import { tf } from '../backend';
import { type NativeBackend, nativeBackend, type RawNumbers, type TensorMeta } from '../graph/backend';
import { NoFolder } from '../graph/folder';
import { DType } from '../graph/graph';
import { type Mode, modeOf, modeWithXla, rowsForAllCores } from '../graph/mode';
import type { Plan } from '../graph/plan';
import type { Capture } from '../graph/recorder';
import { type SerializedGraph, serialize } from '../graph/savedModel';
import { type GraphSession, loadGraph } from '../graph/session';
import { forget, keepLoaded, used } from './loaded';

/** What an argument of a graph is fed with: a tensor, or numbers that are uploaded for one call. */
export type Feed = tf.Tensor | { values: Float32Array | Float64Array | Int32Array; shape: readonly number[] };

/** A graph that can be run; it is loaded at its first run, and again should it have been evicted meanwhile. */
export interface Program {
  /** How it runs, in words. */
  readonly mode: string;
  readonly nodes: number;
  /** What it was made of: a pool runs it elsewhere. */
  readonly plan: Plan;
  /**
   * Runs it: the results are the addon's tensors, the caller's to keep or delete.
   * @param rows of a graph for any number of rows: how many it is given, which decides its mode.
   * @throws CannotLoad when TensorFlow refuses the graph; TypeError naming the op without a double kernel.
   */
  run(feeds: readonly Feed[], rows?: number): TensorMeta[];
  dispose(): void;
}

/** TensorFlow refused a graph, or there was no place to write it. */
export class CannotLoad extends Error {
  override readonly name = 'CannotLoad';
  /** Whether it may load at another time. */
  readonly forNow: boolean;
  constructor(reason: Error, cause: unknown) {
    super(reason.message, { cause });
    this.forNow = cause instanceof NoFolder;
  }
}

/**
 * Makes a plan runnable.
 * @param rows of a graph for any number of rows: the number it was recorded with.
 * @param xla whether XLA may compile it.
 */
export function program(plan: Plan, rows?: number, xla = false): Program {
  const nodes = plan.graph.nodes;
  const mode = xla && !plan.differentiates ? modeWithXla(nodes) : modeOf(nodes);
  if (mode.xla) return inOneMode({ plan, mode });
  const one = { plan, mode: rows === undefined ? mode : ({ ...mode, ...CALLING_THREAD } as Mode) };
  const all = rows === undefined ? undefined : { plan, mode: { ...mode, ...ALL_CORES } as Mode };
  const from = rows === undefined ? Infinity : rowsForAllCores(nodes, rows);
  return {
    mode: all === undefined ? mode.name : `${one.mode.name}, ${all.mode.name} from ${from} rows`,
    nodes: nodes.length,
    plan,
    run: (feeds, count = 0) => run(all !== undefined && count >= from ? all : one, feeds),
    dispose: () => {
      release(one);
      if (all !== undefined) release(all);
      releaseCaptures(plan);
    },
  };
}

function inOneMode(state: State): Program {
  return {
    mode: state.mode.name,
    nodes: state.plan.graph.nodes.length,
    plan: state.plan,
    run: (feeds) => run(state, feeds),
    dispose: () => {
      release(state);
      releaseCaptures(state.plan);
    },
  };
}

const CALLING_THREAD = { name: 'calling thread', threads: 'one' } as const;
const ALL_CORES = { name: 'all cores', threads: 'all' } as const;

/** A plan in one mode. */
interface State {
  plan: Plan;
  mode: Mode;
  graph?: SerializedGraph;
  session?: GraphSession | undefined;
}

function run(state: State, feeds: readonly Feed[]): TensorMeta[] {
  const backend = nativeBackend();
  if (backend === undefined) throw new Error('a compiled graph runs on the native backend only');
  const session = sessionOf(state);
  const uploaded: number[] = [];
  try {
    const ids = feeds.map((feed) => idOf(backend, feed, uploaded));
    for (const capture of state.plan.captures) ids.push(captureId(backend, capture));
    return session.run(ids);
  } catch (error) {
    throw state.plan.precision === 'float64' ? withoutDouble(error as Error) : error;
  } finally {
    for (const id of uploaded) backend.binding.deleteTensor(id);
  }
}

function sessionOf(state: State): GraphSession {
  if (state.session === undefined) {
    state.session = load(state);
    keepLoaded(state, () => {
      state.session?.dispose();
      state.session = undefined;
    });
  } else used(state);
  return state.session;
}

function load(state: State): GraphSession {
  try {
    state.graph ??= serialize(state.plan.graph, { callerThread: state.mode.threads === 'one' });
    return loadGraph(state.graph, state.mode);
  } catch (error) {
    const reason = state.plan.precision === 'float64' ? withoutDouble(error as Error) : (error as Error);
    throw reason instanceof TypeError ? reason : new CannotLoad(reason, error);
  }
}

/** TensorFlow has many ways to say that an op has no kernel for doubles. */
function withoutDouble(error: Error): Error {
  const { message } = error;
  const lacks = /no OpKernel|DT_DOUBLE|of double|type double|unsupported.*double|not.*registered/i.test(
    message,
  );
  if (!lacks) return error;
  const op = /Op(?: type)?[ =<']+(?:name=)?'?(\w+)'?/.exec(message)?.[1] ?? /: (\w+):/.exec(message)?.[1];
  return new TypeError(`${op ?? 'an op'} has no kernel for double; use float32 (${message})`, {
    cause: error,
  });
}

function idOf(backend: NativeBackend, feed: Feed, uploaded: number[]): number {
  if (!('values' in feed)) return backend.getInputTensorIds([feed])[0] as number;
  const id = upload(backend, feed.values, feed.shape);
  uploaded.push(id);
  return id;
}

/** The addon has no tensors of doubles: they go in as pairs of int32 words. */
function upload(backend: NativeBackend, values: RawNumbers, shape: readonly number[]): number {
  if (values instanceof Int32Array) return backend.binding.createTensor(shape, DType.int32, values);
  if (!(values instanceof Float64Array)) return backend.binding.createTensor(shape, DType.float, values);
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  return backend.binding.createTensor([...shape, 2], DType.int32, words);
}

function captureId(backend: NativeBackend, { variable, id }: Capture): number {
  if (variable === undefined) return id as number;
  if (variable.isDisposed)
    throw new Error(
      `the variable ${nameOf(variable)} must not be disposed: a compiled function reads it at each call`,
    );
  return backend.getInputTensorIds([variable])[0] as number;
}

/** TensorFlow.js names variables by numbers where nobody does. */
function nameOf({ name, shape }: tf.Variable): string {
  return /^\d+$/.test(name) ? `of shape [${shape}]` : name;
}

function release(state: State): void {
  forget(state);
  state.session?.dispose();
  state.session = undefined;
}

function releaseCaptures(plan: Plan): void {
  // Also while another backend runs.
  const backend = tf.findBackend('tensorflow') as unknown as NativeBackend;
  for (const { id } of plan.captures) if (id !== undefined) backend.binding.deleteTensor(id);
  plan.captures = [];
}
