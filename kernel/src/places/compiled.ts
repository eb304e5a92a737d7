/** What the protocol asks the compiler, and what it gets. Offsets are in UTF-16 units, lines and columns from 1. */

export interface CompileRequest {
  /** Unique in this kernel's life, growing. */
  id: number;
  code: string;
  /** False leaves type errors alone; syntax errors always count. */
  check: boolean;
}

export type CompileReply =
  | { ok: true; cell: CompiledCell }
  | { ok: false; problems: Problem[]; text: string };

/** One diagnostic, as `tsc` says it. */
export interface Problem {
  kind: 'syntax' | 'type';
  code: number;
  message: string;
  line: number;
  column: number;
}

/**
 * A cell ready to run. `script` is one expression, a function
 * `async ($, $import, $await, $enter, $meta, require, __filename, __dirname) => value of the last expression`, where
 * - `$(name)` is the box `{ v }` of a variable of the session: the same box for the same name in every cell;
 * - `$import(specifier, attributes?)` is the namespace of a module (static and dynamic imports alike);
 * - `$await(value)` is what `await value` waits for: rejects when the cell is interrupted;
 * - `$enter()` comes first in each function: throws when the cell was interrupted and others call what it has left;
 * - `$meta` is `import.meta`.
 */
export interface CompiledCell {
  id: number;
  /** The script's name, an absolute path in the working folder: `/…/cell-12.ts`. Nothing lies there. */
  file: string;
  /** What the user wrote: a traceback quotes its lines. */
  source: string;
  script: string;
  /** A source map (version 3) from the script's lines to the cell's. */
  map: string;
  /** The values that the cell declares, in the order of its text. */
  names: string[];
  /** Files of the user's own that the cell reaches by relative imports, deepest first; only what is new or changed. */
  neighbours: Neighbour[];
}

/** A TypeScript or JavaScript file beside the notebook, compiled to one `System.register([...], (_export, _context) => …)`. */
export interface Neighbour {
  file: string;
  version: string;
  source: string;
  script: string;
  map: string;
  /** Relative specifiers as written, and the files they mean. */
  imports: Record<string, string>;
}

export interface Completion {
  text: string;
  /** A kind of `_jupyter_types_experimental`: function, class, keyword, property … */
  type: string;
  signature?: string;
}

export interface Completions {
  start: number;
  end: number;
  items: Completion[];
}

export interface Inspection {
  'text/plain': string;
  'text/markdown': string;
}

export type Completeness =
  | { status: 'complete' | 'invalid' | 'unknown' }
  | { status: 'incomplete'; indent: string };

/** The compiler as the protocol sees it: `compiler/client.ts` implements it over a process. */
export interface Compiler {
  compile(request: CompileRequest): Promise<CompileReply>;
  /** After a cell has run: which of its names now live (types always do). Unasked names keep their older cell. */
  commit(id: number, names: string[]): void;
  complete(code: string, cursor: number): Promise<Completions>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined>;
  isComplete(code: string): Promise<Completeness>;
  /** The lines, from 1, where a debugger can stop. */
  breakableLines(code: string): Promise<number[]>;
  /** What a person types at a breakpoint, without its types. */
  asJavaScript(code: string): Promise<string>;
  /** The TypeScript it uses, `6.0.3`. */
  version: string;
  close(): Promise<void>;
}
