import type { Interruption } from './messages';

/**
 * Interrupts as shared memory: the protocol writes that one is wanted, and the session sees it between two awaits,
 * where no message would arrive because the event loop does not turn.
 */
const REQUESTED = 0;
const ANSWERED = 1;
const REASON = 2;
const BLOCKED = 3;
const DRAINED = 4;
const WORDS = 5;

/** The protocol's thread answers sooner; without it the session goes on. */
const DRAIN_MS = 200;

const REASONS: readonly Interruption[] = ['KeyboardInterrupt', 'HeapLimit', 'Exit'];

export function newRequests(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * WORDS);
}

export class Requests {
  /** Read without `Atomics`, as every await of a cell asks: a store of the other thread is seen soon enough. */
  readonly #words: Int32Array;

  constructor(shared: SharedArrayBuffer) {
    this.#words = new Int32Array(shared);
  }

  /** The number of the new request. */
  request(reason: Interruption): number {
    Atomics.store(this.#words, REASON, REASONS.indexOf(reason));
    return Atomics.add(this.#words, REQUESTED, 1) + 1;
  }

  get pending(): boolean {
    return this.#words[REQUESTED] !== this.#words[ANSWERED];
  }

  isPending(reason: Interruption): boolean {
    return this.pending && this.reason === reason;
  }

  get latest(): number {
    return Atomics.load(this.#words, REQUESTED);
  }

  get answered(): number {
    return Atomics.load(this.#words, ANSWERED);
  }

  get reason(): Interruption {
    return REASONS[Atomics.load(this.#words, REASON)] ?? 'KeyboardInterrupt';
  }

  answer(request: number): void {
    Atomics.store(this.#words, ANSWERED, request);
  }

  /** Waits until what was written to the descriptors has been read. @param ask Asks the protocol's thread for that. */
  awaitDrain(ask: () => void): void {
    Atomics.store(this.#words, DRAINED, 0);
    ask();
    Atomics.wait(this.#words, DRAINED, 0, DRAIN_MS);
  }

  drained(): void {
    Atomics.store(this.#words, DRAINED, 1);
    Atomics.notify(this.#words, DRAINED);
  }

  /** Whether the session's thread waits for the end of a child process (`execSync`). */
  get blocked(): boolean {
    return Atomics.load(this.#words, BLOCKED) === 1;
  }

  set blocked(blocked: boolean) {
    Atomics.store(this.#words, BLOCKED, blocked ? 1 : 0);
  }
}

/** The name of the script by which the protocol's thread strikes: it lies on top of what it strikes. */
export const STRIKE_FILE = 'losslab-kernel-strike';
