/**
 * Refuses options that are no object, and a misspelt one, which would otherwise be silently without effect.
 * Figures, which import nothing, have the like of it.
 */
export function checkOptions<T extends object>(options: T, known: readonly (keyof T & string)[]): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`options must be an object, got ${String(options)}`);
  for (const name of Object.keys(options))
    if (!(known as readonly string[]).includes(name))
      throw new TypeError(`unknown option ${name}; the options are ${known.join(', ')}`);
}
