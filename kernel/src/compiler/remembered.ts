/** Cells that were compiled before: the same text, whose names still mean the same, is not compiled again. */
import type { Cell, Cells } from './cells';

export interface Compiled {
  cell: Cell;
  check: boolean;
  script: string;
  mappings: string;
  /** The user's own files that it reaches, and their stamp. */
  files: readonly string[];
  stamp: string;
}

interface Entry extends Compiled {
  /** What the names that it uses meant, where it does not declare them itself. */
  meanings: ReadonlyMap<string, Cell | undefined>;
  epoch: number;
}

const KEPT = 64;
const LONGEST = 100_000;

export class Remembered {
  readonly #cells: Cells;
  readonly #entries = new Map<string, Entry>();

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  clear(): void {
    this.#entries.clear();
  }

  find(code: string, check: boolean, stampOf: (files: readonly string[]) => string): Compiled | undefined {
    const entry = this.#entries.get(code);
    if (entry === undefined) return undefined;
    const isSame =
      entry.check === check &&
      entry.epoch === this.#cells.epoch &&
      (entry.cell.syntax.declared.size === 0 || this.#cells.has(entry.cell)) &&
      [...entry.meanings].every(([name, cell]) => this.#cells.get(name) === cell) &&
      entry.stamp === stampOf(entry.files);
    return isSame ? entry : undefined;
  }

  keep(compiled: Compiled): void {
    const { code, syntax } = compiled.cell;
    if (code.length > LONGEST || syntax.ambient) return;
    const free = [...syntax.used].filter((name) => !syntax.declared.has(name));
    const meanings = new Map(free.map((name) => [name, this.#cells.get(name)]));
    this.#entries.delete(code);
    this.#entries.set(code, { ...compiled, meanings, epoch: this.#cells.epoch });
    if (this.#entries.size > KEPT) this.#entries.delete(this.#entries.keys().next().value!);
  }
}
