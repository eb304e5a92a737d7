/** Which identifiers of a cell mean variables of the session, and the names that the rewritten cell needs besides. */
import type { Cell } from './cells';
import { isReference } from './syntax';
import { ts } from './typescript';

/** What the cell's function is called with. */
export interface Parameters {
  box: string;
  load: string;
  wait: string;
  enter: string;
  meta: string;
  /** Node's own three, unless the cell declares a class or the like of such a name. */
  node: readonly string[];
}

export class Names {
  readonly parameters: Parameters;
  /** Session variables that the cell touches, and the constants that hold their boxes. */
  readonly boxes: Map<string, string> = new Map();
  readonly #cell: Cell;
  readonly #file: ts.SourceFile;
  readonly #checker: ts.TypeChecker;
  readonly #taken = new Set<string>();
  /** Declarations at the top level → the name of their variable. */
  readonly #declarations = new Map<ts.Node, string>();
  readonly #known = new Map<ts.Symbol, string | undefined>();

  constructor(cell: Cell, file: ts.SourceFile, checker: ts.TypeChecker) {
    this.#cell = cell;
    this.#file = file;
    this.#checker = checker;
    this.#collect();
    this.parameters = {
      box: this.fresh('$'),
      load: this.fresh('$import'),
      wait: this.fresh('$await'),
      enter: this.fresh('$enter'),
      meta: this.fresh('$meta'),
      node: ['require', '__filename', '__dirname'].map((name) =>
        cell.syntax.declared.has(name) ? this.fresh(`$${name}`) : name,
      ),
    };
  }

  /** A name that nothing in the cell has, nor what TypeScript makes up (`name_1`). */
  fresh(wish: string): string {
    let name = /_\d+$/.test(wish) ? `${wish}$` : wish;
    while (this.#taken.has(name)) name += '$';
    this.#taken.add(name);
    return name;
  }

  /** The variable that an identifier means, if it is one of the session. */
  variable(node: ts.Identifier): string | undefined {
    if (!isReference(node) || !this.#mayMean(node.text)) return undefined;
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node);
    if (symbol === undefined) return undefined;
    if (!this.#known.has(symbol)) this.#known.set(symbol, this.#variableOf(symbol));
    const name = this.#known.get(symbol);
    return name !== undefined && this.#isInOwnBody(node, symbol) ? undefined : name;
  }

  /** The box of a variable: `$x`. */
  box(name: string): string {
    const known = this.boxes.get(name);
    if (known !== undefined) return known;
    const box = this.fresh(`$${name}`);
    this.boxes.set(name, box);
    return box;
  }

  #mayMean(name: string): boolean {
    return this.#cell.imports.has(name) || this.#cell.syntax.declared.has(name);
  }

  #variableOf(symbol: ts.Symbol): string | undefined {
    for (const declaration of symbol.declarations ?? []) {
      const name = this.#declarations.get(declaration);
      if (name === undefined) continue;
      const from = this.#cell.imports.get(name) ?? this.#cell;
      if (from.syntax.declared.get(name) !== 'ambient') return name;
    }
    return undefined;
  }

  /** In a class, an enum or a namespace its own name is bound to itself, before the variable is assigned. */
  #isInOwnBody(node: ts.Node, symbol: ts.Symbol): boolean {
    const bodies = symbol.declarations?.filter(
      (node) => ts.isClassLike(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node),
    );
    if (!bodies?.length) return false;
    for (let at: ts.Node = node; at !== this.#file; at = at.parent)
      if (bodies.includes(at as ts.ClassLikeDeclaration)) return true;
    return false;
  }

  #collect(): void {
    const stack: ts.Node[] = [this.#file];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (ts.isIdentifier(node)) this.#taken.add(node.text);
      const name = this.#declaredName(node);
      if (name !== undefined && this.#mayMean(name)) this.#declarations.set(node, name);
      ts.forEachChild(node, (child) => {
        stack.push(child);
      });
    }
  }

  #declaredName(node: ts.Node): string | undefined {
    if (ts.isVariableDeclaration(node) || ts.isBindingElement(node)) return this.#variableName(node);
    const isNamed =
      ts.isImportClause(node) ||
      ts.isImportSpecifier(node) ||
      ts.isNamespaceImport(node) ||
      (node.parent === this.#file && isNamedStatement(node));
    return isNamed && node.name && ts.isIdentifier(node.name) ? node.name.text : undefined;
  }

  /** Of a variable at the top level, or a `var` in a block there. */
  #variableName(node: ts.VariableDeclaration | ts.BindingElement): string | undefined {
    if (!ts.isIdentifier(node.name)) return undefined;
    let at: ts.Node = node;
    while (ts.isVariableDeclaration(at) || ts.isBindingElement(at) || ts.isBindingName(at)) at = at.parent;
    return ts.isVariableDeclarationList(at) && isOfCell(at) ? node.name.text : undefined;
  }
}

const isNamedStatement = (node: ts.Node): node is ts.DeclarationStatement & { name?: ts.Node } =>
  ts.isFunctionDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isEnumDeclaration(node) ||
  ts.isModuleDeclaration(node) ||
  ts.isImportEqualsDeclaration(node);

/** Whether a list declares variables of the session: `let` and `const` at the top level, `var` outside of functions. */
export function isOfCell(list: ts.VariableDeclarationList): boolean {
  if ((list.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using) return false;
  if (ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent)) return true;
  if (list.flags & ts.NodeFlags.BlockScoped) return false;
  for (let at: ts.Node = list.parent; ; at = at.parent) {
    if (ts.isSourceFile(at)) return true;
    if (ts.isFunctionLike(at) || ts.isClassLike(at) || ts.isModuleBlock(at)) return false;
  }
}
