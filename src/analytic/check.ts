/** Returns the option when it is a finite number > 0 (or ≥ 0), else throws. */
export function checkPositive(
  name: string,
  value: number,
  { zero = false }: { zero?: boolean } = {},
): number {
  if (Number.isFinite(value) && (value > 0 || (zero && value === 0))) return value;
  throw new RangeError(`${name} must be a finite number ${zero ? '>=' : '>'} 0, got ${value}`);
}
