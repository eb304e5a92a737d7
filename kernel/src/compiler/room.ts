import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** TypeScript, its libraries and Node's types need 70 MB. */
const LARGE_BYTES = 90e6;
/** Percent of what lives. A process from a snapshot starts with half of it (`launch.ts`). */
const ROOMY = '--heap-growing-percent=60';

/**
 * Lets the heap grow further between collections once there are the types of a large library, as losslab's with
 * TensorFlow.js: every cell leaves what its check has found out of them. It is done in an eighth less time then,
 * and a fifth less of both cores', for 20 MB (measured).
 */
export class Room {
  #isGiven = false;

  /** To be called when a question has been answered. */
  answered(): void {
    if (this.#isGiven || getHeapStatistics().used_heap_size < LARGE_BYTES) return;
    this.#isGiven = true;
    setFlagsFromString(ROOMY);
  }
}
