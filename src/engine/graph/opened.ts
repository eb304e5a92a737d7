import { configBytes, type SessionMode } from './config';
import { withFolder } from './folder';
import type { SerializedGraph } from './savedModel';

// Loading and running graphs with the addon alone: child processes do it without TensorFlow.js, which halves their start.

/** A tensor of the native binding, by its id there. */
export interface NativeTensor {
  id: number;
  shape: number[];
  dtype: number;
}

/** A graph that TensorFlow has loaded. */
export interface GraphSession {
  /**
   * Runs the graph on tensors given by their ids in the binding, in the order of the graph's feeds; the results are
   * new tensors, the caller's to delete.
   * @throws Error naming the op that failed; the inputs stay as they were.
   */
  run(feedIds: readonly number[]): NativeTensor[];
  /** Frees the graph and its threads; a second call does nothing. A session that is forgotten is freed in time. */
  dispose(): void;
}

/** The part of tfjs-node's binding that loads and runs graphs. */
export interface SessionBinding {
  loadSavedModel(folder: string, tags: string): number;
  runSavedModel(id: number, feedIds: readonly number[], feeds: string, fetches: string): NativeTensor[];
  deleteSavedModel(id: number): void;
}

interface Loaded {
  binding: SessionBinding;
  id: number;
  alive: boolean;
}

/** Loads a graph; its folder exists only while it loads. */
export function openGraph(binding: SessionBinding, graph: SerializedGraph, mode: SessionMode): GraphSession {
  const config = configBytes(mode);
  const files = { 'saved_model.pb': graph.bytes, ...(config.length > 0 ? { 'config.pb': config } : {}) };
  // native/session.h looks for "-1thread" in the folder's name.
  const id = withFolder(mode.threads === 'one' ? '1thread' : 'pool', files, (folder) =>
    explained('be loaded', () => binding.loadSavedModel(folder, 'serve')),
  );
  return sessionOf({ binding, id, alive: true }, graph);
}

const forgotten = new FinalizationRegistry(free);

function sessionOf(loaded: Loaded, graph: SerializedGraph): GraphSession {
  const feeds = graph.feeds.join(',');
  const fetches = graph.fetches.join(',');
  const count = graph.feeds.length;
  const session: GraphSession = {
    run: (ids) => runLoaded(loaded, ids, count, feeds, fetches),
    dispose: () => {
      forgotten.unregister(loaded);
      free(loaded);
    },
  };
  forgotten.register(session, loaded, loaded);
  return session;
}

function runLoaded(
  loaded: Loaded,
  ids: readonly number[],
  count: number,
  feeds: string,
  fetches: string,
): NativeTensor[] {
  if (!loaded.alive) throw new Error('a compiled graph was run after its dispose(); load it again');
  if (ids.length !== count) throw new Error(`the compiled graph takes ${count} tensors, got ${ids.length}`);
  return explained('run', () => loaded.binding.runSavedModel(loaded.id, ids, feeds, fetches));
}

function free(loaded: Loaded): void {
  if (!loaded.alive) return;
  loaded.alive = false;
  loaded.binding.deleteSavedModel(loaded.id);
}

function explained<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new Error(explain(what, error instanceof Error ? error.message : String(error)), { cause: error });
  }
}

/** TensorFlow's message without its wrapping, and the op first: nodes are named `Op_number` (savedModel.ts). */
function explain(what: string, message: string): string {
  const op = /\{\{node (\w+?)_\d+\}\}/.exec(message)?.[1];
  const reason = message
    .replace(/^(Failed to load SavedModel|Session fail to run with error): /, '')
    .replace(/\s*\[\[.*?\]\]/gs, '')
    .replace(/\{\{\w+ [^}]*\}\}\s*/g, '')
    .trim();
  return `the compiled graph could not ${what}${op ? `: ${op}` : ''}: ${reason}`;
}
