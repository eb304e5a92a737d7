/**
 * The comments of what is looked at. With all comments of the standard library and of @types/node in the tree, the
 * process is 12 MB larger and its first check a quarter slower; so they are parsed when somebody asks for one.
 */
import { commentsOf, setComments, ts } from './typescript';

/** What a registry and a service parse: types of JavaScript are in its comments. */
export const PARSED: ts.JSDocParsingMode = ts.JSDocParsingMode.ParseForTypeInfo;

export const newRegistry = (): ts.DocumentRegistry =>
  ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, undefined, PARSED);

/** A service that reads the comments of a name, and of the calls around it, before it speaks of them. */
export function withComments(service: ts.LanguageService): ts.LanguageService {
  const read = (file: string, position: number): void => {
    const program = service.getProgram();
    const source = program?.getSourceFile(file);
    if (!program || !source) return;
    for (const name of namesAround(source, position)) readComments(name, program.getTypeChecker());
  };
  return {
    ...service,
    getQuickInfoAtPosition(file, position, ...rest) {
      read(file, position);
      return service.getQuickInfoAtPosition(file, position, ...rest);
    },
    getSignatureHelpItems(file, position, options) {
      read(file, position);
      return service.getSignatureHelpItems(file, position, options);
    },
  };
}

/** The name at a place, and what is called around it. */
function namesAround(source: ts.SourceFile, position: number): ts.Node[] {
  const names: ts.Node[] = [];
  let inner: ts.Node = source;
  for (let node: ts.Node | undefined = source; node !== undefined; ) {
    inner = node;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) names.push(nameOf(node.expression));
    if (ts.isTaggedTemplateExpression(node)) names.push(nameOf(node.tag));
    node = ts.forEachChild(inner, (child) =>
      child.getStart(source) <= position && position <= child.end ? child : undefined,
    );
  }
  return [...names, inner];
}

const nameOf = (called: ts.Expression): ts.Node =>
  ts.isPropertyAccessExpression(called) ? called.name : called;

function readComments(name: ts.Node, checker: ts.TypeChecker): void {
  const symbol = checker.getSymbolAtLocation(name);
  if (symbol === undefined) return;
  const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  for (const declaration of meant.declarations ?? []) attach(declaration);
}

/** Comments belong to the declaration or, of a variable, to its statement. */
function attach(declaration: ts.Node): void {
  const file = declaration.getSourceFile();
  if (ts.isSourceFile(declaration)) return;
  const commented = parsed(file);
  for (let node = declaration; !ts.isSourceFile(node); node = node.parent) {
    if (commentsOf(node)) continue;
    const comments = commentsOf(twin(commented, node));
    if (comments) setComments(node, comments);
  }
}

let latest: ts.SourceFile | undefined;

/** The file with its comments; the last one is kept, as one looks at neighbouring things. */
function parsed({ fileName, text }: ts.SourceFile): ts.SourceFile {
  if (latest?.fileName === fileName && latest.text === text) return latest;
  latest = ts.createSourceFile(
    fileName,
    text,
    { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseAll },
    true,
  );
  return latest;
}

/** The same node of the same text. */
function twin(file: ts.SourceFile, { pos, end, kind }: ts.Node): ts.Node | undefined {
  for (let node: ts.Node | undefined = file; node !== undefined; ) {
    if (node.kind === kind && node.pos === pos && node.end === end) return node;
    node = ts.forEachChild(node, (child) => (child.pos <= pos && end <= child.end ? child : undefined));
  }
  return undefined;
}
