const MEGABYTE = 2 ** 20;
/** Cells that print late are counted as long as they are among so many latest ones. */
const CELLS_COUNTED = 1000;

/** How much of a cell's output is kept; `last` is said once, of the first that is not. */
export class Cap {
  megabytes: number;
  readonly #taken = new Map<number, number>();

  constructor(megabytes: number) {
    this.megabytes = megabytes;
  }

  take(context: number, bytes: number): 'fits' | 'last' | 'over' {
    const limit = this.megabytes * MEGABYTE;
    const before = this.#taken.get(context) ?? 0;
    this.#taken.set(context, before + bytes);
    this.#taken.delete(context - CELLS_COUNTED);
    if (before + bytes <= limit) return 'fits';
    return before <= limit ? 'last' : 'over';
  }

  note(): string {
    return (
      `\n[The output of this cell is more than ${this.megabytes} MB: the rest is not shown. ` +
      `To keep more, run \`jupyter.outputLimit = ${this.megabytes * 10}\` (megabytes) in a cell before.]\n`
    );
  }
}
