import type { Attr, GraphNode } from './graph';
import table from './opTable.json';

/** An argument of an op: one tensor, or several by a number (`N`) or by a list of types (`Tin`). */
export interface OpArg {
  name: string;
  /** TensorFlow's number of its data type, or the name of the attribute that holds it. */
  type: number | string;
  /** The attribute that says how many tensors of that type it is. */
  numberAttr?: string;
  /** Whether `type` names a list: one tensor for each type of it. */
  list: boolean;
}

/** An attribute of an op; `kind` as TensorFlow writes it: `type`, `int`, `list(type)`, `shape` … */
export interface OpAttr {
  name: string;
  kind: string;
  hasDefault: boolean;
}

export interface OpDef {
  name: string;
  inputs: readonly OpArg[];
  outputs: readonly OpArg[];
  attrs: readonly OpAttr[];
  stateful: boolean;
}

const lines = table as Record<string, string>;
const parsed = new Map<string, OpDef>();

/**
 * What an op of TensorFlow takes, gives and is told.
 * @throws Error for a name that is not in the table: a misspelt op, or one with resources, variants or functions.
 * @example
 * ```ts
 * opDef('MatMul').inputs.map((input) => input.name); // ['a', 'b']
 * ```
 */
export function opDef(name: string): OpDef {
  const known = parsed.get(name);
  if (known) return known;
  const line = Object.hasOwn(lines, name) ? lines[name]! : unknownOp(name);
  const def = parse(name, line);
  parsed.set(name, def);
  return def;
}

/** Whether two runs of the op on the same inputs may differ, or its running changes something. */
export const isStateful = (name: string): boolean => opDef(name).stateful;

/**
 * Sets the attributes of a node that its inputs decide: their types, and how many there are. Eager execution does
 * that by itself; a GraphDef without them is refused.
 * @throws Error when the number of inputs does not fit the op, or an attribute is missing that no input decides.
 */
export function inferAttrs(node: GraphNode): void {
  const def = opDef(node.op);
  const counts = inputCounts(def, node);
  let first = 0;
  def.inputs.forEach((arg, i) => {
    const types = node.inputs
      .slice(first, first + counts[i]!)
      .map((input) => input.node.outputs[input.index]!.dtype);
    first += counts[i]!;
    setAttrs(node.attrs, arg, types);
  });
  for (const attr of def.attrs) if (!attr.hasDefault && !node.attrs[attr.name]) missing(node.op, attr);
}

function setAttrs(attrs: Record<string, Attr>, arg: OpArg, types: number[]): void {
  if (arg.numberAttr) attrs[arg.numberAttr] = { kind: 'int', value: types.length };
  if (typeof arg.type !== 'string') return;
  if (arg.list) attrs[arg.type] = { kind: 'types', value: types };
  else if (types.length > 0) attrs[arg.type] = { kind: 'type', value: types[0]! };
}

/** How many of a node's inputs belong to each argument of its op. */
function inputCounts(def: OpDef, node: GraphNode): number[] {
  const unknown = new Set(def.inputs.map(countedBy).filter((name) => name !== undefined));
  // One unknown number follows from the inputs there are; of several all but one must be said.
  if (unknown.size > 1) for (const name of [...unknown]) if (node.attrs[name]) unknown.delete(name);
  const counts = def.inputs.map((arg) => {
    const name = countedBy(arg);
    return name === undefined ? 1 : unknown.has(name) ? 0 : said(node.attrs[name]);
  });
  const open = def.inputs.filter((arg) => unknown.has(countedBy(arg) ?? ''));
  const rest = node.inputs.length - counts.reduce((sum, count) => sum + count, 0);
  const each = open.length > 0 ? rest / open.length : 0;
  if (unknown.size > 1 || !Number.isInteger(each) || each < 0 || each * open.length !== rest)
    throw new Error(wrongInputs(def, node));
  return counts.map((count, i) => (open.includes(def.inputs[i]!) ? each : count));
}

const countedBy = (arg: OpArg): string | undefined =>
  arg.numberAttr ?? (arg.list ? String(arg.type) : undefined);

const said = (attr: Attr | undefined): number =>
  attr?.kind === 'int' ? attr.value : attr?.kind === 'types' ? attr.value.length : 0;

function wrongInputs(def: OpDef, node: GraphNode): string {
  return `the op ${def.name} takes the inputs (${lines[def.name]!.replace('!', '').split(' -> ')[0]}), got ${node.inputs.length}; give it those, or the attribute that says how many there are`;
}

function missing(op: string, attr: OpAttr): never {
  throw new Error(
    `the op ${op} needs the attribute ${attr.name} (${attr.kind}), which no input decides; give it one`,
  );
}

function unknownOp(name: string): never {
  throw new Error(
    `TensorFlow has no op ${name} that a graph here can hold (those with resources, variants or functions cannot); use another, or run without compiling`,
  );
}

/** The form is scripts/make-op-table.py's. */
function parse(name: string, line: string): OpDef {
  const stateful = line.startsWith('!');
  const [signature, attrs] = line.slice(stateful ? 1 : 0).split(' | ');
  const [inputs, outputs] = signature!.split(' -> ');
  return {
    name,
    inputs: words(inputs).map(parseArg),
    outputs: words(outputs).map(parseArg),
    attrs: words(attrs).map(parseAttr),
    stateful,
  };
}

const words = (text = ''): string[] => text.split(' ').filter((word) => word !== '');

function parseArg(word: string): OpArg {
  const [, name, number, open, type] = /^(\w+):(?:(\w+)\*)?(\[?)(\w+)\]?$/.exec(word)!;
  return {
    name: name!,
    type: /^\d+$/.test(type!) ? Number(type) : type!,
    ...(number ? { numberAttr: number } : {}),
    list: open === '[',
  };
}

function parseAttr(word: string): OpAttr {
  const [name, kind] = word.split(':');
  return { name: name!, kind: kind!.replace('?', ''), hasDefault: kind!.endsWith('?') };
}
