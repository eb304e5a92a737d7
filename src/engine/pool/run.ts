import type { Answer, Asset, FeedValues, RawNumbers } from './message';
import { ChildEnded, DEPTH } from './process';
import type { Worker } from './workers';

/** The numbers of one run of a shipped graph; an asset is named by itself. */
export type Feeds = readonly (FeedValues | Asset)[];

export interface MapOptions {
  /** Runs to come in all, now and in later maps: they decide whether children are worth starting. Default: these. */
  planned?: number | undefined;
  /** Aborted: the Promise rejects with its reason, and no further run begins. */
  signal?: AbortSignal | undefined;
  /** Called with the results of each run as they come, in whatever order. */
  onResults?: ((index: number, results: RawNumbers[]) => void) | undefined;
}

/** Many runs of one graph. */
export interface Job {
  graph: Asset;
  count: number;
  feedsOf(index: number): Feeds;
  constants: readonly Asset[];
  options: MapOptions;
}

interface State extends Job {
  next: number;
  /** Runs whose process ended. */
  again: number[];
  done: number;
  results: RawNumbers[][];
  failed?: { reason: unknown };
  /** Ends the parent's wait for the others. */
  wake(): void;
}

/**
 * Does the runs of a job: the parent one after the other, each child a few at a time as soon as it is there. Which
 * process does which run follows from how fast they are; what comes out does not.
 */
export async function runJob(
  job: Job,
  parent: Worker,
  children: readonly Promise<Worker>[],
): Promise<RawNumbers[][]> {
  const state: State = {
    ...job,
    next: 0,
    again: [],
    done: 0,
    results: new Array(job.count),
    wake: () => undefined,
  };
  const { signal } = job.options;
  const abort = (): void => fail(state, signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', abort);
  // Children do not keep Node running; a job does.
  const alive = setInterval(() => undefined, 2 ** 31 - 1);
  try {
    for (const child of children) void serve(state, child);
    await work(state, parent);
  } finally {
    clearInterval(alive);
    signal?.removeEventListener('abort', abort);
  }
  if (state.failed) throw state.failed.reason;
  return state.results;
}

/** The parent works, lets the event loop turn after each run, and in the end waits for the children. */
async function work(state: State, parent: Worker): Promise<void> {
  while (state.done < state.count && !state.failed) {
    const index = take(state);
    if (index !== undefined) settle(state, index, await runOne(state, parent, index));
    await (index === undefined ? changed(state) : new Promise<void>((resume) => setImmediate(resume)));
  }
}

async function serve(state: State, starting: Promise<Worker>): Promise<void> {
  let child: Worker;
  try {
    child = await starting;
  } catch {
    // What a child cannot do the others do.
    return;
  }
  for (let lane = 0; lane < DEPTH; lane++) void serveLane(state, child);
}

async function serveLane(state: State, child: Worker): Promise<void> {
  for (let index = take(state); index !== undefined; index = take(state)) {
    try {
      settle(state, index, await runOne(state, child, index));
    } catch (error) {
      if (error instanceof ChildEnded && !error.crashed) state.again.push(index);
      else fail(state, error);
      state.wake();
      return;
    }
  }
}

function take(state: State): number | undefined {
  if (state.failed) return undefined;
  return state.again.pop() ?? (state.next < state.count ? state.next++ : undefined);
}

function runOne({ graph, constants, feedsOf }: State, worker: Worker, index: number): Promise<Answer> {
  const feeds = [...feedsOf(index), ...constants];
  const assets = feeds.filter((feed) => 'id' in feed);
  const numbers = feeds.map((feed) => ('id' in feed ? feed.id : feed));
  return worker.run([graph, ...assets], { graph: graph.id, feeds: numbers });
}

function settle(state: State, index: number, answer: Answer): void {
  if (state.failed) return;
  try {
    if ('error' in answer) throw new Error(answer.error);
    state.options.onResults?.(index, answer.results);
    state.results[index] = answer.results;
    state.done++;
    state.wake();
  } catch (error) {
    fail(state, error);
  }
}

function fail(state: State, reason: unknown): void {
  state.failed ??= { reason };
  state.wake();
}

function changed(state: State): Promise<void> {
  return new Promise((resume) => {
    state.wake = resume;
  });
}
