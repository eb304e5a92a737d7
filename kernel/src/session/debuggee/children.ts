import { types } from 'node:util';

/** Something that a value holds, and what it is called. */
export interface Child {
  name: string;
  value: unknown;
}

/** A property that is computed: a debugger does not run it. */
export class Getter {}

/** A part of a long array: the positions from `start` to before `end`. */
export class Range {
  readonly list: ArrayLike<unknown>;
  readonly start: number;
  readonly end: number;

  constructor(list: ArrayLike<unknown>, start: number, end: number) {
    this.list = list;
    this.start = start;
    this.end = end;
  }
}

/** An array is shown in parts of this length, and in parts of parts. */
const PART = 100;
/** Of other things the first are shown. */
const MOST = 1000;

/** What a value holds, for one who unfolds it. No code of the user's is run: neither getters nor proxies. */
export function childrenOf(value: unknown): Child[] {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return [];
  if (types.isProxy(value)) return [];
  if (value instanceof Range) return elementsOf(value);
  if (isList(value)) return elementsOf(new Range(value, 0, value.length));
  if (types.isMap(value)) return [...entriesOf(value), ...propertiesOf(value)];
  if (types.isSet(value)) return [...membersOf(value), ...propertiesOf(value)];
  return propertiesOf(value);
}

function isList(value: object): value is ArrayLike<unknown> & object {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !types.isDataView(value));
}

function elementsOf({ list, start, end }: Range): Child[] {
  let step = 1;
  while (step * PART < end - start) step *= PART;
  const starts = Array.from({ length: Math.ceil((end - start) / step) }, (_, at) => start + at * step);
  if (step === 1) return starts.map((at) => child(list, String(at)));
  return starts.map((from) => {
    const to = Math.min(from + step, end);
    return { name: `[${from} … ${to - 1}]`, value: new Range(list, from, to) };
  });
}

/** A key that is a text or a number is a name; others are shown beside their value. */
function entriesOf(map: Map<unknown, unknown>): Child[] {
  return first(Map.prototype.entries.call(map)).map(([key, value], at) =>
    Object(key) === key
      ? { name: String(at), value: { key, value } }
      : { name: typeof key === 'string' ? JSON.stringify(key) : String(key), value },
  );
}

function membersOf(set: Set<unknown>): Child[] {
  return first(Set.prototype.values.call(set)).map((value, at) => ({ name: String(at), value }));
}

function propertiesOf(value: object): Child[] {
  const names = Object.getOwnPropertyNames(value).slice(0, MOST);
  const isFunction = typeof value === 'function';
  return names.filter((name) => !(isFunction && OF_FUNCTIONS.has(name))).map((name) => child(value, name));
}

const OF_FUNCTIONS: ReadonlySet<string> = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);

function child(holder: object, name: string): Child {
  try {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    return { name, value: property?.get ? new Getter() : property?.value };
  } catch {
    // An export of a module that has not come so far.
    return { name, value: undefined };
  }
}

function first<T>(values: Iterator<T>): T[] {
  const some: T[] = [];
  for (let next = values.next(); !next.done && some.length < MOST; next = values.next())
    some.push(next.value);
  return some;
}
