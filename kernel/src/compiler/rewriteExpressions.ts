/** What lies inside of a cell's statements: variables of the session become their boxes, awaits and calls can be ended. */
import { entered, isBody } from './rewriteFunctions';
import { isOfCell, type Names } from './rewriteNames';
import { assignVariables, targetOf } from './rewritePatterns';
import { attributes, boxed, guarded, named, type Rewriting, unwrapped } from './rewriting';
import { isAssignment } from './syntax';
import { ts } from './typescript';

export function expressionVisitor(
  names: Names,
  context: ts.TransformationContext,
  specifier: Rewriting['specifier'],
): Rewriting {
  const rewriting: Rewriting = {
    names,
    factory: context.factory,
    specifier,
    visit,
    visitExpression: (node) => ts.visitNode(node, visit) as ts.Expression,
  };
  function visit(node: ts.Node): ts.Node {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    const visited = rewriteNode(node, rewriting) ?? ts.visitEachChild(node, visit, context);
    return isBody(node) ? entered(visited as ts.ConciseBody, rewriting) : visited;
  }
  return rewriting;
}

/** The node as the session runs it; undefined when only what is in it may change. */
function rewriteNode(node: ts.Node, rewriting: Rewriting): ts.Node | undefined {
  if (ts.isIdentifier(node)) return variable(node, rewriting) ?? node;
  if (ts.isShorthandPropertyAssignment(node)) return shorthand(node, rewriting);
  if (ts.isBinaryExpression(node)) return binary(node, rewriting);
  if (ts.isCallExpression(node)) return call(node, rewriting);
  if (ts.isTaggedTemplateExpression(node)) return tagged(node, rewriting);
  if (ts.isDecorator(node)) return decorator(node, rewriting);
  if (ts.isAwaitExpression(node)) return awaited(node, rewriting);
  if (ts.isMetaProperty(node)) return meta(node, rewriting);
  if (ts.isVariableStatement(node)) return variables(node, rewriting);
  if (ts.isForStatement(node)) return loop(node, rewriting);
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return loopOver(node, rewriting);
  return undefined;
}

function variable(node: ts.Identifier, rewriting: Rewriting): ts.Expression | undefined {
  const name = rewriting.names.variable(node);
  return name === undefined ? undefined : boxed(name, rewriting, node);
}

/** `(0, $f.v)`: a call of `$f.v` itself would hand the box over as `this`. */
function callee(node: ts.Expression, rewriting: Rewriting): ts.Expression | undefined {
  const inner = unwrapped(node);
  const access = ts.isIdentifier(inner) ? variable(inner, rewriting) : undefined;
  if (access === undefined) return undefined;
  const { factory } = rewriting;
  const bare = factory.createParenthesizedExpression(
    factory.createComma(factory.createNumericLiteral(0), access),
  );
  return ts.setTextRange(bare, node);
}

function call(node: ts.CallExpression, rewriting: Rewriting): ts.Expression | undefined {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return dynamicImport(node, rewriting);
  const target = callee(node.expression, rewriting);
  if (target === undefined) return undefined;
  const { factory } = rewriting;
  const args = node.arguments.map(rewriting.visitExpression);
  const list = ts.setTextRange(factory.createNodeArray(args), node.arguments);
  const updated = ts.isCallChain(node)
    ? factory.updateCallChain(node, target, node.questionDotToken, undefined, list)
    : factory.updateCallExpression(node, target, undefined, list);
  return updated;
}

function tagged(node: ts.TaggedTemplateExpression, rewriting: Rewriting): ts.Expression | undefined {
  const tag = callee(node.tag, rewriting);
  if (tag === undefined) return undefined;
  const template = rewriting.visit(node.template) as ts.TemplateLiteral;
  return rewriting.factory.updateTaggedTemplateExpression(node, tag, undefined, template);
}

function decorator(node: ts.Decorator, rewriting: Rewriting): ts.Decorator | undefined {
  const bare = callee(node.expression, rewriting);
  return bare && rewriting.factory.updateDecorator(node, bare);
}

function shorthand(node: ts.ShorthandPropertyAssignment, rewriting: Rewriting): ts.Node | undefined {
  const { factory } = rewriting;
  const access = variable(node.name, rewriting);
  if (access === undefined) return undefined;
  const initial = node.objectAssignmentInitializer;
  const value = initial
    ? factory.createAssignment(access, named(node.name.text, rewriting.visitExpression(initial), factory))
    : access;
  return ts.setTextRange(
    factory.createPropertyAssignment(factory.createIdentifier(node.name.text), value),
    node,
  );
}

function binary(node: ts.BinaryExpression, rewriting: Rewriting): ts.Expression | undefined {
  if (isAssignment(node.operatorToken.kind)) return assignment(node, rewriting);
  return ts.isBinaryExpression(node.left) ? chain(node, rewriting) : undefined;
}

