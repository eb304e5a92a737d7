/** The statements at a cell's top level. */
import { assignVariables } from './rewritePatterns';
import { boxed, type Rewriting } from './rewriting';
import { hasModifier, isAmbient, isUsing } from './syntax';
import { ts } from './typescript';

/** One statement of the cell as the session runs it; imports and hoisting are not looked at here. */
export function statements(
  node: ts.Statement,
  rewriting: Rewriting,
  isValue: (name: ts.Node) => boolean,
): ts.Statement[] {
  if (isAmbient(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return [];
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return [];
  if (ts.isVariableStatement(node)) return variables(node, rewriting);
  if (ts.isFunctionDeclaration(node)) return node.body ? [declaration(node, rewriting)] : [];
  if (ts.isClassDeclaration(node)) return assigned(node, node.name, rewriting);
  if (ts.isEnumDeclaration(node)) return assigned(node, node.name, rewriting);
  if (ts.isModuleDeclaration(node)) return isValue(node.name) ? assigned(node, node.name, rewriting) : [];
  if (ts.isImportEqualsDeclaration(node)) return isValue(node.name) ? importEquals(node, rewriting) : [];
  if (ts.isExportAssignment(node))
    return [expressionStatement(rewriting.visitExpression(node.expression), node, rewriting)];
  return [rewriting.visit(node) as ts.Statement];
}

/** The last statement: its value is the cell's, when it has one. */
export function last(
  node: ts.Statement,
  rewriting: Rewriting,
  isValue: (name: ts.Node) => boolean,
): ts.Statement[] {
  const isExpression = ts.isExpressionStatement(node) || ts.isExportAssignment(node);
  if (!isExpression) return statements(node, rewriting, isValue);
  const value = rewriting.visitExpression(node.expression);
  return [ts.setTextRange(rewriting.factory.createReturnStatement(value), node)];
}

/** Of a cell that is an object (`object.ts`). Our own parentheses stand nowhere in the user's text. */
export function objectOf(
  [node]: readonly ts.Statement[],
  { factory, visitExpression }: Rewriting,
): ts.Statement {
  const { expression } = (node as ts.ExpressionStatement).expression as ts.ParenthesizedExpression;
  const value = factory.createParenthesizedExpression(visitExpression(expression));
  return ts.setTextRange(factory.createReturnStatement(ts.setTextRange(value, expression)), expression);
}

const expressionStatement = (value: ts.Expression, at: ts.Node, { factory }: Rewriting): ts.Statement =>
  ts.setTextRange(factory.createExpressionStatement(value), at);

function variables(node: ts.VariableStatement, rewriting: Rewriting): ts.Statement[] {
  // Disposed of when the cell ends: the variable is the cell's own.
  if (isUsing(node.declarationList)) return [rewriting.visit(node) as ts.Statement];
  return assignVariables(node.declarationList, rewriting).map((value, at) =>
    expressionStatement(value, at === 0 ? node : value, rewriting),
  );
}

/** The declaration itself: not exported, as there is no module, and without a body's awaits unguarded. */
function declaration<Node extends ts.Statement>(node: Node, rewriting: Rewriting): ts.Statement {
  const visited = rewriting.visit(node);
  return hasModifier(visited, ts.SyntaxKind.ExportKeyword)
    ? withoutExport(visited, rewriting.factory)
    : (visited as ts.Statement);
}

function withoutExport(node: ts.Node, factory: ts.NodeFactory): ts.Statement {
  const keep = <Modifier extends ts.ModifierLike>(modifiers: readonly Modifier[] | undefined): Modifier[] =>
    (modifiers ?? []).filter(
      ({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword,
    );
  if (ts.isFunctionDeclaration(node)) {
    const { asteriskToken, name, typeParameters, parameters, type, body } = node;
    return factory.updateFunctionDeclaration(
      node,
      keep(node.modifiers),
      asteriskToken,
      name ?? factory.createIdentifier('_default'),
      typeParameters,
      parameters,
      type,
      body,
    );
  }
  if (ts.isClassDeclaration(node)) {
    const { name, typeParameters, heritageClauses, members } = node;
    return factory.updateClassDeclaration(
      node,
      keep(node.modifiers),
      name ?? factory.createIdentifier('_default'),
      typeParameters,
      heritageClauses,
      members,
    );
  }
  if (ts.isEnumDeclaration(node))
    return factory.updateEnumDeclaration(node, keep(node.modifiers), node.name, node.members);
  if (ts.isModuleDeclaration(node))
    return factory.updateModuleDeclaration(node, keep(node.modifiers), node.name, node.body);
  return node as ts.Statement;
}

/** A class, an enum, a namespace, and after it the variable that holds it. */
function assigned(
  node: ts.ClassDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration,
  name: ts.Node | undefined,
  rewriting: Rewriting,
): ts.Statement[] {
  const declared = declaration(node, rewriting);
  return name && ts.isIdentifier(name) ? [declared, hold(name.text, rewriting)] : [declared];
}

/** `$C.v = C;` */
export function hold(name: string, rewriting: Rewriting): ts.Statement {
  const { factory } = rewriting;
  return factory.createExpressionStatement(
    factory.createAssignment(boxed(name, rewriting), factory.createIdentifier(name)),
  );
}

/** `import x = require('y')` and `import x = A.b`. */
function importEquals(node: ts.ImportEqualsDeclaration, rewriting: Rewriting): ts.Statement[] {
  const { factory } = rewriting;
  const { moduleReference } = node;
  const value = ts.isExternalModuleReference(moduleReference)
    ? factory.createCallExpression(factory.createIdentifier('require'), undefined, [
        moduleReference.expression,
      ])
    : entity(moduleReference, rewriting);
  const target = boxed(node.name.text, rewriting, node.name);
  return [expressionStatement(factory.createAssignment(target, value), node, rewriting)];
}

function entity(name: ts.EntityName, rewriting: Rewriting): ts.Expression {
  if (ts.isIdentifier(name)) return rewriting.visitExpression(name);
  return rewriting.factory.createPropertyAccessExpression(entity(name.left, rewriting), name.right.text);
}
