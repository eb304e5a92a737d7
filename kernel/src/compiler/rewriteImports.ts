/** Imports, of whatever kind, become assignments to variables of the session: at the cell's start, in their order. */
import { attributes, boxed, guarded, type Rewriting } from './rewriting';
import { ts } from './typescript';

/** Says whether an imported name is a value: types are not asked for at run time. */
export type IsValue = (name: ts.Node) => boolean;

/** @returns nothing for an import that only brings types */
export function importStatements(
  node: ts.ImportDeclaration,
  rewriting: Rewriting,
  isValue: IsValue,
): ts.Statement[] {
  const { importClause } = node;
  if (importClause === undefined) return [loadOnly(node, rewriting)];
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const bindings = importBindings(importClause).filter(({ at }) => isValue(at));
  return bindings.length === 0 ? [] : assignAll(node, bindings, rewriting);
}

/** `export { a } from 'x'` makes `a` a variable as an import does; `export *` only runs the module. */
export function reexportStatements(
  node: ts.ExportDeclaration,
  rewriting: Rewriting,
  isValue: IsValue,
): ts.Statement[] {
  const { exportClause } = node;
  if (node.isTypeOnly) return [];
  if (exportClause === undefined) return [loadOnly(node, rewriting)];
  if (ts.isNamespaceExport(exportClause))
    return assignAll(node, [{ name: exportClause.name.text, at: exportClause.name }], rewriting);
  const bindings = exportClause.elements
    .filter(({ isTypeOnly, name }) => !isTypeOnly && name.text !== 'default' && isValue(name))
    .map(({ name, propertyName }) => ({ name: name.text, key: (propertyName ?? name).text, at: name }));
  return bindings.length === 0 ? [] : assignAll(node, bindings, rewriting);
}

interface Binding {
  name: string;
  /** What it is called in the module; the module itself when absent. */
  key?: string;
  at: ts.Node;
}

function importBindings({ name, namedBindings }: ts.ImportClause): Binding[] {
  const own: Binding[] = name ? [{ name: name.text, key: 'default', at: name }] : [];
  if (namedBindings === undefined) return own;
  if (ts.isNamespaceImport(namedBindings))
    return [...own, { name: namedBindings.name.text, at: namedBindings.name }];
  const elements = namedBindings.elements.filter(({ isTypeOnly }) => !isTypeOnly);
  return [
    ...own,
    ...elements.map((element) => ({
      name: element.name.text,
      key: (element.propertyName ?? element.name).text,
      at: element.name,
    })),
  ];
}

function loaded(node: ts.ImportDeclaration | ts.ExportDeclaration, rewriting: Rewriting): ts.Expression {
  const { factory, names, specifier } = rewriting;
  const literal = node.moduleSpecifier as ts.StringLiteral;
  const { text, type } = specifier(literal);
  const given = attributesOf(node.attributes) ?? (type ? { type } : undefined);
  const args: ts.Expression[] = [ts.setTextRange(factory.createStringLiteral(text), literal)];
  if (given) args.push(attributes(given, factory));
  const load = factory.createIdentifier(names.parameters.load);
  const call = ts.setTextRange(factory.createCallExpression(load, undefined, args), node);
  return ts.setTextRange(guarded(call, rewriting), node);
}

function attributesOf(given: ts.ImportAttributes | undefined): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  return Object.fromEntries(
    given.elements.map(({ name, value }) => [name.text, ts.isStringLiteralLike(value) ? value.text : '']),
  );
}

const loadOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration, rewriting: Rewriting): ts.Statement =>
  ts.setTextRange(rewriting.factory.createExpressionStatement(loaded(node, rewriting)), node);

function assignAll(
  node: ts.ImportDeclaration | ts.ExportDeclaration,
  bindings: readonly Binding[],
  rewriting: Rewriting,
): ts.Statement[] {
  const { factory, names } = rewriting;
  const module = names.fresh('$module');
  const declaration = factory.createVariableDeclaration(
    module,
    undefined,
    undefined,
    loaded(node, rewriting),
  );
  const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
  const assignments = bindings.map(({ name, key, at }) => {
    const value = key === undefined ? factory.createIdentifier(module) : member(module, key, factory);
    const assigned = factory.createAssignment(boxed(name, rewriting), value);
    return ts.setTextRange(factory.createExpressionStatement(ts.setTextRange(assigned, at)), at);
  });
  return [ts.setTextRange(factory.createVariableStatement(undefined, list), node), ...assignments];
}

/** Names of exports may be any string: `import { 'a b' as c }`. */
const member = (module: string, key: string, factory: ts.NodeFactory): ts.Expression =>
  factory.createElementAccessExpression(factory.createIdentifier(module), factory.createStringLiteral(key));
