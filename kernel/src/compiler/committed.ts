import type { CompileRequest } from '../places/compiled';
import type { CommittedCell } from './requests';

/** What a new process has to be told: the code of the cells that have run, in the order in which they did. */
export class Committed {
  readonly #offered = new Map<number, string>();
  readonly #cells = new Map<number, CommittedCell>();

  /** A cell that may run. */
  offer({ id, code }: CompileRequest): void {
    this.#offered.set(id, code);
  }

  /** A cell that does not compile, or that nobody waits for any more. */
  drop(id: number): void {
    this.#offered.delete(id);
  }

  commit(id: number, names: string[]): void {
    const code = this.#offered.get(id) ?? this.#cells.get(id)?.code;
    if (code === undefined) return;
    this.#cells.delete(id);
    this.#cells.set(id, { id, code, names });
    // Ids grow: older cells were asked for once (user expressions) or never ran.
    for (const offered of this.#offered.keys()) if (offered <= id) this.#offered.delete(offered);
  }

  get cells(): CommittedCell[] {
    return [...this.#cells.values()];
  }
}
