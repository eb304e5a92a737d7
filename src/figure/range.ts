/** The finite numbers of a list. */
export function finite(values: ArrayLike<number>): number[] {
  return Array.from(values).filter(Number.isFinite);
}

/** Smallest and largest; a loop, as spreading a large plane into Math.min overflows the stack. */
export function extent(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return [low, high];
}

/** The q-quantile (0 ≤ q ≤ 1) of numbers in rising order, linear between neighbours. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = q * (sorted.length - 1);
  const i = Math.floor(position);
  const low = sorted[i]!;
  const high = sorted[Math.min(i + 1, sorted.length - 1)]!;
  return low + (position - i) * (high - low);
}

/** A range around what is drawn, with 5 % of air; one that is a point opens to both sides. */
export function padded([low, high]: [number, number], scale: 'linear' | 'log'): [number, number] {
  if (scale === 'log') {
    const air = low === high ? 2 : (high / low) ** 0.05;
    return [low / air, high * air];
  }
  const air = low === high ? 0.5 * Math.abs(low) || 0.5 : 0.05 * (high - low);
  return [low - air, high + air];
}

/** The range that holds all of the ranges. */
export function union(ranges: [number, number][]): [number, number] {
  return extent(ranges.flat());
}
