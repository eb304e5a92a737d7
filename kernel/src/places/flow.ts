/**
 * What of the session's messages is under way, in shared memory. A loop that displays without end waits for the protocol,
 * as one that prints does (`ring.ts`): otherwise its messages would fill the memory, and keep the protocol from all other
 * channels. And what is printed after a message must not be shown before it, although it comes by another way.
 */
const DEALT_WITH = 0;
const SENT = 1;
const WORDS = 2;

/** So many may be under way: a few milliseconds' work, as the heartbeat must answer within 20. */
const UNDER_WAY = 48;
/** How often (milliseconds) who waits looks whether it is still wanted. */
const LOOK_MS = 10;
/** A message that has not come for so long (milliseconds) was never sent: its code was ended just then. */
const LOST_MS = 100;

export function newFlow(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * WORDS);
}

/** The session's end. */
export class FlowWriter {
  readonly #words: Int32Array;

  constructor(shared: SharedArrayBuffer) {
    this.#words = new Int32Array(shared);
  }

  /** @param isWanted Asked now and then: when not, nobody waits any longer. @returns whether there is room */
  awaitRoom(isWanted: () => boolean): boolean {
    for (;;) {
      const dealtWith = Atomics.load(this.#words, DEALT_WITH);
      if (((Atomics.load(this.#words, SENT) - dealtWith) | 0) < UNDER_WAY) return true;
      if (!isWanted()) return false;
      Atomics.wait(this.#words, DEALT_WITH, dealtWith, LOOK_MS);
    }
  }

  /** The number of the next message, which goes with it. To be called before the message is sent. */
  next(): number {
    return (Atomics.add(this.#words, SENT, 1) + 1) | 0;
  }
}

/** The protocol's end. */
export class FlowReader {
  readonly #words: Int32Array;
  /** The number of the latest message that came. */
  #latest = 0;
  #turn: NodeJS.Immediate | undefined;
  #missed = { sent: 0, since: 0 };

  constructor(shared: SharedArrayBuffer) {
    this.#words = new Int32Array(shared);
  }

  /** Whether a message was sent that has not come: what is read after this was asked may have been printed after it. */
  get isUnderWay(): boolean {
    const sent = Atomics.load(this.#words, SENT);
    if (sent === this.#latest) return false;
    const now = performance.now();
    if (this.#missed.sent !== sent) this.#missed = { sent, since: now };
    if (now - this.#missed.since < LOST_MS) return true;
    this.dealtWith(sent);
    return false;
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
    Atomics.store(this.#words, DEALT_WITH, this.#latest);
    Atomics.notify(this.#words, DEALT_WITH);
  }
}
