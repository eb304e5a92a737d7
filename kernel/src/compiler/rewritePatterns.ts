/** Declarations become assignments to boxes: `const { a, b: [c = 1] } = o` → `({ a: $a.v, b: [$c.v = 1] } = o)`. */
import { boxed, named, type Rewriting } from './rewriting';
import { ts } from './typescript';

/** One assignment for each variable of a list that gets a value. */
export function assignVariables(list: ts.VariableDeclarationList, rewriting: Rewriting): ts.Expression[] {
  const { factory } = rewriting;
  return list.declarations.flatMap((declaration) => {
    const { name, initializer } = declaration;
    if (initializer === undefined && !(list.flags & ts.NodeFlags.Let)) return [];
    const value = initializer ? rewriting.visitExpression(initializer) : factory.createVoidZero();
    const text = ts.isIdentifier(name) ? name.text : undefined;
    const given = text === undefined ? value : named(text, value, factory);
    return [ts.setTextRange(factory.createAssignment(targetOf(name, rewriting), given), declaration)];
  });
}

/** What is assigned in the place of a declared name or pattern. */
export function targetOf(name: ts.BindingName, rewriting: Rewriting): ts.Expression {
  const { factory } = rewriting;
  if (ts.isIdentifier(name)) return boxed(name.text, rewriting, name);
  const pattern = ts.isObjectBindingPattern(name)
    ? factory.createObjectLiteralExpression(name.elements.map((element) => property(element, rewriting)))
    : factory.createArrayLiteralExpression(name.elements.map((element) => item(element, rewriting)));
  return ts.setTextRange(pattern, name);
}

function property(element: ts.BindingElement, rewriting: Rewriting): ts.ObjectLiteralElementLike {
  const { factory } = rewriting;
  if (element.dotDotDotToken) return factory.createSpreadAssignment(targetOf(element.name, rewriting));
  const key = element.propertyName
    ? (rewriting.visit(element.propertyName) as ts.PropertyName)
    : factory.createIdentifier((element.name as ts.Identifier).text);
  return factory.createPropertyAssignment(key, withDefault(element, rewriting));
}

function item(element: ts.ArrayBindingElement, rewriting: Rewriting): ts.Expression {
  const { factory } = rewriting;
  if (ts.isOmittedExpression(element)) return factory.createOmittedExpression();
  if (element.dotDotDotToken) return factory.createSpreadElement(targetOf(element.name, rewriting));
  return withDefault(element, rewriting);
}

function withDefault({ name, initializer }: ts.BindingElement, rewriting: Rewriting): ts.Expression {
  const target = targetOf(name, rewriting);
  if (initializer === undefined) return target;
  const value = rewriting.visitExpression(initializer);
  const given = ts.isIdentifier(name) ? named(name.text, value, rewriting.factory) : value;
  return rewriting.factory.createAssignment(target, given);
}
