import { Recent } from '../../places/recent';

/** Lines that are kept. */
const KEPT = 10_000;

/** The frames that the user's code was told in `error.stack`, and what V8 had called them. */
export class Told {
  readonly #raw = new Recent<string, string>(KEPT);
  #shown = new Recent<string, string>(KEPT);

  /** A line as it is shown, empty for one that is not; found out once, as loops make the same errors. */
  shown(line: string, show: (line: string) => string): string {
    const known = this.#shown.get(line);
    if (known !== undefined) return known;
    const shown = show(line);
    this.#shown.set(line, shown, 1);
    if (shown !== '' && shown !== line) this.#raw.set(shown, line, 1);
    return shown;
  }

  /** What V8 had written in the place of a line. */
  raw(line: string): string {
    return this.#raw.get(line) ?? line;
  }

  /** A file has other lines now. */
  forget(): void {
    this.#shown = new Recent(KEPT);
  }
}
