/** A map that holds only so much: what was set longest ago goes first. */
export class Recent<Key, Value> {
  readonly #entries = new Map<Key, { value: Value; weight: number }>();
  readonly #capacity: number;
  #weight = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  /** What was set last stays, however much it weighs. */
  set(key: Key, value: Value, weight: number): void {
    this.#forget(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#capacity || oldest === key) break;
      this.#forget(oldest);
    }
  }

  *values(): Generator<Value> {
    for (const { value } of this.#entries.values()) yield value;
  }

  #forget(key: Key): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
