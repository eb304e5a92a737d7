/** What the compiler's process can do, as plain functions: cells, and questions about code that is not run. */
import path from 'node:path';
import type { CompileReply, CompileRequest, Completeness, Completions, Inspection } from '../places/compiled';
import { CellCompiler } from './compile';
import { complete } from './complete';
import { asJavaScript, breakableLines } from './debugging';
import { inspect } from './inspect';
import { isComplete } from './isComplete';
import { newRegistry } from './jsdoc';
import { parseCell } from './object';
import type { CommittedCell } from './requests';
import type { CellSyntax } from './syntax';

export interface Engine {
  /** Runs once through all that a cell goes through, so that the first one is quick. */
  warm(): void;
  compile(request: CompileRequest): CompileReply;
  commit(id: number, names: string[]): void;
  complete(code: string, cursor: number): Completions;
  inspect(code: string, cursor: number, detail: 0 | 1): Inspection | null;
  isComplete(code: string): Completeness;
  breakableLines(code: string): number[];
  asJavaScript(code: string): string;
}

/** What has been parsed once serves every service after it: those of a snapshot, above all. */
const registry = newRegistry();

/** The kernel's own @types/node, for notebooks that have none. */
const OWN_TYPES = path.dirname(path.dirname(require.resolve('@types/node/package.json')));
const GLOBALS = path.join(__dirname, '..', '..', 'types', 'globals.d.ts');

/** Knows these cells. */
export function createEngine(cwd: string, cells: readonly CommittedCell[]): Engine {
  const compiler = new CellCompiler({ cwd, ownTypes: OWN_TYPES, globals: GLOBALS, registry });
  for (const cell of cells) restore(compiler, cell);
  return {
    warm: () => warm(compiler),
    compile(request) {
      // What was looked at last may declare things for all modules.
      compiler.service.deleteCell(0);
      return compiler.compile(request);
    },
    commit: (id, names) => compiler.commit(id, names),
    complete: (code, cursor) => complete(compiler, code, cursor),
    inspect: (code, cursor, detail) => inspect(compiler, code, cursor, detail) ?? null,
    isComplete,
    breakableLines,
    asJavaScript,
  };
}

/** A cell that has run before: it was found right then, so its text is enough. */
function restore({ cells, service }: CellCompiler, { id, code, names }: CommittedCell): void {
  const cell = cells.add(id, code, parseCell(service.cellFile(id), code));
  cells.accept(cell, valuesOf(cell.syntax, names));
  cells.commit(cell, names);
}

/** An import or a namespace may be a type: what became of it says which. */
function valuesOf({ declared }: CellSyntax, names: readonly string[]): Set<string> {
  const isValue = ([name, kind]: [string, string]): boolean => {
    if (kind === 'type' || kind === 'ambient') return false;
    return (kind !== 'import' && kind !== 'namespace') || names.includes(name);
  };
  return new Set([...declared].filter(isValue).map(([name]) => name));
}

/** Reads and binds the libraries, and runs once through all that a cell goes through. */
function warm(compiler: CellCompiler): void {
  compiler.compile({ id: 0, code: 'console.log([1].map((x) => x + 1));', check: true });
  compiler.commit(0, []);
}
