/** Functions of a cell ask first whether they may still run: a listener or callback may outlive its interrupted cell. */
import type { Rewriting } from './rewriting';
import { ts } from './typescript';

/** Whether a node is what a function runs. Constructors are left alone: `super()` comes first there, and nobody listens with one. */
export function isBody(node: ts.Node): node is ts.ConciseBody {
  const { parent } = node;
  if (parent === undefined || !ts.isFunctionLike(parent) || ts.isConstructorDeclaration(parent)) return false;
  return (parent as ts.FunctionLikeDeclaration).body === node;
}

/** `{ enter(); … }`, or `(enter(), …)` of an arrow function's expression. */
export function entered(body: ts.ConciseBody, rewriting: Rewriting): ts.ConciseBody {
  const { factory } = rewriting;
  const enter = ifGiven(rewriting);
  if (!ts.isBlock(body)) {
    const both = factory.createParenthesizedExpression(factory.createComma(enter, body));
    return ts.setTextRange(both, body);
  }
  const first = body.statements.findIndex((statement) => !isDirective(statement));
  const at = first < 0 ? body.statements.length : first;
  const statements = [...body.statements];
  const asking = factory.createExpressionStatement(enter);
  // For a debugger it is part of what comes next.
  const next = statements[at];
  if (next) ts.setSourceMapRange(asking, ts.getSourceMapRange(next));
  statements.splice(at, 0, asking);
  return factory.updateBlock(body, statements);
}

/** `typeof $enter === "function" && $enter()`: the text of a function may be run elsewhere, in a worker or a page. */
function ifGiven({ factory, names }: Rewriting): ts.Expression {
  const enter = factory.createIdentifier(names.parameters.enter);
  const isGiven = factory.createStrictEquality(
    factory.createTypeOfExpression(enter),
    factory.createStringLiteral('function'),
  );
  return factory.createLogicalAnd(isGiven, factory.createCallExpression(enter, undefined, []));
}

/** `'use strict'` and the like, which count only where they come first. */
const isDirective = (statement: ts.Statement): boolean =>
  ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
