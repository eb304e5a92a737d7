import { types } from 'node:util';
import { isTensor } from './tensor';

/** Some screenfuls of a value; arrays, maps and sets show their first 100 entries as in Node. */
const DEPTH = 4;
const ENTRIES = 5000;
export const ARRAY_LENGTH = 100;

export interface Survey {
  /** How deep the value can be shown before it has more than ENTRIES entries; -1 when it alone has. */
  depth: number;
  /** Whether a tensor lies among them. */
  holdsTensors: boolean;
}

/** Looks a value over before it is shown: `inspect` bounds arrays, not objects. */
export function survey(value: unknown): Survey {
  let level = [value];
  let entries = 0;
  let holdsTensors = false;
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    const next: unknown[] = [];
    for (const each of level) {
      holdsTensors ||= isTensorOf(each);
      entries += addEntries(each, next);
      if (entries > ENTRIES) return { depth: depth - 1, holdsTensors };
    }
    level = next;
  }
  return { depth: DEPTH, holdsTensors };
}

function isTensorOf(value: unknown): boolean {
  return !types.isProxy(value) && isTensor(value);
}

/** Adds what an object holds to `into`; of proxies and getters nothing is asked. */
function addEntries(value: unknown, into: unknown[]): number {
  if (typeof value === 'string') return value.length / 100;
  if (typeof value !== 'object' || value === null) return 1;
  if (types.isProxy(value) || ArrayBuffer.isView(value)) return 1;
  const held = held100(value);
  for (const each of held) into.push(each);
  return 1 + held.length;
}

function held100(value: object): unknown[] {
  if (Array.isArray(value))
    return valuesAt(value, [...Array(Math.min(value.length, ARRAY_LENGTH)).keys()].map(String));
  if (types.isMap(value)) return first(Map.prototype.entries.call(value)).flat();
  if (types.isSet(value)) return first(Set.prototype.values.call(value));
  return valuesAt(value, Object.keys(value));
}

function valuesAt(value: object, keys: string[]): unknown[] {
  return keys.slice(0, ENTRIES + 1).map((key) => Object.getOwnPropertyDescriptor(value, key)?.value);
}

function first<T>(values: Iterator<T>): T[] {
  const some: T[] = [];
  for (let next = values.next(); !next.done && some.length < ARRAY_LENGTH; next = values.next())
    some.push(next.value);
  return some;
}
