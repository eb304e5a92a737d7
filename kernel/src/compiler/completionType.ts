import type { Cells } from './cells';
import type { Kind } from './syntax';
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

const OWN: Readonly<Record<Kind, string>> = {
  let: 'variable',
  const: 'variable',
  var: 'variable',
  function: 'function',
  class: 'class',
  enum: 'enum',
  namespace: 'module',
  import: 'module',
  type: 'type',
  ambient: 'variable',
};

/** A name of an earlier cell is an import to TypeScript: its cell knows what it is. */
export function completionType({ kind, name }: ts.CompletionEntry, cells: Cells): string {
  if (kind !== ScriptElementKind.alias) return TYPES.get(kind) ?? 'text';
  const declared = cells.get(name)?.syntax.declared.get(name);
  return declared ? OWN[declared] : 'module';
}
