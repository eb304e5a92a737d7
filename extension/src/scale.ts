import { type Axis, type ColorScale, formatNumber } from 'losslab/figure';

/** What a colour scale and an axis have in common. */
export type Scale = Pick<Axis | ColorScale, 'scale' | 'range'>;

/** Where a value lies on its scale: itself, or its decimal logarithm (NaN when it has none). */
export function onScale(value: number, { scale }: Pick<Scale, 'scale'>): number {
  if (scale === 'linear') return value;
  return value > 0 ? Math.log10(value) : Number.NaN;
}

/** The range on its scale. */
export function rangeOnScale(scale: Scale): [number, number] {
  return [onScale(scale.range[0], scale), onScale(scale.range[1], scale)];
}

export interface Tick {
  /** The place on the scale: a logarithm on a logarithmic one. */
  at: number;
  text: string;
}

/** Below this many decades a logarithmic scale has the round numbers of a linear one. */
const FEW_DECADES = 0.7;

/** Round numbers within a range, about `count` of them, with the fewest digits that tell them apart. */
export function ticks(scale: Scale, count: number): Tick[] {
  const [low, high] = rangeOnScale(scale);
  if (scale.scale === 'linear') return linearTicks(low, high, count);
  if (high - low > FEW_DECADES) return logTicks(low, high, count);
  return linearTicks(...scale.range, count).map(({ at, text }) => ({ at: Math.log10(at), text }));
}

function linearTicks(low: number, high: number, count: number): Tick[] {
  const step = niceStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const places = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
  const digits = Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / step)) + 1;
  return places.map((at) => ({ at, text: formatNumber(at, Math.min(Math.max(digits, 1), 15)) }));
}

/** The smallest of 1, 2, 5 × 10ⁿ that is not below a number. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((f) => f * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** 1, 2, 5 × 10ⁿ; where these are too many 1 and 3, then powers of ten, then every second of them. */
function logTicks(low: number, high: number, count: number): Tick[] {
  const mantissas = [[1, 2, 5], [1, 3], [1]].find((m) => m.length * (high - low) <= count) ?? [1];
  const stride = Math.max(1, Math.ceil((high - low) / count));
  const first = Math.floor(low);
  const decades = Array.from({ length: Math.ceil(high) - first + 1 }, (_, i) => first + i);
  return decades
    .filter((decade) => decade % stride === 0)
    .flatMap((decade) => mantissas.map((mantissa) => Number(`${mantissa}e${decade}`)))
    .map((value) => ({ at: Math.log10(value), text: formatNumber(value) }))
    .filter(({ at }) => at >= low - 1e-9 && at <= high + 1e-9);
}
