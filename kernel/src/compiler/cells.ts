/**
 * The cells that can still be seen, and which of them a name means. Each is a module that shows its names in a global
 * namespace of its own, `$cell7`; later cells have `import x = $cell7.x` after their own text, so that no line or
 * column of theirs moves. Imports of modules would do the same, but a program whose imports change is slow to make.
 */
import { type LinesBefore, linesBefore } from './object';
import type { Service } from './service';
import { type CellSyntax, type Kind, readSyntax } from './syntax';
import { parseModule, type ts } from './typescript';

export interface Cell {
  id: number;
  file: string;
  code: string;
  /** What stands before its code in its module. */
  linesBefore: LinesBefore;
  syntax: CellSyntax;
  /** Which cell each name means that it takes from others. */
  imports: ReadonlyMap<string, Cell>;
  /** The values that it declares; known when it is compiled. */
  values: ReadonlySet<string>;
  /** Its code was found right; whether it has run is another matter. */
  compiled: boolean;
}

export interface Scratch {
  file: string;
  /** How many UTF-16 units stand before the code's own. */
  shift: number;
}

/** Where the user's own part of a cell's module ends; -1 for a file that is none. */
export const endOfCode = (text: string): number => text.lastIndexOf('\ndeclare global { namespace $cell');

/** That part; undefined for a file that is none. */
export function codeOfCell(text: string): string | undefined {
  const end = endOfCode(text);
  return end < 0 ? undefined : text.slice(0, end);
}

/** `value` and `type` can be declared apart and live under one name. */
const meaning = (kind: Kind): 'value' | 'type' | 'both' => {
  if (kind === 'type') return 'type';
  return ['let', 'const', 'var', 'function'].includes(kind) ? 'value' : 'both';
};

export class Cells {
  readonly #service: Service;
  readonly #cells = new Map<number, Cell>();
  readonly #live = new Map<string, Cell>();
  /** Changes when what is declared for all modules does. */
  epoch = 0;

  constructor(service: Service) {
    this.#service = service;
  }

  /** The cell that declares a name as it is now. */
  get(name: string): Cell | undefined {
    return this.#live.get(name);
  }

  has(cell: Cell): boolean {
    return this.#cells.get(cell.id) === cell;
  }

  /** Makes a cell's module. `parsed` is its code alone (`object.ts`). */
  add(id: number, code: string, parsed: ts.SourceFile): Cell {
    const syntax = readSyntax(parsed);
    const imports = this.#importsOf(syntax);
    const text = `${asModule(parsed.text)}\n${exportsOf(id, syntax)}\n${importsOf(syntax, imports)}\n`;
    const file = this.#service.setCell(id, text);
    const own = { id, file, code, linesBefore: linesBefore(parsed, code) };
    const cell: Cell = { ...own, syntax, imports, values: new Set(), compiled: false };
    this.#cells.set(id, cell);
    return cell;
  }

  /** Types live from here on; values when the cell has run. */
  accept(cell: Cell, values: ReadonlySet<string>): void {
    cell.values = values;
    cell.compiled = true;
    for (const name of cell.syntax.declared.keys()) if (!values.has(name)) this.#live.set(name, cell);
    if (!cell.syntax.ambient) return;
    this.epoch += 1;
  }

  /** @param id The request that ran: a cell that is run again as it was keeps its module. */
  commit(cell: Cell, names: readonly string[], id: number = cell.id): void {
    for (const name of names) if (cell.values.has(name)) this.#live.set(name, cell);
    for (const [name, kind] of cell.syntax.declared)
      if (kind === 'type' || kind === 'ambient') this.#live.set(name, cell);
    this.#sweep(id);
  }

  drop(cell: Cell): void {
    this.#cells.delete(cell.id);
    this.#service.deleteCell(cell.id);
  }

  /** A module for looking at code that is not run: it sees all names that it does not declare itself. */
  scratch(code: string): Scratch {
    const { declared, owned } = readSyntax(parseModule(this.#service.cellFile(0), code));
    const others = [...this.#live].filter(([name]) => !declared.has(name) && !owned.has(name));
    const names = others.map(([name, cell]) => importOf(name, cell));
    const before = `declare global {}${names.join('')}\n`;
    return { file: this.#service.setCell(0, `${before}${asModule(code)}`), shift: before.length };
  }

  #importsOf({ used, declared, owned }: CellSyntax): Map<string, Cell> {
    const imports = new Map<string, Cell>();
    for (const name of used) {
      const cell = this.#live.get(name);
      if (cell && !declared.has(name) && !owned.has(name)) imports.set(name, cell);
    }
    for (const [name, kind] of declared) {
      const cell = this.#live.get(name);
      const other = cell?.syntax.declared.get(name);
      // `type Options` here and `const Options` there: later cells are to see both.
      if (cell && other && isComplement(meaning(kind), meaning(other))) imports.set(name, cell);
    }
    return imports;
  }

  /** Forgets cells that no name means and no such cell imports; later ones may still be about to run. */
  #sweep(latest: number): void {
    const reached = new Set<Cell>();
    const reach = (cell: Cell): void => {
      if (reached.has(cell)) return;
      reached.add(cell);
      for (const other of cell.imports.values()) reach(other);
    };
    for (const cell of this.#live.values()) reach(cell);
    for (const cell of this.#cells.values()) if (cell.syntax.ambient || cell.id > latest) reach(cell);
    for (const cell of [...this.#cells.values()]) if (!reached.has(cell)) this.drop(cell);
  }
}

const isComplement = (a: string, b: string): boolean => a !== b && a !== 'both' && b !== 'both';

/** A line `#!…` is a comment to TypeScript only at the start of what Node runs. */
const asModule = (code: string): string => (code.startsWith('#!') ? `//${code.slice(2)}` : code);

/** How the names of a cell are seen by others. */
export const namespaceOf = (id: number): string => `$cell${id}`;

function exportsOf(id: number, { declared }: CellSyntax): string {
  return `declare global { namespace ${namespaceOf(id)} { export { ${[...declared.keys()].join(', ')} }; } }`;
}

const importOf = (name: string, { id }: Cell): string => `import ${name} = ${namespaceOf(id)}.${name};`;

/**
 * A variable that the cell assigns is declared with the type that it has, as nothing can be assigned to an import.
 */
function importsOf({ assigned, declared }: CellSyntax, imports: ReadonlyMap<string, Cell>): string {
  const lines = [...imports].map(([name, cell]) => {
    const isAssigned =
      assigned.has(name) && !declared.has(name) && isVariable(cell.syntax.declared.get(name));
    if (!isAssigned) return importOf(name, cell);
    const meant = `${namespaceOf(cell.id)}.${name}`;
    const isType = cell.syntax.types.has(name) || cell.imports.get(name)?.syntax.types.has(name);
    return `declare let ${name}: typeof ${meant};${isType ? `type ${name} = ${meant};` : ''}`;
  });
  return lines.join('');
}

const isVariable = (kind: Kind | undefined): boolean => kind === 'let' || kind === 'var';
