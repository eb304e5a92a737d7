/** Whether a cell can run as it stands, or which indent its next line gets (`jupyter console` asks at every Enter). */
import type { Completeness } from '../places/compiled';
import { parseCell } from './object';
import { parseErrors, parseModule, ts } from './typescript';

/** What stands at the end of a text that no further line can mend: a string or regular expression ends with its line. */
const UNTERMINATED_STRING = 1002;
const UNTERMINATED_REGEX = 1161;

export function isComplete(code: string): Completeness {
  const file = parse(code);
  const error = parseErrors(file)[0];
  if (!error && !declaresNothing(file)) return { status: 'complete' };
  const open = openBrackets([...tokensOf(file, file)]);
  const isHalf = error && (stopsAtEnd(file, error) || mends(code, open) || beginsObject(code));
  if (error && !isHalf) return { status: 'invalid' };
  return { status: 'incomplete', indent: nextIndent(file, open) };
}

const parse = (code: string): ts.SourceFile => parseCell('cell.ts', code);

/** The parser reads from left to right: when its first complaint is about the end, what came before was fine. */
function stopsAtEnd(file: ts.SourceFile, first: ts.DiagnosticWithLocation): boolean {
  if (first.code === UNTERMINATED_REGEX) return false;
  if (first.code === UNTERMINATED_STRING) return /\\\r?\n?$/.test(file.text);
  return first.start >= file.endOfFileToken.pos;
}

/** `{ a: 1,` is no block, but may become a cell that is an object. */
function beginsObject(code: string): boolean {
  if (!/^\s*\{/.test(code)) return false;
  const object = parseModule('cell.ts', `(${code}`);
  return parseErrors(object)
    .slice(0, 1)
    .every((error) => stopsAtEnd(object, error));
}

interface Bracket {
  /** Where it stands in the file. */
  start: number;
  closer: string;
}

const CLOSERS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.OpenBraceToken, '}'],
  [ts.SyntaxKind.OpenParenToken, ')'],
  [ts.SyntaxKind.OpenBracketToken, ']'],
  [ts.SyntaxKind.TemplateHead, '}`'],
]);

const CLOSING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.TemplateTail,
]);

function openBrackets(tokens: ts.Node[]): Bracket[] {
  const open: Bracket[] = [];
  for (const token of tokens) {
    const closer = CLOSERS.get(token.kind);
    if (closer !== undefined) open.push({ start: token.getStart(), closer });
    else if (CLOSING.has(token.kind)) open.pop();
  }
  return open;
}

function* tokensOf(node: ts.Node, file: ts.SourceFile): Generator<ts.Node> {
  const children = node.getChildren(file);
  if (children.length === 0 && node.end > node.pos) yield node;
  for (const child of children) if (!ts.isJSDoc(child)) yield* tokensOf(child, file);
}

/**
 * What the parser takes for something else until it has seen the end: the parameters of an arrow function
 * (`({ a }: T,`) for an expression, a lone `export` for an error.
 */
function mends(code: string, open: Bracket[]): boolean {
  const closers = open.map(({ closer }) => closer).reverse();
  const arrows = closers.map((_, index) => closers.with(index, `${closers[index]} => 0`).join(''));
  return [' {}', ...arrows].some((end) => parseErrors(parse(code + end)).length === 0);
}

/** `const` with its names still to come: no error to the parser. */
function declaresNothing(file: ts.SourceFile): boolean {
  const last = file.statements.at(-1);
  return last !== undefined && ts.isVariableStatement(last) && last.declarationList.declarations.length === 0;
}

function nextIndent(file: ts.SourceFile, open: Bracket[]): string {
  // In a template every space would become part of the text.
  if (endsInTemplate(file)) return '';
  const lines = file.text.split(/\r?\n/);
  const last = lines.findLastIndex((line) => line.trim() !== '');
  const current = indentOf(lines[last] ?? '');
  const bracket = open.at(-1);
  const continues = bracket !== undefined && file.getLineAndCharacterOfPosition(bracket.start).line < last;
  return continues ? current : current + unitOf(lines);
}

const UNTERMINATED_TEMPLATE = 1160;

function endsInTemplate(file: ts.SourceFile): boolean {
  return parseErrors(file).some(({ code }) => code === UNTERMINATED_TEMPLATE);
}

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

/** One step of indentation as the cell has it so far; two spaces when it has none. */
function unitOf(lines: string[]): string {
  const indents = lines.map(indentOf).filter((indent) => indent !== '');
  if (indents.some((indent) => indent.startsWith('\t'))) return '\t';
  const widths = indents.map((indent) => indent.length).filter((width) => width > 1);
  return ' '.repeat(Math.min(...widths, 8) === 4 ? 4 : 2);
}
