/** What a debugger asks about code: where it can stop, and what an expression that a person types is in JavaScript. */
import { isAmbient } from './syntax';
import { parseErrors, parseModule, ts } from './typescript';

/** The lines, from 1, on which something begins that is executed. */
export function breakableLines(code: string): number[] {
  const file = parseModule('cell.ts', code);
  const lines = new Set<number>();
  const look = (node: ts.Node): void => {
    if (isSkipped(node)) return;
    if (isStep(node)) lines.add(file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1);
    ts.forEachChild(node, look);
  };
  ts.forEachChild(file, look);
  return [...lines].sort((a, b) => a - b);
}

function isSkipped(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node) || ts.isTypeNode(node) || (ts.isStatement(node) && isAmbient(node));
}

/** Nothing happens where a function is declared, a module imported or a variable left without a value. */
function isStep(node: ts.Node): boolean {
  if (ts.isArrowFunction(node.parent) && node.parent.body === node) return !ts.isBlock(node);
  if (ts.isPropertyDeclaration(node)) return node.initializer !== undefined;
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.some(({ initializer }) => initializer !== undefined);
  return ts.isStatement(node) && !NO_STEPS.has(node.kind);
}

const NO_STEPS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.Block,
  ts.SyntaxKind.EmptyStatement,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ImportDeclaration,
  ts.SyntaxKind.ExportDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
]);

/** `{ a: 1 }` typed at a breakpoint is an object. */
export function asJavaScript(code: string): string {
  const wrapped = `(${code}\n)`;
  const isExpression = parseErrors(parseModule('expression.ts', wrapped)).length === 0;
  const { outputText } = ts.transpileModule(isExpression ? wrapped : code, {
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      removeComments: true,
      alwaysStrict: false,
    },
  });
  return outputText.replace(/\s*export \{\};\s*$/, '');
}
