/** What can stand at a place of a cell: names of all cells, members, literals, modules; as TypeScript ranks them. */
import path from 'node:path';
import type { Completion, Completions } from '../places/compiled';
import type { CellCompiler } from './compile';
import { completionType } from './completionType';
import { installedPackages, packageBegun } from './packages';
import { ts } from './typescript';

/** More than one looks through, and than any namespace of ours has. */
const MOST = 1000;

const PREFERENCES: ts.GetCompletionsAtPositionOptions = {
  includeCompletionsForModuleExports: false,
  includeCompletionsForImportStatements: false,
  // `?.b` where `a` may be undefined, `["b-c"]` where a dot will not do.
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
  quotePreference: 'single',
  includeSymbol: true,
};

/** @param place UTF-16 units of the code before the cursor; beyond the code is its end */
export function complete(compiler: CellCompiler, code: string, place: number): Completions {
  const cursor = Math.max(0, Math.min(code.length, place));
  const nothing = { start: cursor, end: cursor, items: [] };
  try {
    const { file, shift } = compiler.cells.scratch(code);
    const { languageService } = compiler.service;
    const found = languageService.getCompletionsAtPosition(file, shift + cursor, PREFERENCES);
    const checker = languageService.getProgram()!.getTypeChecker();
    const known = found ? new Choice(checker, code, cursor, shift).of(found) : nothing;
    return withPackages(known, code.slice(0, cursor), path.dirname(file));
  } catch {
    // TypeScript gives up on some half-written code: then there is nothing to offer.
    return nothing;
  }
}

/** In `import … from 'loss|'`, what is installed too. */
function withPackages(known: Completions, before: string, folder: string): Completions {
  const begun = packageBegun(before);
  if (begun === undefined) return known;
  const start = before.length - begun.length;
  const texts = new Set(known.items.map(({ text }) => before.slice(start, known.start) + text));
  const more = installedPackages(folder).filter((name) => name.startsWith(begun) && !texts.has(name));
  if (more.length === 0) return known;
  const items = [
    ...known.items.map((item) => ({ ...item, text: before.slice(start, known.start) + item.text })),
    ...more.map((text) => ({ text, type: 'module' })),
  ];
  return { start, end: Math.max(known.end, before.length), items: items.slice(0, MOST) };
}

interface Replacement {
  entry: ts.CompletionEntry;
  text: string;
  start: number;
  end: number;
}

class Choice {
  readonly #checker: ts.TypeChecker;
  readonly #code: string;
  readonly #cursor: number;
  readonly #shift: number;

  constructor(checker: ts.TypeChecker, code: string, cursor: number, shift: number) {
    this.#checker = checker;
    this.#code = code;
    this.#cursor = cursor;
    this.#shift = shift;
  }

  of({ entries }: ts.CompletionInfo): Completions {
    const word = this.#wordStart();
    const fitting = entries
      .filter(isOffered)
      .map((entry) => this.#replacement(entry, word))
      .filter((replacement) => this.#fits(replacement))
      .sort((a, b) => this.#rank(a).localeCompare(this.#rank(b)))
      .slice(0, MOST);
    const start = Math.min(...fitting.map((replacement) => replacement.start), word);
    const end = Math.max(...fitting.map((replacement) => replacement.end), this.#cursor);
    return { start, end, items: fitting.map((replacement) => this.#item(replacement, start, end)) };
  }

  /** What stands at the cursor is begun by the name that ends there; a private one begins with `#`. */
  #wordStart(): number {
    const before = this.#code.slice(0, this.#cursor);
    return this.#cursor - (/#?[\p{ID_Continue}$\u200c\u200d]*$/u.exec(before)?.[0].length ?? 0);
  }

  #replacement(entry: ts.CompletionEntry, word: number): Replacement {
    const text = entry.insertText ?? entry.name;
    const span = entry.replacementSpan;
    if (!span) return { entry, text, start: word, end: this.#cursor };
    const start = span.start - this.#shift;
    return { entry, text, start, end: Math.max(start + span.length, this.#cursor) };
  }

  /** Case does not count: `getelement` finds `getElementById`. What replaces more than the word is known by its name. */
  #fits({ entry, text, start }: Replacement): boolean {
    const typed = this.#code.slice(start, this.#cursor).toLowerCase();
    const name = entry.name.toLowerCase();
    return text.toLowerCase().startsWith(typed) || name.startsWith(typed.replace(/^(\?\.|\.|\[?["'`]?)/, ''));
  }

  /** What begins just as typed, before what does so in other letters; then as TypeScript sorts. */
  #rank({ entry, text, start }: Replacement): string {
    const typed = this.#code.slice(start, this.#cursor);
    return `${text.startsWith(typed) ? 0 : 1}${entry.sortText}`;
  }

  /** All items replace the same part of the code. */
  #item(replacement: Replacement, start: number, end: number): Completion {
    const { entry, text } = replacement;
    const before = this.#code.slice(start, replacement.start);
    const after = this.#code.slice(replacement.end, end);
    return { text: `${before}${text}${after}`, type: completionType(entry, this.#checker) };
  }
}

/** Not other words of the text, nor what the cells' modules are called among each other, nor a dot become `[Symbol]`. */
function isOffered({ kind, name, insertText = '' }: ts.CompletionEntry): boolean {
  if (kind === ts.ScriptElementKind.warning || /^\$cell\d+$/.test(name)) return false;
  return !/^(\?\.)?\[[^"'`]/.test(insertText);
}
