import { ts } from './typescript';

const { ScriptElementKind } = ts;

/** What front ends call the kinds of names (`_jupyter_types_experimental`): they choose an icon by it. */
const TYPES: ReadonlyMap<string, string> = new Map([
  [ScriptElementKind.keyword, 'keyword'],
  [ScriptElementKind.moduleElement, 'module'],
  [ScriptElementKind.externalModuleName, 'module'],
  [ScriptElementKind.classElement, 'class'],
  [ScriptElementKind.localClassElement, 'class'],
  [ScriptElementKind.interfaceElement, 'interface'],
  [ScriptElementKind.typeElement, 'type'],
  [ScriptElementKind.primitiveType, 'type'],
  [ScriptElementKind.typeParameterElement, 'type'],
  [ScriptElementKind.enumElement, 'enum'],
  [ScriptElementKind.enumMemberElement, 'constant'],
  [ScriptElementKind.variableElement, 'variable'],
  [ScriptElementKind.localVariableElement, 'variable'],
  [ScriptElementKind.letElement, 'variable'],
  [ScriptElementKind.constElement, 'variable'],
  [ScriptElementKind.variableUsingElement, 'variable'],
  [ScriptElementKind.variableAwaitUsingElement, 'variable'],
  [ScriptElementKind.parameterElement, 'param'],
  [ScriptElementKind.functionElement, 'function'],
  [ScriptElementKind.localFunctionElement, 'function'],
  [ScriptElementKind.memberFunctionElement, 'method'],
  [ScriptElementKind.memberVariableElement, 'property'],
  [ScriptElementKind.memberGetAccessorElement, 'property'],
  [ScriptElementKind.memberSetAccessorElement, 'property'],
  [ScriptElementKind.memberAccessorVariableElement, 'property'],
  [ScriptElementKind.string, 'value'],
  [ScriptElementKind.scriptElement, 'path'],
  [ScriptElementKind.directory, 'path'],
]);

/** What a symbol is; of several things at once, the first of these. */
const FLAGS: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Enum, 'enum'],
  [ts.SymbolFlags.Variable, 'variable'],
  [ts.SymbolFlags.Method, 'method'],
  [ts.SymbolFlags.Property | ts.SymbolFlags.Accessor, 'property'],
  [ts.SymbolFlags.Interface, 'interface'],
  [ts.SymbolFlags.TypeAlias, 'type'],
];

/** A name of an earlier cell, or one that a package passes on, is an alias to TypeScript: what counts is what it means. */
export function completionType({ kind, symbol }: ts.CompletionEntry, checker: ts.TypeChecker): string {
  if (kind !== ScriptElementKind.alias) return TYPES.get(kind) ?? 'text';
  if (symbol === undefined || !(symbol.flags & ts.SymbolFlags.Alias)) return 'module';
  const { flags } = checker.getAliasedSymbol(symbol);
  return FLAGS.find(([flag]) => flags & flag)?.[1] ?? 'module';
}
