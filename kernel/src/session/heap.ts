import { getHeapStatistics } from 'node:v8';
import { garbageCollector } from '../places/collector';

/** V8's limit counts three young semispaces too, which what stays cannot use: 16 MB each until V8 12, then up to 64. */
const YOUNG_BYTES = 3 * 2 ** 20 * (Number.parseInt(process.versions.v8, 10) <= 12 ? 16 : 64);
/** Of what can stay. */
const ALARM = 0.8;
/** From here on it is to be looked at more often. */
const NEAR = 0.6;
/** A collection may take this part of the time, unless the heap is nearly full. */
const SHARE = 0.5;
const FULL = 0.88;
/** Of the pages, which count for V8's limit: large strings leave much of them empty. */
const TOTAL = 0.9;

export type Fullness = 'roomy' | 'near' | 'full';

/**
 * How full this thread's heap is, as after V8 has run out of memory nothing can be saved. What lies outside of V8's heap
 * (array buffers, tensors) does not count.
 */
export class Heap {
  readonly #limit: number;
  readonly #collect: () => void;
  #collectAgainAt = 0;

  constructor() {
    const limit = getHeapStatistics().heap_size_limit;
    this.#limit = Math.max(limit - YOUNG_BYTES, limit / 2);
    this.#collect = garbageCollector();
  }

  /** Collects garbage before it says `full`: all of it is reachable then. */
  look(): Fullness {
    const used = usedBytes();
    if (used >= ALARM * this.#limit && this.#isReachable(used)) return 'full';
    return used < NEAR * this.#limit ? 'roomy' : 'near';
  }

  /** Whether the heap is as full after a collection. Too early after the last one it is taken to be not. */
  #isReachable(used: number): boolean {
    const begin = performance.now();
    if (begin < this.#collectAgainAt && used < FULL * this.#limit) return false;
    this.#collect();
    const end = performance.now();
    this.#collectAgainAt = end + (end - begin) * (1 / SHARE - 1);
    return usedBytes() >= ALARM * this.#limit;
  }
}

function usedBytes(): number {
  const { used_heap_size, total_heap_size } = getHeapStatistics();
  return Math.max(used_heap_size, TOTAL * total_heap_size);
}
