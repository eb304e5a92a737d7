/** What every long function takes besides its own options. */
export interface LongWork {
  /** Called after each piece of work; under the losslab kernel a bar by default. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Aborts the work: the Promise rejects with an AbortError that holds what is done so far. Under the losslab kernel
   * the cell's interrupt by default.
   */
  signal?: AbortSignal | undefined;
}

export interface Progress {
  done: number;
  total: number;
}

/** Thrown when the signal of a long function was aborted; `partial` is what it had until then. */
export class AbortError<T = unknown> extends Error {
  override readonly name = 'AbortError' as const;
  readonly partial: T;

  constructor(partial: T, cause?: unknown) {
    super('the work was aborted; what is done so far is in `partial` of this error', { cause });
    this.partial = partial;
  }
}

/** At most this long (milliseconds) is the event loop kept from other work: the eye takes 50 ms for at once. */
const PATIENCE = 50;

/**
 * Paces a loop: call the returned function after each piece of work. It reports progress, lets the event loop
 * run every 50 ms, and throws an AbortError with `partial()` when the signal was aborted.
 */
export function pace<T>(work: LongWork, total: number, partial: () => T): (done: number) => Promise<void> {
  const { onProgress, signal } = work;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError('signal must be an AbortSignal, such as controller.signal');
  let rested = performance.now();
  const check = (): void => {
    if (signal?.aborted) throw new AbortError(partial(), signal.reason);
  };
  return async (done) => {
    if (done > 0) onProgress?.({ done, total });
    check();
    if (performance.now() - rested < PATIENCE) return;
    await new Promise<void>((resume) => setTimeout(resume, 0));
    rested = performance.now();
    check();
  };
}

/** What the losslab kernel leaves for libraries to find; elsewhere there is nothing. */
interface Kernel {
  /** Aborted when the cell is interrupted. */
  readonly signal: AbortSignal;
  progress(task: { label: string; total: number }): { update(done: number): void; end(): void };
}

const KERNEL = Symbol.for('jupyter.kernel');

function kernelHere(): Kernel | undefined {
  return (globalThis as { [KERNEL]?: Kernel })[KERNEL];
}

/**
 * Runs a long function with what its caller did not say: in a notebook the cell's interrupt aborts it, and it shows a
 * bar under its name. Whoever is given an `onProgress` shows none, so a long function that calls another passes its own.
 */
export async function longWork<O extends LongWork, T>(
  task: { label: string; total: number },
  options: O,
  run: (options: O) => Promise<T>,
): Promise<T> {
  const kernel = kernelHere();
  if (!kernel) return run(options);
  const { onProgress, signal = kernel.signal } = options;
  if (onProgress) return run({ ...options, signal });
  const bar = kernel.progress(task);
  try {
    return await run({ ...options, signal, onProgress: ({ done }) => bar.update(done) });
  } finally {
    bar.end();
  }
}
