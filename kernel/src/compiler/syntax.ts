/** What a cell's text says about names, before anything is known about their types. */
import { ts } from './typescript';

export type Kind =
  | 'let'
  | 'const'
  | 'var'
  | 'function'
  | 'class'
  | 'enum'
  | 'namespace'
  | 'import'
  | 'type'
  | 'ambient';

export interface CellSyntax {
  /** What it declares at its top level, in the order of the text. */
  declared: ReadonlyMap<string, Kind>;
  /** Names that stand where they may mean a variable or a type. */
  used: ReadonlySet<string>;
  /** Names that stand where something is assigned. */
  assigned: ReadonlySet<string>;
  /** Types among them that need no arguments: of a name that is a value too, `declared` tells but that. */
  types: ReadonlySet<string>;
  /** What `using` declares at the top level: it ends with its cell, and later cells do not see it. */
  owned: ReadonlySet<string>;
  /** It declares something for all modules: `declare global`, `declare module 'x'`. */
  ambient: boolean;
}

export function readSyntax(file: ts.SourceFile): CellSyntax {
  const declared = new Map<string, Kind>();
  for (const statement of file.statements)
    for (const [name, kind] of declarations(statement))
      if (!(declared.has(name) && kind === 'type')) declared.set(name, kind);
  const { used, assigned, vars } = readNames(file);
  for (const name of vars) if (!declared.has(name)) declared.set(name, 'var');
  return {
    declared,
    used,
    assigned,
    types: typesOf(file),
    owned: ownedBy(file),
    ambient: file.statements.some(isForAll),
  };
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false)
  );
}

export const isAmbient = (node: ts.Node): boolean => hasModifier(node, ts.SyntaxKind.DeclareKeyword);

const isGlobal = (statement: ts.ModuleDeclaration): boolean =>
  (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;

/** `declare global { … }` and `declare module 'x' { … }`. */
const isForAll = (statement: ts.Statement): boolean =>
  ts.isModuleDeclaration(statement) && (ts.isStringLiteral(statement.name) || isGlobal(statement));

export const isUsing = (list: ts.VariableDeclarationList): boolean =>
  (list.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;

function typesOf({ statements }: ts.SourceFile): Set<string> {
  const types = statements.filter(
    (node) => ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node),
  );
  return new Set(types.filter(({ typeParameters }) => !typeParameters?.length).map(({ name }) => name.text));
}

function ownedBy({ statements }: ts.SourceFile): Set<string> {
  const lists = statements.filter(ts.isVariableStatement).map(({ declarationList }) => declarationList);
  const names = lists.filter(isUsing).flatMap(({ declarations }) => declarations.map(({ name }) => name));
  return new Set(names.flatMap(boundNames));
}

export function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}

/** What a statement at the top level declares. */
export function* declarations(statement: ts.Statement): Generator<[string, Kind]> {
  if (ts.isVariableStatement(statement)) {
    const list = statement.declarationList;
    if (isUsing(list)) return;
    const kind = isAmbient(statement) ? 'ambient' : kindOf(list);
    for (const { name } of list.declarations) for (const bound of boundNames(name)) yield [bound, kind];
  } else if (ts.isImportDeclaration(statement)) {
    yield* imported(statement);
  } else if (ts.isExportDeclaration(statement)) {
    if (statement.moduleSpecifier) yield* reexported(statement);
  } else if (ts.isModuleDeclaration(statement)) {
    if (ts.isIdentifier(statement.name) && !isGlobal(statement))
      yield [statement.name.text, isAmbient(statement) ? 'ambient' : 'namespace'];
  } else {
    const named = namedKind(statement);
    if (named) yield named;
  }
}

function namedKind(statement: ts.Statement): [string, Kind] | undefined {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return [statement.name.text, 'type'];
  if (ts.isImportEqualsDeclaration(statement)) return [statement.name.text, 'import'];
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  if (!isNamed || statement.name === undefined) return undefined;
  if (isAmbient(statement)) return [statement.name.text, 'ambient'];
  if (ts.isFunctionDeclaration(statement)) return [statement.name!.text, 'function'];
  return [statement.name.text, ts.isClassDeclaration(statement) ? 'class' : 'enum'];
}

