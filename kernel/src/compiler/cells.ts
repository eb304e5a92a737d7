/**
 * The cells that can still be seen, and which of them a name means. Each is a module; names of earlier cells are
 * imported from theirs, by lines after its own text: imports are hoisted, and no line or column of the cell moves.
 */
import { cellSpecifier } from './resolution';
import type { Service } from './service';
import { type CellSyntax, type Kind, readSyntax } from './syntax';
import type { ts } from './typescript';

export interface Cell {
  id: number;
  file: string;
  code: string;
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

  /** Makes a cell's module. `parsed` is its code alone. */
  add(id: number, code: string, parsed: ts.SourceFile): Cell {
    const syntax = readSyntax(parsed);
    const imports = this.#importsOf(syntax);
    const text = `${asModule(code)}\n${exportsOf(syntax)}${importsOf(syntax, imports)}`;
    const file = this.#service.setCell(id, text);
    const cell: Cell = { id, file, code, syntax, imports, values: new Set(), compiled: false };
    this.#cells.set(id, cell);
    return cell;
  }

  /** Types live from here on; values when the cell has run. */
  accept(cell: Cell, values: ReadonlySet<string>): void {
    cell.values = values;
    cell.compiled = true;
    for (const name of cell.syntax.declared.keys()) if (!values.has(name)) this.#live.set(name, cell);
    if (!cell.syntax.ambient) return;
    this.#service.pinCell(cell.id);
    this.epoch += 1;
  }

  commit(cell: Cell, names: readonly string[]): void {
    for (const name of names) if (cell.values.has(name)) this.#live.set(name, cell);
    this.#sweep(cell.id);
  }

  drop(cell: Cell): void {
    this.#cells.delete(cell.id);
    this.#service.deleteCell(cell.id);
  }

  /** A module for looking at code that is not run: it sees all names. */
  scratch(code: string): Scratch {
    const lines = [...this.#namesByCell()].map(([cell, names]) => importLine(cell, names));
    const before = `${lines.join(' ')}\n`;
    return { file: this.#service.setCell(0, `${before}${asModule(code)}`), shift: before.length };
  }

  #namesByCell(): Map<Cell, string[]> {
    const byCell = new Map<Cell, string[]>();
    for (const [name, cell] of this.#live) byCell.set(cell, [...(byCell.get(cell) ?? []), name]);
    return byCell;
  }

  #importsOf({ used, declared }: CellSyntax): Map<string, Cell> {
    const imports = new Map<string, Cell>();
    for (const name of used) {
      const cell = this.#live.get(name);
      if (cell && !declared.has(name)) imports.set(name, cell);
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

function exportsOf({ declared, exported }: CellSyntax): string {
  const names = [...declared.keys()].filter((name) => !exported.has(name));
  return `export { ${names.join(', ')} };`;
}

const isVariable = (kind: Kind | undefined): boolean => kind === 'let' || kind === 'var';

/**
 * A variable that the cell assigns is declared with the type that it has, as nothing can be assigned to an import.
 */
function importsOf({ assigned, declared }: CellSyntax, imports: ReadonlyMap<string, Cell>): string {
  const byCell = new Map<Cell, string[]>();
  const declarations: string[] = [];
  for (const [name, cell] of imports) {
    const names = byCell.get(cell) ?? [];
    byCell.set(cell, names);
    if (assigned.has(name) && !declared.has(name) && isVariable(cell.syntax.declared.get(name))) {
      names.push(`${name} as ${name}$${cell.id}$`);
      declarations.push(`declare let ${name}: typeof ${name}$${cell.id}$;`);
    } else names.push(name);
  }
  return [...[...byCell].map(([cell, names]) => importLine(cell, names)), ...declarations].join('');
}

const importLine = (cell: Cell, names: readonly string[]): string =>
  `import { ${names.join(', ')} } from '${cellSpecifier(cell.id)}';`;
