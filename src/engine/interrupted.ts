const KERNEL = Symbol.for('jupyter.kernel');

/** Whether a notebook's kernel has interrupted the cell: then an error says nothing of the function that threw it. */
export function isInterrupted(): boolean {
  const kernel = (globalThis as { [KERNEL]?: { signal?: AbortSignal } })[KERNEL];
  return kernel?.signal?.aborted === true;
}
