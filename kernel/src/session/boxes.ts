/** A variable of the notebook. Every cell that names it holds the same box, so that all see what is assigned. */
export class Box {
  /** There is none until its declaration was reached. */
  declare v: unknown;
}

/** The variables of all cells: compiled cells call it `$`. */
export class Boxes implements Iterable<[string, Box]> {
  readonly #boxes = new Map<string, Box>();

  readonly get = (name: string): Box => {
    const known = this.#boxes.get(name);
    if (known !== undefined) return known;
    const box = new Box();
    this.#boxes.set(name, box);
    return box;
  };

  [Symbol.iterator](): Iterator<[string, Box]> {
    return this.#boxes.entries();
  }

  holds(name: string, value: unknown): boolean {
    return this.#boxes.get(name)?.v === value;
  }

  /** Of these names those that were declared: a cell that ended early has not come to the others. */
  assigned(names: readonly string[]): string[] {
    return names.filter((name) => Object.hasOwn(this.#boxes.get(name) ?? {}, 'v'));
  }
}
