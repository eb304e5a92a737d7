/** What every long function takes besides its own options. */
export interface LongWork {
  /** Called after each piece of work. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborts the work: the Promise rejects with an AbortError that holds what is done so far. */
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
