import { DType } from '../graph/graph';
import { type GraphSession, openGraph, type SessionBinding } from '../graph/opened';
import type { Answer, Asset, FeedValues, RawNumbers, Task } from './message';

/** The part of the addon that a process of a pool needs. */
export interface PoolBinding extends SessionBinding {
  createTensor(shape: readonly number[], dtype: number, values: RawNumbers): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): RawNumbers;
}

/** Does the tasks of one process: in the children and in the parent it is the same. */
export interface Executor {
  run(task: Task): Answer;
  /** Frees all graphs and tensors. */
  dispose(): void;
}

export function executor(binding: PoolBinding): Executor {
  const state: State = { binding, held: new Map() };
  return {
    run: (task) => answer(state, task),
    dispose: () => drop(state, [...state.held.keys()]),
  };
}

interface State {
  binding: PoolBinding;
  held: Map<number, Held>;
}

/** An asset; its graph is loaded, its tensor made, when it is first needed. */
interface Held {
  asset: Asset;
  session?: GraphSession;
  tensor?: number;
}

function answer(state: State, { assets, drop: dropped, run }: Task): Answer {
  try {
    drop(state, dropped);
    for (const asset of assets) state.held.set(asset.id, { asset });
    return { results: run === undefined ? [] : runGraph(state, run) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function runGraph(state: State, { graph, feeds }: NonNullable<Task['run']>): RawNumbers[] {
  const { binding } = state;
  const session = sessionOf(state, heldOf(state, graph));
  const uploaded: number[] = [];
  try {
    const ids = feeds.map((feed) => {
      if (typeof feed === 'number') return tensorOf(state, heldOf(state, feed));
      const id = upload(binding, feed);
      uploaded.push(id);
      return id;
    });
    return session.run(ids).map(({ id }) => download(binding, id));
  } finally {
    for (const id of uploaded) binding.deleteTensor(id);
  }
}

function heldOf({ held }: State, id: number): Held {
  const found = held.get(id);
  if (found === undefined)
    throw new Error(`a process of the pool was told to use ${id}, which it was not given`);
  return found;
}

function sessionOf({ binding }: State, held: Held): GraphSession {
  if (!('graph' in held.asset)) throw new Error(`${held.asset.id} must be a graph, got numbers`);
  held.session ??= openGraph(binding, held.asset.graph, held.asset.mode);
  return held.session;
}

function tensorOf({ binding }: State, held: Held): number {
  if (!('feed' in held.asset)) throw new Error(`${held.asset.id} must be numbers, got a graph`);
  held.tensor ??= upload(binding, held.asset.feed);
  return held.tensor;
}

/** The addon has no tensors of doubles: they go in as pairs of int32 words. */
function upload(binding: PoolBinding, { values, shape }: FeedValues): number {
  if (values instanceof Float32Array) return binding.createTensor(shape, DType.float, values);
  if (values instanceof Int32Array) return binding.createTensor(shape, DType.int32, values);
  if (values instanceof Uint8Array) return binding.createTensor(shape, DType.bool, values);
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  return binding.createTensor([...shape, 2], DType.int32, words);
}

function download(binding: PoolBinding, id: number): RawNumbers {
  const values = binding.tensorDataSync(id);
  binding.deleteTensor(id);
  return values;
}

function drop({ binding, held }: State, ids: readonly number[]): void {
  for (const id of ids) {
    const found = held.get(id);
    held.delete(id);
    found?.session?.dispose();
    if (found?.tensor !== undefined) binding.deleteTensor(found.tensor);
  }
}
