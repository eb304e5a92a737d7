// Each loaded graph holds memory, and one that runs in the calling thread a thread too. So only so many are kept, the
// least recently used goes first; its plan stays, and it is loaded again when it is called.

/** Graphs loaded at a time: 220 of them took 100 MB and 238 threads. */
export const MOST_LOADED = 64;

const loaded = new Map<object, () => void>();

/** Notes a graph that was just loaded; `unload` is called when it has to make room. */
export function keepLoaded(graph: object, unload: () => void): void {
  loaded.set(graph, unload);
  for (const [oldest, drop] of loaded) {
    if (loaded.size <= MOST_LOADED) break;
    loaded.delete(oldest);
    drop();
  }
}

/** Notes a use: a Map keeps the order in which keys were set. */
export function used(graph: object): void {
  const unload = loaded.get(graph);
  if (unload === undefined) return;
  loaded.delete(graph);
  loaded.set(graph, unload);
}

/** Forgets a graph that was unloaded by its owner. */
export function forget(graph: object): void {
  loaded.delete(graph);
}

export function loadedCount(): number {
  return loaded.size;
}