/** `a + b + c + …` is as deep as it is long: its left side is gone down without a call for each operator. */
function chain(node: ts.BinaryExpression, { factory, visitExpression }: Rewriting): ts.Expression {
  const operations = [node];
  for (
    let left = node.left;
    ts.isBinaryExpression(left) && !isAssignment(left.operatorToken.kind);
    left = left.left
  )
    operations.push(left);
  const innermost = visitExpression(operations.at(-1)!.left);
  return operations.reduceRight<ts.Expression>(
    (left, operation) =>
      factory.updateBinaryExpression(
        operation,
        left,
        operation.operatorToken,
        visitExpression(operation.right),
      ),
    innermost,
  );
}

/** `f = () => {}` names the function; an assignment to a property does not. */
function assignment(node: ts.BinaryExpression, rewriting: Rewriting): ts.Expression | undefined {
  if (!ts.isIdentifier(node.left)) return undefined;
  const target = variable(node.left, rewriting);
  if (target === undefined) return undefined;
  const value = named(node.left.text, rewriting.visitExpression(node.right), rewriting.factory);
  return rewriting.factory.updateBinaryExpression(node, target, node.operatorToken, value);
}

function awaited(node: ts.AwaitExpression, rewriting: Rewriting): ts.Expression {
  return ts.setTextRange(guarded(rewriting.visitExpression(node.expression), rewriting), node);
}

function meta(node: ts.MetaProperty, { names, factory }: Rewriting): ts.Expression | undefined {
  if (node.keywordToken !== ts.SyntaxKind.ImportKeyword) return undefined;
  return ts.setTextRange(factory.createIdentifier(names.parameters.meta), node);
}

function dynamicImport(node: ts.CallExpression, rewriting: Rewriting): ts.Expression {
  const { factory, names } = rewriting;
  const [given, options] = node.arguments;
  const args: ts.Expression[] = [];
  const known = given && ts.isStringLiteralLike(given) ? rewriting.specifier(given) : undefined;
  if (known) args.push(ts.setTextRange(factory.createStringLiteral(known.text), given));
  else if (given) args.push(rewriting.visitExpression(given));
  if (options) args.push(attributesOf(rewriting.visitExpression(options), factory));
  else if (known?.type) args.push(attributes({ type: known.type }, factory));
  const load = factory.createIdentifier(names.parameters.load);
  return ts.setTextRange(factory.createCallExpression(load, undefined, args), node);
}

/** `import(x, options)` → `$import(x, (options)?.with)`. */
const attributesOf = (options: ts.Expression, factory: ts.NodeFactory): ts.Expression =>
  factory.createPropertyAccessChain(
    factory.createParenthesizedExpression(options),
    factory.createToken(ts.SyntaxKind.QuestionDotToken),
    'with',
  );

/** `var` in a block is a variable of the session all the same. */
function variables(node: ts.VariableStatement, rewriting: Rewriting): ts.Node | undefined {
  if (!isOfCell(node.declarationList)) return undefined;
  const { factory } = rewriting;
  const values = assignVariables(node.declarationList, rewriting);
  if (values.length === 0) return ts.setTextRange(factory.createEmptyStatement(), node);
  return ts.setTextRange(factory.createExpressionStatement(sequence(values, factory)), node);
}

const sequence = (values: ts.Expression[], factory: ts.NodeFactory): ts.Expression =>
  values.reduce((before, value) => factory.createComma(before, value));

function loop(node: ts.ForStatement, rewriting: Rewriting): ts.Node | undefined {
  const { factory, visit } = rewriting;
  const head = node.initializer;
  if (!head || !ts.isVariableDeclarationList(head) || !isOfCell(head)) return undefined;
  const values = assignVariables(head, rewriting);
  return factory.updateForStatement(
    node,
    values.length ? sequence(values, factory) : undefined,
    node.condition && rewriting.visitExpression(node.condition),
    node.incrementor && rewriting.visitExpression(node.incrementor),
    visit(node.statement) as ts.Statement,
  );
}

function loopOver(node: ts.ForOfStatement | ts.ForInStatement, rewriting: Rewriting): ts.Node | undefined {
  const { factory, names, visit } = rewriting;
  const head = node.initializer;
  const isOwn = ts.isVariableDeclarationList(head) && isOfCell(head);
  const isAwaited = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
  if (!isOwn && !isAwaited) return undefined;
  const each = isOwn ? targetOf(head.declarations[0]!.name, rewriting) : (visit(head) as ts.ForInitializer);
  const body = visit(node.statement) as ts.Statement;
  const over = rewriting.visitExpression(node.expression);
  if (ts.isForInStatement(node)) return factory.updateForInStatement(node, each, over, body);
  if (!isAwaited) return factory.updateForOfStatement(node, undefined, each, over, body);
  const wait = factory.createPropertyAccessExpression(
    factory.createIdentifier(names.parameters.wait),
    'each',
  );
  const guardedOver = ts.setTextRange(factory.createCallExpression(wait, undefined, [over]), node.expression);
  return factory.updateForOfStatement(node, node.awaitModifier, each, guardedOver, body);
}
