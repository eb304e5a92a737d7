/**
 * A cell that is an object, `{ a: 1 }`: to JavaScript it is a block with a label. It is read as Node's REPL, Deno and the
 * consoles of browsers read it, in parentheses.
 */
import { parseErrors, parseModule, ts } from './typescript';

/** Stand on lines of their own, so that no column of the user's moves. */
const OPEN = '(\n';
const CLOSE = '\n)';

/** The lines that stand before the cell's own in what was parsed. */
export type LinesBefore = 0 | 1;

/** A cell's text as a module. */
export function parseCell(fileName: string, code: string): ts.SourceFile {
  const parsed = parseModule(fileName, code);
  const [first] = parsed.statements;
  if (first === undefined || !ts.isBlock(first)) return parsed;
  const object = parseModule(fileName, `${OPEN}${code}${CLOSE}`);
  return isObject(object) && !isBlockForSure(parsed) ? object : parsed;
}

export const linesBefore = (parsed: ts.SourceFile, code: string): LinesBefore =>
  parsed.text.length > code.length ? 1 : 0;

function isObject(file: ts.SourceFile): boolean {
  if (parseErrors(file).length > 0 || file.statements.length !== 1) return false;
  const [statement] = file.statements;
  if (!statement || !ts.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  if (!ts.isParenthesizedExpression(expression)) return false;
  return ts.isObjectLiteralExpression(expression.expression) && expression.expression.properties.length > 0;
}

/** `{ f() }` calls and `{ if (a) { … } }` asks, though objects have methods: a label, or names alone, do nothing. */
function isBlockForSure(parsed: ts.SourceFile): boolean {
  const [block] = parsed.statements;
  if (parseErrors(parsed).length > 0 || !block || !ts.isBlock(block)) return false;
  const [statement, ...more] = block.statements;
  return more.length > 0 || statement === undefined || !readsAsProperties(statement);
}

function readsAsProperties(statement: ts.Statement): boolean {
  if (ts.isLabeledStatement(statement)) return true;
  return ts.isExpressionStatement(statement) && areNames(statement.expression);
}

function areNames(expression: ts.Expression): boolean {
  if (!ts.isBinaryExpression(expression)) return ts.isIdentifier(expression);
  return (
    expression.operatorToken.kind === ts.SyntaxKind.CommaToken &&
    areNames(expression.left) &&
    areNames(expression.right)
  );
}
