import type { tf } from '../engine';

/** One value for each output of a model: a list in their order, or an object by their names. */
export type EachOutput<T> = readonly T[] | Readonly<Record<string, T>>;

/**
 * The entries of a list or an object in the order of `names`; what an object leaves out is undefined.
 * @throws RangeError for a list of another length and for a name that is not there; TypeError for anything else.
 */
export function readEach<T>(
  value: unknown,
  what: string,
  names: readonly string[],
  kind = 'outputs',
): (T | undefined)[] {
  if (Array.isArray(value)) {
    if (value.length === names.length) return value;
    throw new RangeError(
      `${what} must have ${names.length} entries, one for each of the model's ${kind} ${names.join(', ')}; got ${value.length}`,
    );
  }
  if (!isByName(value))
    throw new TypeError(
      `${what} must be a list of ${names.length}, or an object by name, for the model's ${kind} ${names.join(', ')}`,
    );
  for (const name of Object.keys(value)) checkName(name, what, names, kind);
  return names.map((name) => (Object.hasOwn(value, name) ? (value[name] as T) : undefined));
}

/** The same where each must be given. */
export function readAll<T>(value: unknown, what: string, names: readonly string[], kind = 'outputs'): T[] {
  return readEach<T>(value, what, names, kind).map((entry, i) => {
    if (entry !== undefined) return entry;
    throw new RangeError(`${placeOf(value, what, names, i)} must be given: the model has such ${kind}`);
  });
}

/** Where the i-th entry stands, for an error message: y, y[1] or y.digit. */
export function placeOf(value: unknown, what: string, names: readonly string[], i: number): string {
  if (isByName(value)) return `${what}.${names[i]}`;
  return Array.isArray(value) && names.length > 1 ? `${what}[${i}]` : what;
}

/** An object that is no data. */
export function isByName(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function checkName(name: string, what: string, names: readonly string[], kind: string): void {
  if (names.includes(name)) return;
  throw new RangeError(`${what} must go by the model's ${kind} ${names.join(', ')}; got ${name}`);
}

/** The names of a model's inputs or outputs: those of the layers, with numbers where one has several. */
export function namesOf(tensors: readonly tf.SymbolicTensor[]): string[] {
  const layers = tensors.map(({ sourceLayer }) => sourceLayer.name);
  return layers.map((name, i) => {
    const earlier = layers.slice(0, i).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name}_${earlier}`;
  });
}
