import { nameOf } from './text';

/** Refuses options that are no object, and a misspelt one, which would otherwise be silently without effect. */
export function checkOptions(who: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(
      `${who}: expected an object of options (${known.join(', ')}), got ${nameOf(options)}`,
    );
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw new TypeError(`${who}: unknown option ${name}; the options are ${known.join(', ')}`);
}

export function checkString(what: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw new TypeError(`${what} must be a string, got ${nameOf(value)}`);
}

export function checkFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${what} must be a function, got ${nameOf(value)}`);
}

/** `undefined` counts as left out. */
export function checkFlag(what: string, value: unknown): asserts value is boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean')
    throw new TypeError(`${what} must be true or false, got ${nameOf(value)}`);
}
