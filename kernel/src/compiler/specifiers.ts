/** What a text imports, when it runs: not what it takes types from. */
import { ts } from './typescript';

const KEPT = 64;
const LONGEST = 100_000;
const known = new Map<string, readonly string[]>();

/** The specifiers of a file's imports, static and dynamic, in the order of the text. */
export function specifiers(text: string, file: string): readonly string[] {
  // A cheap look first: most cells import nothing.
  if (!/\b(import|export|require)\b/.test(text)) return [];
  const key = `${file}\n${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = read(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true));
  if (known.size >= KEPT) known.clear();
  if (text.length <= LONGEST) known.set(key, found);
  return found;
}

function read(file: ts.SourceFile): string[] {
  const found = new Set<string>();
  const stack: ts.Node[] = [file];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const specifier = imported(node);
    if (specifier && ts.isStringLiteralLike(specifier)) found.add(specifier.text);
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      children.push(child);
    });
    stack.push(...children.reverse());
  }
  return [...found];
}

function imported(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node))
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? undefined : node.moduleSpecifier;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? undefined : node.moduleSpecifier;
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? node.arguments[0] : undefined;
}
