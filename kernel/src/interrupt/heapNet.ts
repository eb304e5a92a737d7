import type { MainThread } from './mainThread';
import { hasFilledHeap } from './striking';

/**
 * What catches a heap that grows past its limit between two looks of the watch. Where a debugger is enabled, V8 does not
 * end the process then: it gives the heap four times the room and stands still, for a person to see what fills it. Here
 * it is let go at once, with the end of what ran. As an enabled debugger makes awaits nine times slower, it is so only
 * while there is not much room left.
 */
export class HeapNet {
  readonly #main: MainThread;
  readonly #caught: () => void;
  #spread: Promise<void> | undefined;
  #isHeard = false;
  #stands = false;
  /** At a breakpoint: whoever disables a debugger lets the thread go on. */
  #isElsewhere = false;

  /** @param caught The limit was reached, and the thread stands. */
  constructor(main: MainThread, caught: () => void) {
    this.#main = main;
    this.#caught = caught;
  }

  /** Whether the thread stands because its heap is full. */
  get stands(): boolean {
    return this.#stands;
  }

  /** @param end Whether what the thread was doing ends. */
  async letGo(end: boolean): Promise<void> {
    await this.#main.post('Debugger.resume', { terminateOnResume: end });
  }

  async spread(): Promise<void> {
    this.#spread ??= this.#enable();
    await this.#spread;
  }

  /** V8 gives back the room that is not needed any more. */
  async takeIn(): Promise<void> {
    if (this.#spread === undefined || this.#stands || this.#isElsewhere) return;
    this.#spread = undefined;
    await this.#main.post('Debugger.disable');
    // Who had come to stand meanwhile goes on, and nobody is told.
    this.#stands = false;
  }

  async #enable(): Promise<void> {
    if (!this.#isHeard) this.#hear();
    await this.#main.post('Debugger.enable');
    // All but that for want of memory.
    await this.#main.post('Debugger.setSkipAllPauses', { skip: true });
  }

  /** What has filled the heap may have come to its end meanwhile: then the next cell is not to blame. */
  async #paused(): Promise<void> {
    this.#stands = true;
    const isCulprit = await hasFilledHeap(this.#main).catch(() => true);
    if (isCulprit) this.#caught();
    else await this.letGo(false).catch(() => undefined);
  }

  #hear(): void {
    this.#isHeard = true;
    this.#main.on<{ reason: string }>('Debugger.paused', ({ reason }) => {
      if (reason === 'OOM') void this.#paused();
      else this.#isElsewhere = true;
    });
    this.#main.on('Debugger.resumed', () => {
      this.#stands = false;
      this.#isElsewhere = false;
    });
  }
}
