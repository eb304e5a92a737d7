/** A variable of the notebook. Every cell that names it holds the same box, so that all see what is assigned. */
export interface Box {
  v: unknown;
}

/** The variables of all cells: compiled cells call it `$`. */
export class Boxes {
  readonly #boxes = new Map<string, Box>();

  readonly get = (name: string): Box => {
    const known = this.#boxes.get(name);
    if (known !== undefined) return known;
    const box: Box = { v: undefined };
    this.#boxes.set(name, box);
    return box;
  };

  /** Of these names those that have a value: a cell that ended early has not come to the others. */
  assigned(names: readonly string[]): string[] {
    return names.filter((name) => this.#boxes.get(name)?.v !== undefined);
  }
}
