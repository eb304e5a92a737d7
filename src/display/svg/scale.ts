import { type Axis, formatNumber } from '../../figure';

/** Data to px, and the numbers to write along the way. */
export interface Scale {
  map(x: number): number;
  ticks(most: number): { at: number; text: string }[];
}

/** The scale of an axis from px `start` (its lower end) to px `end`. */
export function scaleOf({ scale, range }: Pick<Axis, 'scale' | 'range'>, start: number, end: number): Scale {
  const to = scale === 'log' ? Math.log10 : (x: number) => x;
  const low = to(range[0]);
  const high = to(range[1]);
  const map = (x: number) => start + ((to(x) - low) / (high - low)) * (end - start);
  const write = (value: number) => ({ at: map(value), text: formatNumber(value, 6) });
  return {
    map,
    ticks: (most) => (scale === 'log' ? logTicks(range, most) : linearTicks(range, most)).map(write),
  };
}

/** The multiples of 1, 2 or 5 times a power of ten in a range; the smallest step that gives at most so many. */
export function linearTicks([low, high]: [number, number], most: number): number[] {
  const power = Math.floor(Math.log10((high - low) / most));
  for (const exponent of [power, power + 1, power + 2])
    for (const mantissa of [1, 2, 5]) {
      const ticks = multiples(mantissa, exponent, low, high);
      if (ticks.length <= most) return ticks;
    }
  return [];
}

function multiples(mantissa: number, exponent: number, low: number, high: number): number[] {
  const step = Number(`${mantissa}e${exponent}`);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) =>
    Number(((first + k) * step).toPrecision(12)),
  );
}

/** Powers of ten, with 2 and 5 between them or only every n-th as there is room; below one decade linear ones. */
export function logTicks([low, high]: [number, number], most: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, k) => first + k);
  const inside = (x: number) => x >= low * (1 - 1e-9) && x <= high * (1 + 1e-9);
  const of = (mantissas: number[]) =>
    powers.flatMap((p) => mantissas.map((m) => Number(`${m}e${p}`))).filter(inside);
  const fine = of([1, 2, 5]);
  if (fine.length < 3) return linearTicks([low, high], most);
  if (fine.length <= most) return fine;
  const whole = of([1]);
  if (whole.length < 2) return thin(fine, most);
  return thin(whole, most);
}

function thin(ticks: number[], most: number): number[] {
  const stride = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % stride === 0);
}
