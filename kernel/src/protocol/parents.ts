import type { Header } from '../wire/message';

/** What front ends must know of the request that caused an output. */
export interface Parent {
  header: Header;
  /** Where input requests go: the client that asked. */
  idents: Buffer[];
  allowStdin: boolean;
}

/** Late output of older requests goes to the latest one: their front ends are gone or have scrolled away. */
const KEPT = 5000;

/** Numbers the requests that run the user's code, and remembers which message each came from. */
export class Parents {
  readonly #parents = new Map<number, Parent>();
  #latest = 0;

  add(parent: Parent): number {
    this.#latest += 1;
    this.#parents.set(this.#latest, parent);
    this.#parents.delete(this.#latest - KEPT);
    return this.#latest;
  }

  get(context: number): Parent | undefined {
    return this.#parents.get(context) ?? this.#parents.get(this.#latest);
  }

  get latest(): number {
    return this.#latest;
  }
}
