/** A cell's JavaScript and its source map. */
import type { Cell } from './cells';
import { movedUp } from './mappings';
import { rewriteCell } from './rewrite';
import type { Parameters } from './rewriteNames';
import type { Rewriting } from './rewriting';
import { ts } from './typescript';

export interface Emitted {
  script: string;
  /** Of a source map, without its one source. */
  mappings: string;
  values: Set<string>;
}

export function emitCell(program: ts.Program, cell: Cell, specifier: Rewriting['specifier']): Emitted {
  const file = program.getSourceFile(cell.file)!;
  const rewritten = rewriteCell(cell, file, program.getTypeChecker(), specifier);
  let js = '';
  let map = '';
  const write: ts.WriteFileCallback = (name, text) => {
    if (name.endsWith('.map')) map = text;
    else js = text;
  };
  program.emit(file, write, undefined, false, { before: [rewritten.transformer], after: [withoutExports] });
  const { parameters, values } = rewritten;
  const mappings = cell.linesBefore === 0 ? mappingsOf(map) : movedUp(mappingsOf(map));
  return { script: asFunction(js, parameters), mappings: `;${mappings}`, values };
}

/** TypeScript marks every module as one: `export {};`. */
const withoutExports: ts.TransformerFactory<ts.SourceFile> = (context) => (source) =>
  context.factory.updateSourceFile(
    source,
    source.statements.filter((statement) => !ts.isExportDeclaration(statement)),
  );

/** One line stands before the cell's: the mappings know it. */
function asFunction(js: string, { box, load, wait, enter, meta, node }: Parameters): string {
  const parameters = [box, load, wait, enter, meta, ...node].join(', ');
  return `async (${parameters}) => { 'use strict';\n${js.replace(/\/\/# sourceMappingURL=\S*\s*$/, '')}\n}`;
}

const mappingsOf = (map: string): string => (JSON.parse(map) as { mappings: string }).mappings;

export function mapOf(file: string, mappings: string): string {
  return JSON.stringify({ version: 3, file, sources: [file], names: [], mappings });
}