function kindOf(list: ts.VariableDeclarationList): Kind {
  if (list.flags & ts.NodeFlags.Const) return 'const';
  return list.flags & ts.NodeFlags.Let ? 'let' : 'var';
}

const importKind = (isTypeOnly: boolean): Kind => (isTypeOnly ? 'type' : 'import');

function* imported({ importClause }: ts.ImportDeclaration): Generator<[string, Kind]> {
  if (importClause === undefined) return;
  const { name, namedBindings } = importClause;
  const isType = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (name) yield [name.text, importKind(isType)];
  if (namedBindings === undefined) return;
  if (ts.isNamespaceImport(namedBindings)) yield [namedBindings.name.text, importKind(isType)];
  else
    for (const element of namedBindings.elements)
      yield [element.name.text, importKind(isType || element.isTypeOnly)];
}

/** `export { a } from 'x'` is taken for an import. */
function* reexported({ exportClause, isTypeOnly }: ts.ExportDeclaration): Generator<[string, Kind]> {
  if (exportClause === undefined) return;
  if (ts.isNamespaceExport(exportClause)) return yield [exportClause.name.text, importKind(isTypeOnly)];
  for (const element of exportClause.elements)
    if (element.name.text !== 'default')
      yield [element.name.text, importKind(isTypeOnly || element.isTypeOnly)];
}

interface Names {
  used: Set<string>;
  assigned: Set<string>;
  vars: Set<string>;
}

/** Goes through all nodes with a stack of its own: a long sum is a deep tree. */
function readNames(file: ts.SourceFile): Names {
  const names: Names = { used: new Set(), assigned: new Set(), vars: new Set() };
  const stack: [node: ts.Node, inFunction: boolean][] = [[file, false]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [node, inFunction] = top;
    if (ts.isIdentifier(node)) {
      if (isReference(node)) names.used.add(node.text);
      continue;
    }
    for (const target of targets(node)) addAssigned(target, names.assigned);
    if (!inFunction && ts.isVariableDeclarationList(node) && isVar(node) && !isAmbient(node.parent))
      for (const { name } of node.declarations) for (const bound of boundNames(name)) names.vars.add(bound);
    const within = inFunction || opensScope(node);
    ts.forEachChild(node, (child) => {
      stack.push([child, within]);
    });
  }
  return names;
}

export const isVar = (list: ts.VariableDeclarationList): boolean =>
  (list.flags & ts.NodeFlags.BlockScoped) === 0;

/** Nodes in which a `var` is their own. */
export const opensScope = (node: ts.Node): boolean =>
  ts.isFunctionLike(node) ||
  ts.isClassStaticBlockDeclaration(node) ||
  ts.isModuleBlock(node) ||
  ts.isPropertyDeclaration(node);

function targets(node: ts.Node): ts.Node[] {
  if (ts.isBinaryExpression(node)) return isAssignment(node.operatorToken.kind) ? [node.left] : [];
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return [node.operand];
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return [node.initializer];
  return [];
}

export const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

/** Adds more than is assigned (`a[i] = 1` takes neither, `[a = b] = c` takes `b`): that does no harm. */
function addAssigned(target: ts.Node, assigned: Set<string>): void {
  if (ts.isIdentifier(target)) assigned.add(target.text);
  else if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) return;
  else ts.forEachChild(target, (child) => addAssigned(child, assigned));
}

/** Whether an identifier may mean a variable or a type of this scope, not a property, a label or a declaration. */
export function isReference(node: ts.Identifier): boolean {
  const parent = node.parent as ts.Node & { name?: ts.Node; propertyName?: ts.Node; label?: ts.Node };
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  return parent.name !== node && parent.propertyName !== node && parent.label !== node;
}
