/** The ends of an axis. */
export type Span = readonly [number, number];

/** Evenly spaced numbers from low to high; exact at both ends, and at 0 when 0 is one of them. */
export function linspace([low, high]: Span, points: number): Float64Array {
  const last = points - 1;
  const grid = Float64Array.from({ length: points }, (_, i) => (low * (last - i) + high * i) / last);
  // (−0.4 · 3 + 0) / 3 is not −0.4.
  grid[0] = low;
  grid[last] = high;
  return grid;
}

export function checkSpan(span: Span, what = 'span'): void {
  if (span.length === 2 && span.every(Number.isFinite) && span[0] < span[1]) return;
  throw new RangeError(`${what} must be [low, high] with finite low < high, got [${span.join(', ')}]`);
}

export function checkPoints(points: number): void {
  if (Number.isInteger(points) && points >= 2) return;
  throw new RangeError(`points must be a whole number >= 2, got ${points}`);
}

/** One for each axis: an option may be given once for both. */
export function spanPair(span: Span | readonly [Span, Span]): [Span, Span] {
  const pair = typeof span[0] === 'number' ? [span as Span, span as Span] : (span as readonly [Span, Span]);
  pair.forEach((axis, i) => {
    checkSpan(axis, `span of axis ${i + 1}`);
  });
  return [pair[0]!, pair[1]!];
}

export function pointsPair(points: number | readonly [number, number]): [number, number] {
  const [nx, ny] = typeof points === 'number' ? [points, points] : points;
  checkPoints(nx);
  checkPoints(ny);
  return [nx, ny];
}
