import { randomUUID } from 'node:crypto';
import { appendEntry, type Entry, LIMITS, type Limits, readEntries, type Stored } from './file';
import { historyFile } from './place';
import { fits } from './wildcards';

/** One cell of the history: the number of its session, its line there, its source or that and what it printed. */
export type Remembered = [session: number, line: number, source: string | [string, string | null]];

export interface HistoryOptions {
  /** LOSSLAB_KERNEL_HISTORY=off keeps nothing after the kernel; LOSSLAB_KERNEL_DATA is the folder of the file. */
  env?: NodeJS.ProcessEnv;
  limits?: Limits;
}

interface Numbered extends Entry {
  session: number;
}

const NOTHING: Stored = { entries: [], dropped: 0 };
const LONGEST_OUTPUT = 10_000;

/** What was run: by this kernel, from its memory, and by the user's others before and beside it, from their file. */
export class History {
  readonly #life = randomUUID();
  readonly #file: string | undefined;
  readonly #limits: Limits;
  readonly #own = new Map<number, Entry>();
  readonly #outputs = new Map<number, string>();
  #size = 0;

  /** Touches no file: `openHistory`. */
  constructor(file: string | undefined, limits: Limits) {
    this.#file = file;
    this.#limits = limits;
  }

  /** A cell that is about to run. A file that can not be written to is no reason for a cell to fail. */
  append(line: number, source: string): void {
    const cell = { life: this.#life, line, source };
    this.#own.set(line, cell);
    this.#size += source.length;
    this.#forget();
    if (this.#file === undefined) return;
    try {
      appendEntry(this.#file, cell, this.#limits);
    } catch {
      // A full disk, a folder without the right to write: this kernel's own cells are still in memory.
    }
  }

  /** The value of a cell as text, for those who ask for outputs. Lives as long as the kernel. */
  output(line: number, text: string): void {
    if (this.#own.has(line)) this.#outputs.set(line, text.slice(0, LONGEST_OUTPUT));
  }

  /** The last `n` cells of all sessions, oldest first. */
  tail(n?: number, output = false): Remembered[] {
    return last(this.#numbered().cells, n).map((cell) => this.#remembered(cell, output));
  }

  /**
   * Cells of one session from line `start` to before `stop`. Session 0 is this one, -1 the one before; negative lines
   * count from the end.
   */
  range(session: number, start = 0, stop?: number, output = false): Remembered[] {
    const { cells, own } = this.#numbered();
    const number = session > 0 ? session : own + session;
    const mine = cells.filter((cell) => cell.session === number);
    const end = (mine.at(-1)?.line ?? 0) + 1;
    const line = (given: number): number => (given < 0 ? given + end : given);
    return mine
      .filter((cell) => cell.line >= line(start) && cell.line < line(stop || end))
      .map((cell) => this.#remembered(session === 0 ? { ...cell, session: 0 } : cell, output));
  }

  /** The last `n` cells whose whole source fits a pattern with `*` and `?`; `unique` keeps the latest of equal ones. */
  search(pattern: string, n?: number, unique = false, output = false): Remembered[] {
    let found = this.#numbered().cells.filter(({ source }) => fits(pattern, source));
    if (unique) {
      const latest = new Map(found.map((cell) => [cell.source, cell]));
      found = found.filter((cell) => latest.get(cell.source) === cell);
    }
    return last(found, n).map((cell) => this.#remembered(cell, output));
  }

  /** The list of a `history_reply`. `raw` makes no difference: cells are kept as they were written. */
  answer(content: Record<string, unknown>): Remembered[] {
    const output = content.output === true;
    const { hist_access_type: access } = content;
    const n = integer(content, 'n');
    if (access === 'tail') return this.tail(n, output);
    if (access === 'search') {
      const pattern = typeof content.pattern === 'string' ? content.pattern : '*';
      return this.search(pattern, n, content.unique === true, output);
    }
    if (access === 'range') {
      const [session, start, stop] = ['session', 'start', 'stop'].map((name) => integer(content, name));
      return this.range(session ?? 0, start, stop, output);
    }
    throw new TypeError(
      `hist_access_type: expected "range", "tail" or "search", got ${JSON.stringify(access)}`,
    );
  }

  /** Every cell with the number of its session, by session and line. */
  #numbered(): { cells: Numbered[]; own: number } {
    const { entries, dropped } = this.#file === undefined ? NOTHING : readEntries(this.#file);
    const numbers = new Map<string, number>();
    for (const { life } of entries) {
      if (!numbers.has(life)) numbers.set(life, dropped + numbers.size + 1);
    }
    const own = numbers.get(this.#life) ?? dropped + numbers.size + 1;
    const cells = [...entries.filter(({ life }) => life !== this.#life), ...this.#own.values()]
      .map((cell) => ({ ...cell, session: numbers.get(cell.life) ?? own }))
      .sort((a, b) => a.session - b.session || a.line - b.line);
    return { cells, own };
  }

  #remembered({ life, session, line, source }: Numbered, output: boolean): Remembered {
    const printed = life === this.#life ? this.#outputs.get(line) : undefined;
    return [session, line, output ? [source, printed ?? null] : source];
  }

  /** The memory is bounded as the file is. */
  #forget(): void {
    for (const { line, source } of this.#own.values()) {
      if (this.#size <= this.#limits.kept && this.#own.size <= this.#limits.cells) return;
      this.#own.delete(line);
      this.#outputs.delete(line);
      this.#size -= source.length;
    }
  }
}

export function openHistory({ env = process.env, limits = LIMITS }: HistoryOptions = {}): History {
  return new History(historyFile(env), limits);
}

function last<T>(items: T[], n: number | undefined): T[] {
  return n === undefined ? items : items.slice(Math.max(0, items.length - Math.max(0, n)));
}

/** A field that may be left out or null. @throws TypeError when it is something else */
function integer(content: Record<string, unknown>, name: string): number | undefined {
  const value = content[name] ?? undefined;
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw new TypeError(
    `${name}: expected an integer, got ${typeof value === 'number' ? value : typeof value}`,
  );
}
