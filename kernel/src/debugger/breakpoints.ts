import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import type { Compiler } from '../places/compiled';
import { DEBUGGEE } from '../places/debuggee';
import type { Breakpoint, SourceBreakpoint } from './dap';
import { type Inspected, thunk } from './inspected';
import type { Script as Compiled, Sources } from './sources';

type Compiling = Pick<Compiler, 'breakableLines' | 'asJavaScript'>;

/** One that is wanted, on a line where it can stop. */
interface Wanted {
  line: number;
  /** As V8 evaluates it. */
  condition: string;
  /** Why it can not stop. */
  problem?: string;
}

/** Where the user wants to stop, kept for every script that was or will be made of the same source. */
export class Breakpoints {
  readonly #sources: Sources;
  readonly #compiler: Compiling;
  readonly #wanted = new Map<string, Wanted[]>();
  /** V8's names of those that it knows, by source. */
  readonly #known = new Map<string, string[]>();
  #latest = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(sources: Sources, compiler: Compiling) {
    this.#sources = sources;
    this.#compiler = compiler;
  }

  /** As front ends ask for them that come later. */
  get list(): { source: string; breakpoints: { line: number }[] }[] {
    return [...this.#wanted].map(([source, wanted]) => ({
      source,
      breakpoints: wanted.map(({ line }) => ({ line })),
    }));
  }

  clear(): void {
    this.#wanted.clear();
    this.#known.clear();
  }

  /** Replaces those of one source. */
  put(thread: Inspected, path: string, asked: readonly SourceBreakpoint[]): Promise<Breakpoint[]> {
    return this.#inTurn(async () => {
      const lines = await this.#lines(path);
      const wanted = await Promise.all(asked.map((one) => this.#wantedFor(one, lines)));
      for (const breakpointId of this.#known.get(path) ?? [])
        await thread.post('Debugger.removeBreakpoint', { breakpointId });
      this.#known.delete(path);
      if (wanted.length === 0) this.#wanted.delete(path);
      else this.#wanted.set(path, wanted);
      const scripts = this.#sources.scriptsOf(path);
      for (const script of scripts) await this.#setAll(thread, script);
      if (scripts.length === 0 && lines === undefined) await this.#setInFile(thread, path);
      const problem = this.#problem(path, lines);
      return wanted.map(({ line, problem: own }) => this.#answer(path, line, own ?? problem));
    });
  }

  /** Before a script runs for the first time. */
  arm(thread: Inspected, script: Compiled): Promise<void> {
    if (this.#wanted.size === 0) return Promise.resolve();
    return this.#inTurn(() => this.#setAll(thread, script));
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Where one can stop in a cell or a neighbour; undefined for other files, of which V8 itself knows. */
  async #lines(path: string): Promise<number[] | undefined> {
    const text = this.#sources.ownText(path);
    return text === undefined ? undefined : await this.#compiler.breakableLines(text);
  }

  /** A line where nothing happens means the next one, or the last. */
  async #wantedFor({ line, condition }: SourceBreakpoint, lines?: number[]): Promise<Wanted> {
    const code = condition?.trim() ? await this.#compiler.asJavaScript(condition) : undefined;
    const problem = code === undefined ? undefined : syntaxError(code);
    return {
      line: lines?.find((one) => one >= line) ?? lines?.at(-1) ?? line,
      condition: code === undefined ? '' : `${DEBUGGEE}.holds(${thunk(code)})`,
      ...(problem !== undefined && { problem: `The condition is no expression: ${problem}` }),
    };
  }

  async #setAll(thread: Inspected, script: Compiled): Promise<void> {
    for (const { line, condition } of this.#wanted.get(script.path) ?? []) {
      const place = script.generated(line);
      if (place !== undefined) await this.#set(thread, script, { ...place, condition });
    }
  }

  async #setInFile(thread: Inspected, path: string): Promise<void> {
    const url = pathToFileURL(path).href;
    for (const { line, condition } of this.#wanted.get(path) ?? [])
      await this.#set(thread, { url, path }, { line, column: 1, condition });
  }

  async #set(
    thread: Inspected,
    { url, path }: Pick<Compiled, 'url' | 'path'>,
    { line, column, condition }: Wanted & { column: number },
  ): Promise<void> {
    const where = { url, lineNumber: line - 1, columnNumber: column - 1, condition };
    try {
      const { breakpointId } = await thread.post<{ breakpointId: string }>(
        'Debugger.setBreakpointByUrl',
        where,
      );
      this.#known.set(path, [...(this.#known.get(path) ?? []), breakpointId]);
    } catch {
      // Two lines of which one does nothing mean the same place.
    }
  }

  #problem(path: string, lines: number[] | undefined): string | undefined {
    if (lines?.length === 0) return 'Nothing here is executed.';
    return this.#sources.text(path) === undefined ? `${path} can not be read.` : undefined;
  }

  #answer(path: string, line: number, problem: string | undefined): Breakpoint {
    this.#latest += 1;
    const answer = { id: this.#latest, line, source: { path }, verified: problem === undefined };
    return problem === undefined ? answer : { ...answer, message: problem };
  }
}

function syntaxError(code: string): string | undefined {
  try {
    new Script(code);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
