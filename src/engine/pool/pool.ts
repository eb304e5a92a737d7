import os from 'node:os';
import { nativeBackend } from '../graph/backend';
import type { SerializedGraph } from '../graph/savedModel';
import { addonPath } from '../node';
import type { Asset, FeedValues, RawNumbers } from './message';
import { type Job, type MapOptions, runJob } from './run';
import { childWorker, parentWorker, type Worker } from './workers';

export interface PoolOptions {
  /** Processes that share the work, this one included: 1 means no child. Default: one a core. */
  processes?: number;
}

/** What is shipped: what `portable` (compile/portable.ts) makes of a compiled function's plan. */
export interface PoolProgram {
  graph: SerializedGraph;
  /** Every process runs it with one thread. */
  mode?: { grappler?: boolean };
  /** Multiplications of one run: what decides whether children are started, and are sent work. */
  work: number;
  /** Constants that end its feeds. */
  captures?: readonly FeedValues[];
}

/** Numbers that each process is sent once, at their first use there, and keeps as a tensor. */
export interface Kept {
  /** Lets them go, here and in the children. Forgotten ones go in time. */
  dispose(): void;
}

/** A graph that each process is sent once. */
export interface Shipped {
  /**
   * Runs the graph `count` times, `feedsOf(i)` giving the feeds of run i; resolves to the results in order, doubles as
   * pairs of int32 words. The feeds must not change until then.
   * @throws Error of the first run that fails; the reason of an aborted signal; Error when a child crashes. What a child
   * was doing that was killed from outside is done elsewhere.
   */
  map(
    count: number,
    feedsOf: (i: number) => readonly (FeedValues | Kept)[],
    options?: MapOptions,
  ): Promise<RawNumbers[][]>;
  dispose(): void;
}

/** Processes that run graphs: this one and its children. */
export interface Pool {
  readonly processes: number;
  /** Process ids of the children there are now. */
  children(): number[];
  keep(feed: FeedValues): Kept;
  load(program: PoolProgram): Shipped;
  /** Ends the children and frees what is kept here. */
  close(): Promise<void>;
}

/** Multiplications that repay the start of a child (0.2 s): half a second to three, from dense to small networks. */
const WORTH_A_CHILD = 3e10;
/** Multiplications of one run above which it is worth being sent to a child, which takes 0.2 ms. */
const WORTH_SENDING = 1e7;

interface State {
  processes: number;
  parent: Worker | undefined;
  children: Set<Promise<Worker>>;
  running: Set<Worker>;
  nextId: number;
  forgotten: FinalizationRegistry<number>;
}

const pools = new Set<State>();

/**
 * Opens a pool of processes. Children start with the first work that repays them, are kept for half a minute after the
 * last, and end with this process. Every process runs a graph with one thread, so the bits of a result do not depend
 * on how many there are.
 * @throws RangeError when `processes` is not a whole number >= 1.
 * @example
 * ```ts
 * const pool = openPool({ processes: 2 });
 * const rows = pool.keep({ values: x, shape: [2000, 784] });
 * const shipped = pool.load(portable(plan));
 * const losses = await shipped.map(points.length, (i) => [{ values: points[i], shape: [dim] }, rows]);
 * ```
 */
export function openPool({ processes = os.availableParallelism() }: PoolOptions = {}): Pool {
  if (!Number.isInteger(processes) || processes < 1)
    throw new RangeError(`processes must be a whole number >= 1, got ${String(processes)}`);
  const state: State = {
    processes,
    parent: undefined,
    children: new Set(),
    running: new Set(),
    nextId: 0,
    forgotten: new FinalizationRegistry((id) => drop(state, id)),
  };
  pools.add(state);
  return {
    processes,
    children: () => [...state.running].map(({ pid }) => pid),
    keep: (feed) => keep(state, feed),
    load: (program) => load(state, program),
    close: () => close(state),
  };
}

/** The pools that are open: how many processes each may use, and how many children it has. */
export function poolInfos(): { processes: number; children: number }[] {
  return [...pools].map(({ processes, running }) => ({ processes, children: running.size }));
}

const assets = new WeakMap<Kept, Asset>();

function keep(state: State, { values, shape }: FeedValues): Kept {
  const size = shape.reduce((product, side) => product * side, 1);
  if (size !== values.length)
    throw new RangeError(`values of shape [${shape}] must be ${size} numbers, got ${values.length}`);
  // A copy: an upload may share its memory, and what is sent later must be what was given.
  return handle(state, { id: state.nextId++, feed: { values: values.slice(), shape: [...shape] } });
}

function handle(state: State, asset: Asset): Kept {
  const kept: Kept = { dispose: () => drop(state, asset.id) };
  assets.set(kept, asset);
  state.forgotten.register(kept, asset.id);
  return kept;
}

function load(state: State, { graph, mode, work, captures = [] }: PoolProgram): Shipped {
  const asset: Asset = {
    id: state.nextId++,
    graph,
    mode: { grappler: mode?.grappler ?? true, threads: 'one' },
  };
  const constants = captures.map((feed) => keep(state, feed));
  const handles = [handle(state, asset), ...constants];
  const shipped: Shipped = {
    map: async (count, feedsOf, options = {}) => {
      const job: Job = {
        graph: asset,
        count,
        feedsOf: (i) => feedsOf(i).map((feed) => ('values' in feed ? feed : assetOf(feed))),
        constants: constants.map(assetOf),
        options,
      };
      return runJob(job, parentOf(state), childrenFor(state, work, Math.max(count, options.planned ?? 0)));
    },
    dispose: () => {
      for (const one of handles) one.dispose();
    },
  };
  return shipped;
}

function assetOf(kept: Kept): Asset {
  const asset = assets.get(kept);
  if (asset === undefined) throw new TypeError('a feed must be { values, shape } or what keep returned');
  return asset;
}

function parentOf(state: State): Worker {
  const backend = nativeBackend();
  if (backend === undefined) throw new Error('a pool runs graphs on the native backend (tensorflow) only');
  state.parent ??= parentWorker(backend.binding);
  return state.parent;
}

/** The children that help with a job: those there are, and new ones when the work repays them. */
function childrenFor(state: State, work: number, count: number): Promise<Worker>[] {
  if (work < WORTH_SENDING) return [];
  const repaid = Math.floor((work * count) / WORTH_A_CHILD);
  const wanted = Math.min(state.processes - 1, repaid);
  while (state.children.size < wanted) start(state);
  return [...state.children];
}

function start(state: State): void {
  let worker: Worker | undefined;
  const forget = (): void => {
    state.children.delete(starting);
    if (worker !== undefined) state.running.delete(worker);
  };
  const starting = childWorker(addonPath(), forget).then((made) => {
    worker = made;
    if (state.children.has(starting)) state.running.add(made);
    return made;
  });
  state.children.add(starting);
  starting.catch(forget);
}

function drop(state: State, id: number): void {
  state.parent?.drop(id);
  for (const worker of state.running) worker.drop(id);
}

async function close(state: State): Promise<void> {
  pools.delete(state);
  const children = [...state.children];
  state.children.clear();
  state.running.clear();
  await state.parent?.end();
  state.parent = undefined;
  await Promise.allSettled(children.map(async (child) => (await child).end()));
}
