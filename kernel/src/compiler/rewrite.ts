/**
 * Turns a cell's module into the body of the function that runs it: boxes of its variables, what is hoisted (`var`,
 * functions, imports), its statements, and the value of the last one.
 */
import { type Cell, endOfCode } from './cells';
import { expressionVisitor } from './rewriteExpressions';
import { importStatements, reexportStatements } from './rewriteImports';
import { Names, type Parameters } from './rewriteNames';
import { hold, last, objectOf, statements } from './rewriteStatements';
import { boxed, type Rewriting } from './rewriting';
import { ts } from './typescript';

export interface Rewritten {
  transformer: ts.TransformerFactory<ts.SourceFile>;
  parameters: Parameters;
  /** The values that the cell declares. */
  values: Set<string>;
}

export function rewriteCell(
  cell: Cell,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  specifier: Rewriting['specifier'],
): Rewritten {
  const names = new Names(cell, file, checker);
  const isValue = (name: ts.Node): boolean => hasValue(name, checker);
  const values = valuesOf(cell, file, checker);
  const transformer: ts.TransformerFactory<ts.SourceFile> = (context) => (source) => {
    const rewriting = expressionVisitor(names, context, specifier);
    const body = source.statements.filter((statement) => statement.getStart(source) < endOfCode(source.text));
    const { emitDecoratorMetadata } = context.getCompilerOptions();
    const rewritten = [
      ...hoisted(cell, body, rewriting, isValue),
      ...(emitDecoratorMetadata ? metadata(cell, body, values, context, rewriting) : []),
      ...(cell.linesBefore === 0 ? run(body, rewriting, isValue) : [objectOf(body, rewriting)]),
    ];
    return context.factory.updateSourceFile(source, [...boxes(names, context.factory), ...rewritten]);
  };
  return { transformer, parameters: names.parameters, values };
}

/** `const $x = $("x"), $y = $("y");` */
function boxes(names: Names, factory: ts.NodeFactory): ts.Statement[] {
  if (names.boxes.size === 0) return [];
  const declarations = [...names.boxes].map(([name, box]) => {
    const get = factory.createIdentifier(names.parameters.box);
    const value = factory.createCallExpression(get, undefined, [factory.createStringLiteral(name)]);
    return factory.createVariableDeclaration(box, undefined, undefined, value);
  });
  const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Const);
  return [factory.createVariableStatement(undefined, list)];
}

/** What a module has before its first statement runs. */
function hoisted(
  cell: Cell,
  body: readonly ts.Statement[],
  rewriting: Rewriting,
  isValue: (name: ts.Node) => boolean,
): ts.Statement[] {
  const { factory } = rewriting;
  const vars = [...cell.syntax.declared].filter(([, kind]) => kind === 'var').map(([name]) => name);
  const functions = body.filter(
    (node) => ts.isFunctionDeclaration(node) && node.body !== undefined && node.name !== undefined,
  );
  const functionNames = new Set(functions.map((node) => (node as ts.FunctionDeclaration).name!.text));
  return [
    ...vars.map((name) =>
      factory.createExpressionStatement(
        factory.createAssignment(boxed(name, rewriting), factory.createVoidZero()),
      ),
    ),
    ...[...functionNames].map((name) => hold(name, rewriting)),
    ...imports(body, rewriting, isValue),
  ];
}

const imports = (
  body: readonly ts.Statement[],
  rewriting: Rewriting,
  isValue: (name: ts.Node) => boolean,
): ts.Statement[] =>
  body.flatMap((node) => {
    if (ts.isImportDeclaration(node)) return importStatements(node, rewriting, isValue);
    if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      return reexportStatements(node, rewriting, isValue);
    return [];
  });

/**
 * `emitDecoratorMetadata` makes values of types, and calls them by the names that they have in the text: so classes
 * that the cell does not declare itself have those names too.
 */
function metadata(
  cell: Cell,
  body: readonly ts.Statement[],
  values: ReadonlySet<string>,
  { factory }: ts.TransformationContext,
  rewriting: Rewriting,
): ts.Statement[] {
  const isImported = (name: string): boolean =>
    cell.imports.get(name)?.values.has(name) ??
    (values.has(name) && cell.syntax.declared.get(name) === 'import');
  const declarations = [...namesInTypes(body)]
    .filter(isImported)
    .map((name) => factory.createVariableDeclaration(name, undefined, undefined, boxed(name, rewriting)));
  if (declarations.length === 0) return [];
  const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Const);
  return [factory.createVariableStatement(undefined, list)];
}

function namesInTypes(body: readonly ts.Statement[]): Set<string> {
  const names = new Set<string>();
  const look = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) {
      let name = node.typeName;
      while (ts.isQualifiedName(name)) name = name.left;
      names.add(name.text);
    }
    ts.forEachChild(node, look);
  };
  body.forEach(look);
  return names;
}

function run(
  body: readonly ts.Statement[],
  rewriting: Rewriting,
  isValue: (name: ts.Node) => boolean,
): ts.Statement[] {
  const end = body.findLastIndex((node) => !ts.isEmptyStatement(node));
  return body
    .slice(0, end + 1)
    .flatMap((node, at) => (at === end ? last : statements)(node, rewriting, isValue));
}

function valuesOf({ syntax }: Cell, file: ts.SourceFile, checker: ts.TypeChecker): Set<string> {
  const symbols = new Map(exportsOf(file, checker).map((symbol) => [symbol.name, symbol]));
  const values = new Set<string>();
  for (const [name, kind] of syntax.declared) {
    if (kind === 'type' || kind === 'ambient') continue;
    const isOpen = kind === 'import' || kind === 'namespace';
    if (!isOpen || isValueSymbol(symbols.get(name), checker)) values.add(name);
  }
  return values;
}

/** What the cell shows to others: see `cells.ts`. */
function exportsOf(file: ts.SourceFile, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const forAll = file.statements.findLast(ts.isModuleDeclaration)!;
  const [namespace] = (forAll.body as ts.ModuleBlock).statements;
  const symbol = checker.getSymbolAtLocation((namespace as ts.ModuleDeclaration).name);
  return symbol ? checker.getExportsOfModule(symbol) : [];
}

function hasValue(name: ts.Node, checker: ts.TypeChecker): boolean {
  return isValueSymbol(checker.getSymbolAtLocation(name), checker);
}

/** What is not known is taken to be a value: a module without types. */
function isValueSymbol(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): boolean {
  if (symbol === undefined) return true;
  const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (meant.flags & ts.SymbolFlags.Value) !== 0 || checker.isUnknownSymbol(meant);
}
