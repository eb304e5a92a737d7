import { tf } from '../backend';
import { CannotTrace } from '../graph/recorder';

// Arguments and results in any nesting of arrays and plain objects, with tensors (or numbers in typed arrays) at the leaves.

/** What a nest has at its leaves when tensors pass through a graph. */
export type Leaf = tf.Tensor | Float32Array | Float64Array;

export function isLeaf(value: unknown): value is Leaf {
  return value instanceof tf.Tensor || value instanceof Float64Array || value instanceof Float32Array;
}

/** The leaves in their order; objects by their keys' order. */
export function leavesOf(value: unknown, found: Leaf[] = []): Leaf[] {
  if (isLeaf(value)) found.push(value);
  else if (Array.isArray(value)) for (const item of value) leavesOf(item, found);
  else if (isPlain(value)) for (const key of Object.keys(value)) leavesOf(value[key], found);
  return found;
}

/** The same nest with other leaves, taken in order. */
export function withLeaves(value: unknown, leaves: readonly unknown[]): unknown {
  let next = 0;
  const put = (part: unknown): unknown => {
    if (isLeaf(part)) return leaves[next++];
    if (Array.isArray(part)) return part.map(put);
    if (isPlain(part)) return Object.fromEntries(Object.keys(part).map((key) => [key, put(part[key])]));
    return part;
  };
  return put(value);
}

/** A nest without its tensors: what is left to put results into. */
export function outline(value: unknown): unknown {
  return withLeaves(
    value,
    leavesOf(value).map(() => PLACE),
  );
}

const PLACE = new Float32Array(0);

/** The first thing in a nest that tensors could be hidden in: neither a plain value nor an array nor a plain object. */
export function opaqueIn(value: unknown): object | undefined {
  if (isLeaf(value) || value === null) return undefined;
  if (Array.isArray(value)) return firstOf(value);
  if (isPlain(value)) return firstOf(Object.values(value));
  return typeof value === 'object' || typeof value === 'function' ? value : undefined;
}

function firstOf(parts: readonly unknown[]): object | undefined {
  for (const part of parts) {
    const found = opaqueIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As it is named in a message. */
export function kindOf(value: object): string {
  if (typeof value === 'function') return 'a function';
  const name = (value.constructor as { name?: string } | undefined)?.name || 'object of a class';
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

const identities = new WeakMap<WeakKey, number>();
let nextIdentity = 0;

/**
 * A text that is equal for nests a graph does not tell apart: structure and plain values; `leaf` writes each leaf.
 * @throws TypeError for typed arrays that could be taken for numbers to be fed, and are not; CannotTrace for objects
 * that may change without a trace: a Map, an object of a class.
 */
export function keyOf(value: unknown, leaf: (leaf: Leaf) => string): string {
  if (isLeaf(value)) return leaf(value);
  if (Array.isArray(value))
    return `[${Array.from(value as unknown[], (item) => keyOf(item, leaf)).join(',')}]`;
  if (isPlain(value))
    return `{${Object.keys(value)
      .map((key) => `${JSON.stringify(key)}:${keyOf(value[key], leaf)}`)
      .join(',')}}`;
  return plainKey(value);
}

function plainKey(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Object.is(value, -0)) return '-0';
  if (ArrayBuffer.isView(value))
    throw new TypeError(
      `arguments must be tensors, Float32Arrays, Float64Arrays or plain values, got ${value.constructor.name}; ` +
        "pass tf.tensor(values, shape, 'int32')",
    );
  if (typeof value === 'function') return identity(value);
  if (typeof value === 'symbol') return symbolKey(value);
  if (typeof value === 'object' && value !== null)
    throw new CannotTrace(
      `an argument is ${kindOf(value)}, whose content a graph cannot follow; pass tensors, arrays and plain objects`,
    );
  return `${typeof value}:${String(value)}`;
}

function identity(value: WeakKey): string {
  if (!identities.has(value)) identities.set(value, nextIdentity++);
  return `#${identities.get(value)}`;
}

/** Symbols of the registry live for ever, and have a text of their own. */
function symbolKey(value: symbol): string {
  const text = Symbol.keyFor(value);
  return text === undefined ? identity(value) : `symbol:${JSON.stringify(text)}`;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
