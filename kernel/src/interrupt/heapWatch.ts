import type { MainThread } from './mainThread';
import { collect } from './striking';

/** V8's limit counts three young semispaces too, which what stays cannot use: 16 MB each until V8 12, then up to 64. */
const YOUNG_BYTES = 3 * 2 ** 20 * (Number.parseInt(process.versions.v8, 10) <= 12 ? 16 : 64);
/** Of what can stay. */
const ALARM = 0.85;
/** From here on garbage is not worth a collection before it is looked for again. */
const NEAR = 0.6;
const POLL_MS = 50;
const NEAR_POLL_MS = 10;
/** A collection may take this part of the time, unless the heap is nearly full. */
const SHARE = 0.5;
const FULL = 0.92;

/** Of the pages, which count for V8's limit: large strings leave much of them empty. */
const TOTAL = 0.9;

interface HeapUsage {
  usedSize: number;
  totalSize: number;
}

export interface HeapWatchOptions {
  main: MainThread;
  /** The limit of the main thread's heap in bytes: `v8.getHeapStatistics().heap_size_limit` there. */
  limit: number;
  /** What is reachable fills the heap: called once for each `start`. */
  alarm: () => void;
}

/**
 * Looks at the heap of the main thread while a cell runs, as after V8 has run out of memory nothing can be saved. What
 * lies outside of V8's heap (array buffers, tensors) does not count.
 */
export class HeapWatch {
  readonly #options: HeapWatchOptions;
  readonly #limit: number;
  #timer: NodeJS.Timeout | undefined;
  /** Counts starts: what an older watch still waits for is not for this one. */
  #watch = 0;
  #collectAgainAt = 0;

  constructor(options: HeapWatchOptions) {
    this.#options = options;
    this.#limit = Math.max(options.limit - YOUNG_BYTES, options.limit / 2);
  }

  start(): void {
    this.stop();
    this.#next(POLL_MS, this.#watch);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#watch += 1;
  }

  #next(milliseconds: number, watch: number): void {
    if (watch !== this.#watch) return;
    this.#timer = setTimeout(() => void this.#look(watch), milliseconds);
    this.#timer.unref();
  }

  async #look(watch: number): Promise<void> {
    const limit = this.#limit;
    const used = await this.#used();
    if (used < ALARM * limit || !(await this.#isReachable(used))) {
      this.#next(used < NEAR * limit ? POLL_MS : NEAR_POLL_MS, watch);
    } else if (watch === this.#watch) {
      this.#options.alarm();
    }
  }

  /** Whether the heap is as full after a collection. Too early after the last one it is taken to be not. */
  async #isReachable(used: number): Promise<boolean> {
    const limit = this.#limit;
    const begin = performance.now();
    if (begin < this.#collectAgainAt && used < FULL * limit) return false;
    await collect(this.#options.main).catch(() => undefined);
    const end = performance.now();
    this.#collectAgainAt = end + (end - begin) * (1 / SHARE - 1);
    return (await this.#used()) >= ALARM * limit;
  }

  async #used(): Promise<number> {
    try {
      const { usedSize, totalSize }: HeapUsage = await this.#options.main.post('Runtime.getHeapUsage');
      return Math.max(usedSize, TOTAL * totalSize);
    } catch {
      // The question was terminated along with what it interrupted.
      return 0;
    }
  }
}
