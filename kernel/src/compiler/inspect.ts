/** What is known about the name at a place of a cell, and about the call that the place is in. */
import type { Inspection } from '../places/compiled';
import { callSections } from './call';
import { codeOfCell, type Scratch } from './cells';
import type { CellCompiler } from './compile';
import { commentText, firstParagraph, tagSections } from './documentation';
import { shownFile, withoutPaths } from './paths';
import { render, type Section } from './sections';
import { ts } from './typescript';

/** Types are written out so far; TypeScript's own 160 are for a line. */
const LONGEST = { 0: 400, 1: 4000 } as const;
const LONGEST_SOURCE = 20_000;

/** What TypeScript says of names that nobody has declared. */
const UNKNOWN = /^any$|\/\*unresolved\*\//;

/**
 * @param place UTF-16 units of the code before the cursor
 * @param detail 1 adds the whole comment, where the name is declared, and a cell's source
 */
export function inspect(
  compiler: CellCompiler,
  code: string,
  place: number,
  detail: 0 | 1,
): Inspection | undefined {
  const cursor = Math.max(0, Math.min(code.length, place));
  try {
    const scratch = compiler.cells.scratch(code);
    const name = new Place(compiler, scratch, scratch.shift + cursor, detail).sections();
    const call = callSections(compiler, scratch.file, scratch.shift + cursor, detail);
    const sections = [...name, ...call];
    const found = sections.length > 0 ? sections : typeSections(compiler, wordAt(code, cursor), detail);
    return found.length > 0 ? render(found) : undefined;
  } catch {
    // TypeScript gives up on some half-written code: then nothing is known.
    return undefined;
  }
}

class Place {
  readonly #compiler: CellCompiler;
  readonly #scratch: Scratch;
  readonly #position: number;
  readonly #detail: 0 | 1;

  constructor(compiler: CellCompiler, scratch: Scratch, position: number, detail: 0 | 1) {
    this.#compiler = compiler;
    this.#scratch = scratch;
    this.#position = position;
    this.#detail = detail;
  }

  sections(): Section[] {
    const { languageService } = this.#compiler.service;
    const longest = LONGEST[this.#detail];
    const info = languageService.getQuickInfoAtPosition(this.#scratch.file, this.#position, longest);
    const signature = info && this.#signature(ts.displayPartsToString(info.displayParts));
    if (!info || !signature || UNKNOWN.test(signature)) return [];
    const comment = commentText(info.documentation);
    if (this.#detail === 0) return [{ code: signature }, ...words(firstParagraph(comment))];
    return [{ code: signature }, ...words(comment), ...tagSections(info.tags), ...this.#declarations()];
  }

  #signature(text: string): string {
    const meant = withoutImport(text);
    const module = MODULE_OF_CELL.exec(meant)?.[1];
    const known = module === undefined ? meant : `${module}: ${this.#type()}`;
    return withoutPaths(known, this.#compiler.service.cwd);
  }

  #type(): string {
    const { languageService } = this.#compiler.service;
    const program = languageService.getProgram()!;
    const file = program.getSourceFile(this.#scratch.file)!;
    const checker = program.getTypeChecker();
    return checker.typeToString(checker.getTypeAtLocation(nodeAt(file, this.#position)));
  }

  #declarations(): Section[] {
    const { languageService, cwd } = this.#compiler.service;
    const definition = languageService.getDefinitionAtPosition(this.#scratch.file, this.#position)?.[0];
    const file = definition && languageService.getProgram()?.getSourceFile(definition.fileName);
    if (!definition || !file) return [];
    const { start } = definition.textSpan;
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    if (file.fileName === this.#scratch.file)
      return [{ words: `Declared in this cell, line ${line - this.#linesBefore(file)}` }];
    if (codeOfCell(file.text) === undefined)
      return [{ words: `Declared in ${shownFile(file.fileName, cwd)}:${line}` }];
    return [{ words: `Declared in an earlier cell, line ${line}` }, ...sourceOf(file, definition)];
  }

  #linesBefore(file: ts.SourceFile): number {
    return file.getLineAndCharacterOfPosition(this.#scratch.shift).line;
  }
}

/** Of what cells declare: elsewhere one can look it up. */
function sourceOf(file: ts.SourceFile, { contextSpan }: ts.DefinitionInfo): Section[] {
  if (!contextSpan) return [];
  const code = file.text.slice(contextSpan.start, contextSpan.start + contextSpan.length);
  return [{ code: code.slice(0, LONGEST_SOURCE) }];
}

/** What TypeScript says of a module that an earlier cell has imported whole. */
const MODULE_OF_CELL = /^import (\S+) = \$cell\d+\.\S+$/;

/** The innermost that stands there, or ends there. */
function nodeAt(file: ts.SourceFile, position: number): ts.Node {
  let inner: ts.Node = file;
  for (let node: ts.Node | undefined = file; node !== undefined; ) {
    inner = node;
    node = ts.forEachChild(inner, (child) =>
      child.getStart(file) <= position && position <= child.end ? child : undefined,
    );
  }
  return inner;
}

const words = (text: string): Section[] => (text ? [{ words: text }] : []);

/** How a cell comes by the names of others, or a package by its parts', is no part of the answer. */
function withoutImport(text: string): string {
  const meant = text.replace(/^\(alias\) /, '');
  return meant === text ? text : meant.replace(/\n(import|export) [^\n]*$/, '');
}

/** A type alone, where a value would have to stand: `Shape?` */
function typeSections(compiler: CellCompiler, word: string, detail: 0 | 1): Section[] {
  if (word === '') return [];
  const code = `null! as ${word}`;
  const scratch = compiler.cells.scratch(code);
  return new Place(compiler, scratch, scratch.shift + code.length, detail).sections();
}

function wordAt(code: string, cursor: number): string {
  const before = /[\p{ID_Continue}$.]*$/u.exec(code.slice(0, cursor))?.[0] ?? '';
  const after = /^[\p{ID_Continue}$]*/u.exec(code.slice(cursor))?.[0] ?? '';
  return before + after;
}
