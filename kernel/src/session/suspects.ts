import type { Context } from './contexts';

/**
 * Who fills the heap: at each look at it, what it has grown by since the last one is laid to who is at work. That is
 * often wrong, and right in the sum.
 */
export class Suspects {
  readonly #grown = new Map<Context, number>();
  #before = Number.POSITIVE_INFINITY;

  /** @param atWork The context of what was interrupted by the look. */
  look(usedBytes: number, atWork: Context | undefined): void {
    const grown = usedBytes - this.#before;
    this.#before = usedBytes;
    if (atWork !== undefined && grown > 0) this.#grown.set(atWork, (this.#grown.get(atWork) ?? 0) + grown);
  }

  get worst(): Context | undefined {
    let worst: [Context | undefined, number] = [undefined, 0];
    for (const each of this.#grown) if (each[1] > worst[1]) worst = each;
    return worst[0];
  }

  forget(): void {
    this.#grown.clear();
  }
}
