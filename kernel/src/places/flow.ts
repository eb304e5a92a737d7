/**
 * How many messages of the user's code the protocol has not dealt with, in shared memory: a loop that displays without
 * end waits for the protocol, as one that prints does (`ring.ts`). Otherwise its messages would fill the memory, and keep
 * the protocol from all other channels.
 */

/** So many may be under way: a few milliseconds' work, as the heartbeat must answer within 20. */
const UNDER_WAY = 48;
/** How often (milliseconds) who waits looks whether it is still wanted. */
const LOOK_MS = 10;

export function newFlow(): SharedArrayBuffer {
  return new SharedArrayBuffer(4);
}

/** The session's end. */
export class FlowWriter {
  /** The number of the latest message that the protocol has dealt with. */
  readonly #dealtWith: Int32Array;
  #sent = 0;

  constructor(shared: SharedArrayBuffer) {
    this.#dealtWith = new Int32Array(shared);
  }

  /** @param isWanted Asked now and then: when not, nobody waits any longer. @returns whether there is room */
  awaitRoom(isWanted: () => boolean): boolean {
    for (;;) {
      const dealtWith = Atomics.load(this.#dealtWith, 0);
      if (((this.#sent - dealtWith) | 0) < UNDER_WAY) return true;
      if (!isWanted()) return false;
      Atomics.wait(this.#dealtWith, 0, dealtWith, LOOK_MS);
    }
  }

  /** The number of the next message, which goes with it: one that is never sent, as its code was ended, is no loss. */
  next(): number {
    this.#sent = (this.#sent + 1) | 0;
    return this.#sent;
  }
}

/** The protocol's end. */
export class FlowReader {
  readonly #dealtWith: Int32Array;
  #latest = 0;
  #turn: NodeJS.Immediate | undefined;

  constructor(shared: SharedArrayBuffer) {
    this.#dealtWith = new Int32Array(shared);
  }

  /**
   * This message was dealt with. The writer hears of it when the event loop has turned: a port is read as long as
   * something comes, and other channels would never get their turn.
   */
  dealtWith(message: number): void {
    this.#latest = message;
    this.#turn ??= setImmediate(() => this.#tell());
  }

  #tell(): void {
    this.#turn = undefined;
    Atomics.store(this.#dealtWith, 0, this.#latest);
    Atomics.notify(this.#dealtWith, 0);
  }
}
