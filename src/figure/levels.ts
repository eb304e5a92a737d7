import { distinctTexts } from './format';

/** How many isolines a contour should have. */
const FEWEST = 12;
const MOST = 20;

/** Steps a reader counts in, the roundest first. */
const STEPS = [1, 2, 5, 2.5, 4, 3, 1.5, 6, 8];

/** Mantissas that stand about evenly in a decade on a log scale, the roundest first. */
const MANTISSAS = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 2, 3, 5],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 4, 5, 6, 7, 8.5],
];

/** 12 to 20 round losses strictly inside the range, evenly apart on its scale; none when the range is a point. */
export function isolevels(range: [number, number], scale: 'linear' | 'log'): number[] {
  if (!(range[1] > range[0])) return [];
  return scale === 'log' ? logLevels(range) : linearLevels(range);
}

function linearLevels([low, high]: [number, number]): number[] {
  const decade = Math.floor(Math.log10((high - low) / MOST));
  for (const step of STEPS) {
    for (const power of [decade, decade + 1]) {
      const levels = multiples(step, power, low, high);
      if (enough(levels)) return levels;
    }
  }
  return evenly(low, high, (x) => x);
}

/** The multiples of step·10^power between two numbers; a division by 10ⁿ keeps 0.3 from becoming 0.30000000000000004. */
function multiples(step: number, power: number, low: number, high: number): number[] {
  const at = (k: number) =>
    Number((power < 0 ? (k * step) / 10 ** -power : k * step * 10 ** power).toPrecision(12));
  const first = Math.floor(low / at(1)) + 1;
  const count = Math.min(MOST + 3, Math.ceil(high / at(1)) - first);
  return Array.from({ length: Math.max(0, count) }, (_, k) => at(first + k)).filter(
    (x) => low < x && x < high,
  );
}

function logLevels([low, high]: [number, number]): number[] {
  for (const mantissas of MANTISSAS) {
    const levels = decades(mantissas, low, high);
    if (enough(levels)) return levels;
  }
  return evenly(Math.log10(low), Math.log10(high), (x) => 10 ** x);
}

function decades(mantissas: number[], low: number, high: number): number[] {
  const levels: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const m of mantissas) levels.push(Number(`${m}e${power}`));
  return levels.filter((x) => low < x && x < high);
}

/** Sixteen levels, rounded no more than keeps them apart: for ranges where round numbers are too few or too many. */
function evenly(low: number, high: number, back: (x: number) => number): number[] {
  const count = 16;
  const levels = Array.from({ length: count }, (_, k) => back(low + ((k + 1) / (count + 1)) * (high - low)));
  for (const digits of [2, 3, 4, 6, 9]) {
    const rounded = levels.map((x) => Number(x.toPrecision(digits)));
    const apart = rounded.every((x, i) => i === 0 || x > rounded[i - 1]!);
    if (apart && rounded[0]! > back(low) && rounded[count - 1]! < back(high)) return rounded;
  }
  return levels;
}

function enough(levels: number[]): boolean {
  return levels.length >= FEWEST && levels.length <= MOST;
}

/** Four to seven of the levels, evenly picked, with their numbers as text. */
export function labelledLevels(levels: number[]): { level: number; text: string }[] {
  const stride = Math.max(1, Math.ceil(levels.length / 7));
  const offset = Math.floor(((levels.length - 1) % stride) / 2);
  const picked = levels.filter((_, i) => i % stride === offset);
  const texts = distinctTexts(picked);
  return picked.map((level, i) => ({ level, text: texts[i]! }));
}
