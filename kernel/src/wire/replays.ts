/**
 * Signatures that were seen: a message with one of them is sent a second time, by somebody who recorded it. Two
 * generations bound the memory: the older one is forgotten when the newer one is full.
 */
export class Replays {
  readonly #limit: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  /** @param limit At least this many of the latest signatures are remembered. */
  constructor(limit: number = 2 ** 15) {
    this.#limit = limit;
  }

  /** Remembers a signature. True when it is known already. */
  seen(signature: Buffer): boolean {
    // 128 bits (32 digits) tell signatures apart, and only those that were verified come here.
    const known = signature.toString('latin1', 0, 32);
    if (this.#newer.has(known)) return true;
    const isKnown = this.#older.has(known);
    // Also what is known from long ago: who sends it again and again shall not outlast the memory.
    this.#newer.add(known);
    if (this.#newer.size >= this.#limit) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    return isKnown;
  }
}
