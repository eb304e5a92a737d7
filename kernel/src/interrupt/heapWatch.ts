import { Requests } from '../places/requests';
import { HeapNet } from './heapNet';
import type { Stopped } from './interrupter';
import type { MainThread } from './mainThread';
import { lookAtHeap } from './striking';

const POLL_MS = 50;
/** When there is not much room left. */
const NEAR_POLL_MS = 10;

export interface HeapWatchOptions {
  main: MainThread;
  /** `newRequests()`, which the main thread has too. */
  requests: SharedArrayBuffer;
  /** What is reachable fills the heap: what runs is to be ended. */
  alarm: () => void;
}

/**
 * Has the main thread look at its heap while a cell runs. All that follows from what it sees happens there, in the same
 * moment: on a busy machine a question and its answer take longer than a fast leak leaves.
 */
export class HeapWatch implements Stopped {
  readonly #options: HeapWatchOptions;
  readonly #requests: Requests;
  readonly #net: HeapNet;
  #timer: NodeJS.Timeout | undefined;
  /** Whether there was not much room left when it was looked at last. */
  #isNear = false;
  /** Counts starts: what an older watch still waits for is not for this one. */
  #watch = 0;

  constructor(options: HeapWatchOptions) {
    this.#options = options;
    this.#requests = new Requests(options.requests);
    this.#net = new HeapNet(options.main, options.alarm);
  }

  /** Whether the thread stands, as its heap was full before the watch had seen it. */
  get stands(): boolean {
    return this.#net.stands;
  }

  async letGo(end: boolean): Promise<void> {
    await this.#net.letGo(end);
  }

  start(): void {
    this.stop();
    // What earlier cells have kept leaves a new one less time.
    this.#next(this.#isNear ? 0 : POLL_MS, this.#watch);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#watch += 1;
  }

  #next(milliseconds: number, watch: number): void {
    this.#timer = setTimeout(() => void this.#look(watch), milliseconds);
    this.#timer.unref();
  }

  async #look(watch: number): Promise<void> {
    const fullness = await lookAtHeap(this.#options.main);
    this.#isNear = fullness !== 'roomy';
    // Not waited for: the next look comes in time whatever becomes of it.
    void (this.#isNear ? this.#net.spread() : this.#net.takeIn()).catch(() => undefined);
    if (watch !== this.#watch) return;
    if (this.#requests.pending && this.#requests.reason === 'HeapLimit') this.#options.alarm();
    else this.#next(this.#isNear ? NEAR_POLL_MS : POLL_MS, watch);
  }
}
