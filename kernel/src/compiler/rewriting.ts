/** What every step of rewriting a cell is given, and what they have in common. */
import type { Names } from './rewriteNames';
import { ts } from './typescript';

export interface Rewriting {
  names: Names;
  factory: ts.NodeFactory;
  /** The specifier that the session is asked for, and the type attribute that Node wants for it. */
  specifier(literal: ts.StringLiteralLike): { text: string; type?: string };
  visitExpression(node: ts.Expression): ts.Expression;
  visit(node: ts.Node): ts.Node;
}

/** `$x.v` in the place of `x`. */
export function boxed(
  name: string,
  { names, factory }: Rewriting,
  at?: ts.Node,
): ts.PropertyAccessExpression {
  const access = factory.createPropertyAccessExpression(factory.createIdentifier(names.box(name)), 'v');
  return at ? ts.setTextRange(access, at) : access;
}

/** Waits as `await` does, or until the cell is interrupted. */
export function guarded(value: ts.Expression, { names, factory }: Rewriting): ts.AwaitExpression {
  const wait = factory.createIdentifier(names.parameters.wait);
  return factory.createAwaitExpression(factory.createCallExpression(wait, undefined, [value]));
}

export const attributes = (given: Record<string, string>, factory: ts.NodeFactory): ts.Expression =>
  factory.createObjectLiteralExpression(
    Object.entries(given).map(([name, value]) =>
      factory.createPropertyAssignment(factory.createStringLiteral(name), factory.createStringLiteral(value)),
    ),
  );

/** An expression without its parentheses and type assertions. */
export function unwrapped(node: ts.Expression): ts.Expression {
  const isWrapped =
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node);
  return isWrapped ? unwrapped(node.expression) : node;
}

/** `({ f: () => {} }).f`: a function without a name gets that of the variable it is assigned to, but not that of a box. */
export function named(name: string, value: ts.Expression, factory: ts.NodeFactory): ts.Expression {
  if (!isNameless(unwrapped(value))) return value;
  // `{ __proto__: … }` would set the prototype.
  const key =
    name === '__proto__' ? factory.createComputedPropertyName(factory.createStringLiteral(name)) : name;
  const object = factory.createObjectLiteralExpression([factory.createPropertyAssignment(key, value)]);
  const access =
    name === '__proto__'
      ? factory.createElementAccessExpression(object, factory.createStringLiteral(name))
      : factory.createPropertyAccessExpression(object, name);
  return ts.setTextRange(access, value);
}

const isNameless = (value: ts.Expression): boolean =>
  ts.isArrowFunction(value) ||
  ((ts.isFunctionExpression(value) || ts.isClassExpression(value)) && !value.name);
