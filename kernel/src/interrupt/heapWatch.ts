import { Requests } from '../places/requests';
import { HeapNet } from './heapNet';
import type { Stopped } from './interrupter';
import type { MainThread } from './mainThread';
import { lookAtHeap } from './striking';

/** How long (milliseconds) between two looks, and when there is not much room left. */
interface Pace {
  roomy: number;
  near: number;
}
const CELL: Pace = { roomy: 50, near: 10 };
const IDLE: Pace = { roomy: 250, near: 50 };

export interface HeapWatchOptions {
  main: MainThread;
  /** `newRequests()`, which the main thread has too. */
  requests: SharedArrayBuffer;
  /** What is reachable fills the heap: what runs is to be ended. */
  alarm: () => void;
}

/**
 * Has the main thread look at its heap while a cell runs, and now and then between cells. All that follows from what it sees happens there, in the same
 * moment: on a busy machine a question and its answer take longer than a fast leak leaves.
 */
export class HeapWatch implements Stopped {
  readonly #options: HeapWatchOptions;
  readonly #requests: Requests;
  readonly #net: HeapNet;
  #timer: NodeJS.Timeout | undefined;
  #pace: Pace = IDLE;
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

  /** A cell begins. */
  start(): void {
    this.stop();
    this.#pace = CELL;
    // What earlier cells have kept leaves a new one less time.
    this.#next(this.#isNear ? 0 : CELL.roomy);
  }

  /** A cell has ended: what it has left may run on. */
  slow(): void {
    this.stop();
    this.#pace = IDLE;
    this.#goOn();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#watch += 1;
  }

  #goOn(): void {
    this.#next(this.#isNear ? this.#pace.near : this.#pace.roomy);
  }

  #next(milliseconds: number): void {
    const watch = this.#watch;
    this.#timer = setTimeout(() => void this.#look(watch), milliseconds);
    this.#timer.unref();
  }

  async #look(watch: number): Promise<void> {
    const fullness = await lookAtHeap(this.#options.main);
    // Of a question that was ended nothing is known.
    if (fullness !== undefined) this.#isNear = fullness !== 'roomy';
    // Not waited for: the next look comes in time whatever becomes of it.
    void (this.#isNear ? this.#net.spread() : this.#net.takeIn()).catch(() => undefined);
    if (watch !== this.#watch) return;
    if (this.#requests.isPending('HeapLimit')) this.#options.alarm();
    this.#goOn();
  }
}
