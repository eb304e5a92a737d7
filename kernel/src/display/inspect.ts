import { inspect, types } from 'node:util';
import { inspectCompact } from './compact';
import { withTensorsDescribed } from './standIns';
import { survey } from './survey';
import { count, messageOf } from './text';

const PROPERTIES = 1000;
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
      return withPlaces(shorten(withoutHooks(attempt())));
    } catch (error) {
      failure ??= error;
    }
  return `[${typeof value} that can not be shown: ${messageOf(failure)}]`;
}

/**
 * What Node's async hooks leave on a promise, and on timers and sockets, on Node 20 and 22. Our store is shown as the one
 * word that is looked for, or in brackets where it lies deep.
 */
const HOOKS =
  /,?\s*\[Symbol\((?:(?:trigger_)?async_id_symbol)\)\]: \d+|,?\s*\[Symbol\(kResourceStore\)\]: (?:CellContext|\[CellContext\])/g;

/** A text of `util.inspect` without what the kernel's own means have put on what is asynchronous. */
export function withoutHooks(text: string): string {
  if (!text.includes('[Symbol(async_id_symbol)]') && !text.includes('[Symbol(kResourceStore)]')) return text;
  return text.replace(HOOKS, '').replace(/Promise \{\s+([^\n]*)\s+\}/g, 'Promise { $1 }');
}

function shorten(text: string): string {
  if (text.length <= TEXT_LENGTH) return text;
  return `${text.slice(0, TEXT_LENGTH)}\n… ${count(text.length - TEXT_LENGTH)} more characters`;
}

function inspectBounded(value: unknown): string {
  const { depth, holdsTensors } = survey(value);
  if (depth < 0 && isOrdinary(value)) return inspectFirst(value);
  const shown = holdsTensors ? withTensorsDescribed(value) : value;
  return inspectCompact(shown, Math.max(0, depth));
}

/** An object whose properties can be copied to another of its class without losing what it is. */
function isOrdinary(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  if (inspect.custom in value) return false;
  return Object.prototype.toString.call(value) === '[object Object]' && !types.isExternal(value);
}

function inspectFirst(value: object): string {
  const keys = Object.keys(value);
  const some: object = Object.create(Object.getPrototypeOf(value));
  for (const key of keys.slice(0, PROPERTIES))
    Object.defineProperty(some, key, Object.getOwnPropertyDescriptor(value, key)!);
  const more = `${count(keys.length - PROPERTIES)} more properties`;
  return inspect(some, { depth: 0 }).replace(/,?\s*\}$/, `,\n  ... ${more}\n}`);
}
