/** What TypeScript has to say about a cell: what matters in a notebook, in the words of `tsc`. */
import path from 'node:path';
import type { Problem } from '../places/compiled';
import { bold, quote, red } from '../session/errors/quote';
import { type Cell, codeOfCell, endOfCode } from './cells';
import { shownFile, withoutPaths } from './paths';
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
  return file?.fileName !== cell.file || (start ?? 0) <= endOfCode(file.text);
}

function ofSession(diagnostic: ts.Diagnostic, cell: Cell): ts.Diagnostic {
  if (diagnostic.code !== ASSIGNED_IMPORT) return diagnostic;
  const { start = 0, length = 0, file } = diagnostic;
  const name = file?.text.slice(start, start + length) ?? '';
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

/** What is told of a cell: its text, and where that begins in its file. */
type Told = Pick<Cell, 'file' | 'code' | 'linesBefore'>;

export interface Problems {
  problems: Problem[];
  text: string;
}

/**
 * The diagnostics as the front end shows them, laid out as errors of running cells are: the colours of `tsc` can not be
 * read on a notebook's error.
 */
export function describe(diagnostics: readonly ts.Diagnostic[], kind: Problem['kind'], cell: Told): Problems {
  return {
    problems: diagnostics.map((diagnostic) => problem(diagnostic, kind, cell)),
    text: diagnostics.flatMap((diagnostic) => linesOf(diagnostic, cell)).join('\n'),
  };
}

function linesOf(diagnostic: ts.Diagnostic, cell: Told): string[] {
  const { code, relatedInformation = [] } = diagnostic;
  const message = messageOf(diagnostic, cell);
  const [where, quoted] = placeOf(diagnostic, cell);
  const related = relatedInformation.filter(({ file }) => file !== undefined && isOwn(file.fileName));
  return [
    ...`${where}${red(`error TS${code}`)}: ${message}`.split('\n'),
    ...quoted,
    ...related.flatMap((one) => relatedLines(one, cell)),
  ];
}

function relatedLines(related: ts.DiagnosticRelatedInformation, cell: Told): string[] {
  const [where, quoted] = placeOf(related, cell);
  const message = messageOf(related, cell);
  return [`${where}${message}`, ...quoted].map((line) => `  ${line}`);
}

const messageOf = ({ messageText }: ts.DiagnosticRelatedInformation, { file }: Told): string =>
  withoutPaths(ts.flattenDiagnosticMessageText(messageText, '\n'), path.dirname(file));

/** Where a declaration stands in a library is of no use to who wrote the cell. */
const isOwn = (file: string): boolean => !file.split('/').includes('node_modules');

function placeOf(
  { file, start, length }: ts.DiagnosticRelatedInformation,
  cell: Told,
): [where: string, quoted: string[]] {
  if (file === undefined || start === undefined) return ['', []];
  const isCell = file.fileName === cell.file;
  const place = file.getLineAndCharacterOfPosition(start);
  const [line, column] = [place.line + 1 - (isCell ? cell.linesBefore : 0), place.character + 1];
  const earlier = isCell ? undefined : codeOfCell(file.text);
  const name = isCell
    ? 'cell'
    : earlier === undefined
      ? shownFile(file.fileName, path.dirname(cell.file))
      : 'an earlier cell';
  const lines = (isCell ? cell.code : (earlier ?? file.text)).split(/\r\n|[\r\n\u2028\u2029]/);
  const quoted = quote({ lines, line, column, ...(length !== undefined && { length }) });
  return [`${bold(`${name}, line ${line}, column ${column}`)} - `, quoted];
}

function problem(diagnostic: ts.Diagnostic, given: Problem['kind'], cell: Told): Problem {
  const { file, start, code } = diagnostic;
  const kind = code >= 1000 && code <= LAST_OF_GRAMMAR ? 'syntax' : given;
  const message = messageOf(diagnostic, cell);
  if (file === undefined || start === undefined) return { kind, code, message, line: 1, column: 1 };
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const place = { line: line + 1, column: character + 1 };
  if (file.fileName === cell.file)
    return { kind, code, message, ...place, line: place.line - cell.linesBefore };
  const name = shownFile(file.fileName, path.dirname(cell.file));
  return { kind, code, message: `${name}:${place.line}:${place.column}: ${message}`, line: 1, column: 1 };
}
