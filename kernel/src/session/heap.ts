import { getHeapStatistics } from 'node:v8';
import { garbageCollector } from '../places/collector';
import type { Context } from './contexts';
import { Suspects } from './suspects';

/** V8's limit counts three young semispaces too, which what stays cannot use: 16 MB each until V8 12, then up to 64. */
const YOUNG_BYTES = 3 * 2 ** 20 * (Number.parseInt(process.versions.v8, 10) <= 12 ? 16 : 64);
/** Of what can stay. */
const ALARM = 0.8;
/** What was kept before is no fault of what runs now, which may be about to drop it: it must have added so much. */
const ADDED = { part: 0.02, bytes: 2 ** 24 };
/** From here on it is to be looked at more often: earlier, if the rest is less than V8's largest array needs in one go. */
const NEAR = { latest: 0.6, earliest: 0.2, bytes: 1.2 * 2 ** 30 };
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
  readonly #near: number;
  #alarm: number;
  #collect: (() => void) | undefined;
  #collectAgainAt = 0;
  readonly #suspects = new Suspects();

  constructor() {
    const limit = getHeapStatistics().heap_size_limit;
    this.#limit = Math.max(limit - YOUNG_BYTES, limit / 2);
    this.#alarm = ALARM * this.#limit;
    const { latest, earliest, bytes } = NEAR;
    this.#near = Math.max(earliest * this.#limit, Math.min(latest * this.#limit, this.#limit - bytes));
  }

  /** A cell begins, or has ended: what runs from now on answers for what it adds. */
  takeStock(): void {
    const alarm = ALARM * this.#limit;
    this.#suspects.forget();
    if (usedBytes() >= alarm) this.#collectInTime();
    this.#alarm = Math.max(alarm, usedBytes() + Math.max(ADDED.part * this.#limit, ADDED.bytes));
  }

  /** Who has added most since stock was taken, as far as is known. @param atWork Who is at work now. */
  suspectOf(atWork: Context | undefined): Context | undefined {
    this.#suspects.look(usedBytes(), atWork);
    return this.#suspects.worst;
  }

  /** Collects garbage before it says `full`: all of it is reachable then. */
  look(): Fullness {
    const used = usedBytes();
    if (used >= this.#alarm && this.#isReachable()) return 'full';
    return used < this.#near ? 'roomy' : 'near';
  }

  /** Whether it was filled since stock was taken, garbage included. */
  get isOver(): boolean {
    return usedBytes() >= this.#alarm;
  }

  /** Whether there is little time left until V8 ends the process. */
  get isUrgent(): boolean {
    return usedBytes() >= this.#alarm + (FULL - ALARM) * this.#limit;
  }

  /** Whether the heap is as full after a collection. Too early after the last one it is taken to be not. */
  #isReachable(): boolean {
    return this.#collectInTime(this.isUrgent) && this.isOver;
  }

  /** @returns whether it was time for that, or urgent */
  #collectInTime(isUrgent = false): boolean {
    const begin = performance.now();
    if (begin < this.#collectAgainAt && !isUrgent) return false;
    this.#collect ??= garbageCollector();
    this.#collect();
    const end = performance.now();
    this.#collectAgainAt = end + (end - begin) * (1 / SHARE - 1);
    return true;
  }
}

function usedBytes(): number {
  const { used_heap_size, total_heap_size } = getHeapStatistics();
  return Math.max(used_heap_size, TOTAL * total_heap_size);
}
