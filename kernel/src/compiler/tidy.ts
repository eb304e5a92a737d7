import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** Milliseconds without a question. */
const QUIET = 500;

/**
 * Gives back, in the first quiet moment, what the first check has left: 5 MB after a start from a snapshot, else 15, for
 * 200 ms (measured). V8 makes its young space smaller when memory is low, which nobody but its inspector can tell it.
 */
export class Tidying {
  #timer: NodeJS.Timeout | undefined;
  #isDone = false;

  /** To be called when a question has been answered. */
  answered(): void {
    if (this.#isDone) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tidy(), QUIET);
    this.#timer.unref();
  }

  #tidy(): void {
    this.#isDone = true;
    const session = new Session();
    session.connect();
    setFlagsFromString('--compact-on-every-full-gc');
    session.post('HeapProfiler.collectGarbage', () => {
      setFlagsFromString('--no-compact-on-every-full-gc');
      // Within its own answer a session can not be closed: Node 20 would wait for itself.
      setImmediate(() => session.disconnect());
    });
  }
}
