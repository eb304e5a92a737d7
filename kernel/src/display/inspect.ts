import { inspect, types } from 'node:util';
import { count, messageOf } from './text';

/** As in a person's screenful times some; arrays, maps and sets show their first 100 entries as in Node. */
const DEPTH = 4;
const ENTRIES = 5000;
const PROPERTIES = 1000;
const ARRAY_LENGTH = 100;
const TEXT_LENGTH = 200_000;

let withPlaces: (text: string) => string = (text) => text;

/** Says how stacks in a text get the lines of the cells: an error that is shown as a value names the user's own. */
export function namePlaces(places: (text: string) => string): void {
  withPlaces = places;
}

/** A value as Node's `util.inspect` shows it, bounded in time and length, whatever the value is. */
export function toPlain(value: unknown): string {
  const attempts = [
    () => inspectBounded(value),
    () => inspect(value, { customInspect: false, depth: 0, getters: false }),
  ];
  let failure: unknown;
  for (const attempt of attempts)
    try {
      return withPlaces(shorten(attempt()));
    } catch (error) {
      failure ??= error;
    }
  return `[${typeof value} that can not be shown: ${messageOf(failure)}]`;
}

function shorten(text: string): string {
  if (text.length <= TEXT_LENGTH) return text;
  return `${text.slice(0, TEXT_LENGTH)}\n… ${count(text.length - TEXT_LENGTH)} more characters`;
}

function inspectBounded(value: unknown): string {
  if (isOrdinary(value)) {
    const keys = Object.keys(value);
    if (keys.length > ENTRIES) return inspectFirst(value, keys);
  }
  return inspect(value, { depth: fittingDepth(value), maxArrayLength: ARRAY_LENGTH });
}

/** An object whose properties can be copied to another of its class without losing what it is. */
function isOrdinary(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  if (inspect.custom in value) return false;
  return Object.prototype.toString.call(value) === '[object Object]' && !types.isExternal(value);
}

function inspectFirst(value: object, keys: string[]): string {
  const some: object = Object.create(Object.getPrototypeOf(value));
  for (const key of keys.slice(0, PROPERTIES))
    Object.defineProperty(some, key, Object.getOwnPropertyDescriptor(value, key)!);
  const more = `${count(keys.length - PROPERTIES)} more properties`;
  return inspect(some, { depth: 0 }).replace(/,?\s*\}$/, `,\n  ... ${more}\n}`);
}

/** How deep a value can be shown before it has more than ENTRIES entries: `inspect` bounds arrays, not objects. */
function fittingDepth(value: unknown): number {
  let level = [value];
  let entries = 0;
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    const next: unknown[] = [];
    for (const each of level) {
      entries += addEntries(each, next);
      if (entries > ENTRIES) return Math.max(0, depth - 1);
    }
    level = next;
  }
  return DEPTH;
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
