/** What TypeScript has to say about a cell: what matters in a notebook, in the words and colours of `tsc`. */
import path from 'node:path';
import type { Problem } from '../places/compiled';
import type { Cell } from './cells';
import type { Kind } from './syntax';
import { ts } from './typescript';

/** Errors that speak of modules, where a cell is none. */
const IGNORED: ReadonlySet<number> = new Set([
  // Top-level `await` and `for await`: a cell is an async function.
  1375, 1378, 1431, 1432,
  // `import x = require('y')` in an ECMAScript module: cells have `require`.
  1202,
  // Flags of regular expressions newer than our target: they are left as they are, and every Node here knows them.
  1501,
]);

/** "Cannot assign to 'x' because it is an import": it is one to TypeScript alone. */
const ASSIGNED_IMPORT = 2632;
const ASSIGNED: Partial<Record<Kind, readonly [code: number, what: string]>> = {
  const: [2588, 'a constant'],
  function: [2630, 'a function'],
  class: [2629, 'a class'],
  enum: [2628, 'an enum'],
  namespace: [2631, 'a namespace'],
};

/** The errors of a cell that are the user's, as they are of one text with all cells before it. */
export function relevant(found: readonly ts.Diagnostic[], cell: Cell): ts.Diagnostic[] {
  return found
    .filter((diagnostic) => isRelevant(diagnostic, cell))
    .map((diagnostic) => ofSession(diagnostic, cell));
}

function isRelevant({ category, code, file, start }: ts.Diagnostic, cell: Cell): boolean {
  if (IGNORED.has(code) || category !== ts.DiagnosticCategory.Error) return false;
  // What follows the code was put there by us.
  return file?.fileName !== cell.file || (start ?? 0) <= cell.code.length;
}

function ofSession(diagnostic: ts.Diagnostic, cell: Cell): ts.Diagnostic {
  if (diagnostic.code !== ASSIGNED_IMPORT) return diagnostic;
  const { start = 0, length = 0 } = diagnostic;
  const name = cell.code.slice(start, start + length);
  const kind = cell.imports.get(name)?.syntax.declared.get(name);
  const said = kind && ASSIGNED[kind];
  if (said === undefined) return diagnostic;
  return {
    ...diagnostic,
    code: said[0],
    messageText: `Cannot assign to '${name}' because it is ${said[1]}.`,
  };
}

/** Up to here the codes are of grammar: what the parser leaves to the checker, such as a `break` outside of a loop. */
const LAST_OF_GRAMMAR = 1191;

export interface Problems {
  problems: Problem[];
  text: string;
}

/** The diagnostics as the front end shows them. The cell is called `cell`, whatever its file is called. */
export function describe(
  diagnostics: readonly ts.Diagnostic[],
  kind: Problem['kind'],
  cellFile: string,
): Problems {
  const folder = path.dirname(cellFile);
  const host: ts.FormatDiagnosticsHost = {
    getCurrentDirectory: () => folder,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
  const shown = diagnostics.map((diagnostic) => inCell(diagnostic, cellFile));
  return {
    problems: diagnostics.map((diagnostic) => problem(diagnostic, kind, cellFile)),
    text: ts.formatDiagnosticsWithColorAndContext(shown, host).trimEnd(),
  };
}

function inCell(diagnostic: ts.Diagnostic, cellFile: string): ts.Diagnostic {
  const named = <Information extends ts.DiagnosticRelatedInformation>(
    information: Information,
  ): Information => {
    if (information.file?.fileName !== cellFile) return information;
    const fileName = { value: path.join(path.dirname(cellFile), 'cell') };
    return { ...information, file: Object.create(information.file, { fileName }) as ts.SourceFile };
  };
  const { relatedInformation } = diagnostic;
  return {
    ...named(diagnostic),
    ...(relatedInformation && { relatedInformation: relatedInformation.map(named) }),
  };
}

function problem(
  { file, start, code, messageText }: ts.Diagnostic,
  given: Problem['kind'],
  cellFile: string,
): Problem {
  const kind = code >= 1000 && code <= LAST_OF_GRAMMAR ? 'syntax' : given;
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || start === undefined) return { kind, code, message, line: 1, column: 1 };
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const place = { line: line + 1, column: character + 1 };
  if (file.fileName === cellFile) return { kind, code, message, ...place };
  const name = path.relative(path.dirname(cellFile), file.fileName);
  return { kind, code, message: `${name}:${place.line}:${place.column}: ${message}`, line: 1, column: 1 };
}
