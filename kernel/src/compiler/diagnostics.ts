/** What TypeScript has to say about a cell: what matters in a notebook, in the words and colours of `tsc`. */
import path from 'node:path';
import type { Problem } from '../places/compiled';
import type { Cell } from './cells';
import { ts } from './typescript';

/** Errors that speak of modules, where a cell is none. */
const IGNORED: ReadonlySet<number> = new Set([
  // Top-level await and `for await`: a cell is an async function.
  1375, 1378, 1431, 1432,
  // `import x = require('y')` in an ECMAScript module: cells have `require`.
  1202,
]);

export function isRelevant(diagnostic: ts.Diagnostic, cell: Cell): boolean {
  if (IGNORED.has(diagnostic.code) || diagnostic.category !== ts.DiagnosticCategory.Error) return false;
  // What follows the code was put there by us.
  return diagnostic.file?.fileName !== cell.file || (diagnostic.start ?? 0) <= cell.code.length;
}

export interface Problems {
  problems: Problem[];
  text: string;
}

export function describe(
  diagnostics: readonly ts.Diagnostic[],
  kind: Problem['kind'],
  cellFile: string,
): Problems {
  const shown = diagnostics.map((diagnostic) => inCell(diagnostic, cellFile));
  const host: ts.FormatDiagnosticsHost = {
    getCurrentDirectory: () => path.dirname(cellFile),
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
  return {
    problems: diagnostics.map((diagnostic) => problem(diagnostic, kind, cellFile)),
    text: ts.formatDiagnosticsWithColorAndContext(shown, host).trimEnd(),
  };
}

/** The cell is called `cell`, whatever its file is called. */
function inCell(diagnostic: ts.Diagnostic, cellFile: string): ts.Diagnostic {
  if (diagnostic.file?.fileName !== cellFile) return diagnostic;
  const file = Object.create(diagnostic.file, {
    fileName: { value: path.join(path.dirname(cellFile), 'cell') },
  }) as ts.SourceFile;
  return { ...diagnostic, file };
}

function problem(
  { file, start, code, messageText }: ts.Diagnostic,
  kind: Problem['kind'],
  cellFile: string,
): Problem {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || start === undefined) return { kind, code, message: text, line: 1, column: 1 };
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const place = { line: line + 1, column: character + 1 };
  if (file.fileName === cellFile) return { kind, code, message: text, ...place };
  const name = path.relative(path.dirname(cellFile), file.fileName);
  return { kind, code, message: `${name}:${place.line}:${place.column}: ${text}`, line: 1, column: 1 };
}
