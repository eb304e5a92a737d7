/** One display, wherever it is shown: what `display` returns. As the last expression of a cell it shows nothing. */
export class DisplayHandle {
  readonly id: string;
  /** Shows something else in its place; of a raw display again a MIME bundle. */
  readonly update: (value: unknown) => void;

  constructor(id: string, update: (value: unknown) => void) {
    this.id = id;
    this.update = update;
  }
}
