// Checks of what a caller hands to the builders: a mistake is named before anything is built.

/** The arguments by name: `{ SGD: a, SAM: b }` as it is, a single one under the empty name. */
export function named<T extends object>(
  what: T | Record<string, T>,
  isOne: (x: unknown) => x is T,
  expected: string,
): [string, T][] {
  if (isOne(what)) return [['', what]];
  if (what === null || typeof what !== 'object' || Array.isArray(what))
    throw new TypeError(`expected ${expected}, or several by name, got ${nameOf(what)}`);
  const entries = Object.entries(what as Record<string, unknown>);
  if (entries.length === 0)
    throw new RangeError(`expected ${expected}, or several by name, got an empty object`);
  return entries.map(([name, one]) => {
    if (!isOne(one)) throw new TypeError(`${name}: expected ${expected}, got ${nameOf(one)}`);
    return [name, one];
  });
}

/** Refuses a misspelt option, which would otherwise be silently without effect. */
export function checkOptions(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new TypeError(`unknown option ${name}; the options are ${known.join(', ')}`);
  }
}

export function checkScale(scale: unknown): void {
  if (scale !== undefined && scale !== 'linear' && scale !== 'log')
    throw new TypeError(`scale must be 'linear' or 'log', got ${nameOf(scale)}`);
}

/** Two lists that belong together. */
export function checkLength(name: string, list: ArrayLike<number>, length: number): void {
  if (list?.length !== length)
    throw new RangeError(`${name}: expected ${length} numbers, got ${list?.length ?? 'nothing'}`);
}

/** The coordinates of a grid: at least two, finite, rising. */
export function checkRising(name: string, list: ArrayLike<number>): void {
  if (!(list?.length >= 2))
    throw new RangeError(`${name}: expected at least 2 numbers, got ${list?.length ?? 'nothing'}`);
  for (let i = 0; i < list.length; i++) {
    if (!Number.isFinite(list[i]) || (i > 0 && list[i]! <= list[i - 1]!))
      throw new RangeError(`${name}: expected finite numbers in rising order, got ${list[i]} at ${i}`);
  }
}

export function checkAtMost(name: string, count: number, most: number): void {
  if (count > most) throw new RangeError(`${name}: expected at most ${most}, got ${count}`);
}

/** What came, for a message: `null`, `a list`, `Slice1D`-like kinds by their `kind`, else the type. */
export function nameOf(x: unknown): string {
  if (x === null) return 'null';
  if (Array.isArray(x)) return 'a list';
  if (typeof x === 'object') return kindOf(x) ?? 'an object';
  return typeof x === 'string' ? `'${x}'` : String(x);
}

function kindOf(x: object): string | undefined {
  const kind = (x as { kind?: unknown }).kind;
  return typeof kind === 'string' ? `an object of kind '${kind}'` : undefined;
}
