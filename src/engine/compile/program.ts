import type { tf } from '../backend';
import { type NativeBackend, nativeBackend, type RawNumbers, type TensorMeta } from '../graph/backend';
import { DType } from '../graph/graph';
import { type Mode, modeOf } from '../graph/mode';
import type { Plan } from '../graph/plan';
import type { Capture } from '../graph/recorder';
import { type SerializedGraph, serialize } from '../graph/savedModel';
import { type GraphSession, loadGraph } from '../graph/session';
import { forget, keepLoaded, used } from './loaded';

/** What an argument of a graph is fed with: a tensor, or numbers that are uploaded for one call. */
export type Feed = tf.Tensor | { values: Float32Array | Float64Array; shape: readonly number[] };

/** A graph that can be run; it is loaded at its first run, and again should it have been evicted meanwhile. */
export interface Program {
  readonly mode: Mode;
  readonly nodes: number;
  /** Runs it: the results are the addon's tensors, the caller's to keep or delete. */
  run(feeds: readonly Feed[]): TensorMeta[];
  dispose(): void;
}

/** Makes a plan runnable. */
export function program(plan: Plan, mode: Mode = modeOf(plan.graph.nodes)): Program {
  const graph = serialize(plan.graph, { callerThread: mode.threads === 'one' });
  const state: State = { graph, mode, captures: plan.captures, session: undefined };
  return {
    mode,
    nodes: plan.graph.nodes.length,
    run: (feeds) => run(state, feeds),
    dispose: () => release(state),
  };
}

interface State {
  graph: SerializedGraph;
  mode: Mode;
  captures: Capture[];
  session: GraphSession | undefined;
}

function run(state: State, feeds: readonly Feed[]): TensorMeta[] {
  const backend = nativeBackend();
  if (backend === undefined) throw new Error('a compiled graph runs on the native backend only');
  const session = sessionOf(state);
  const uploaded: number[] = [];
  try {
    const ids = feeds.map((feed) => idOf(backend, feed, uploaded));
    for (const capture of state.captures) ids.push(captureId(backend, capture));
    return session.run(ids);
  } finally {
    for (const id of uploaded) backend.binding.deleteTensor(id);
  }
}

function sessionOf(state: State): GraphSession {
  if (state.session === undefined) {
    state.session = loadGraph(state.graph, state.mode);
    keepLoaded(state, () => {
      state.session?.dispose();
      state.session = undefined;
    });
  } else used(state);
  return state.session;
}

function idOf(backend: NativeBackend, feed: Feed, uploaded: number[]): number {
  if (!('values' in feed)) return backend.getInputTensorIds([feed])[0] as number;
  const id = upload(backend, feed.values, feed.shape);
  uploaded.push(id);
  return id;
}

/** The addon has no tensors of doubles: they go in as pairs of int32 words. */
function upload(backend: NativeBackend, values: RawNumbers, shape: readonly number[]): number {
  if (!(values instanceof Float64Array)) return backend.binding.createTensor(shape, DType.float, values);
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  return backend.binding.createTensor([...shape, 2], DType.int32, words);
}

function captureId(backend: NativeBackend, { variable, id }: Capture): number {
  if (variable === undefined) return id as number;
  if (variable.isDisposed)
    throw new Error(
      `the variable ${variable.name} must not be disposed: a compiled function reads it at each call`,
    );
  return backend.getInputTensorIds([variable])[0] as number;
}

function release(state: State): void {
  forget(state);
  state.session?.dispose();
  state.session = undefined;
  const backend = nativeBackend();
  for (const { id } of state.captures) if (id !== undefined) backend?.binding.deleteTensor(id);
  state.captures = [];
}
