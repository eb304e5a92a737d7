import { counted, formatNumber } from './format';
import { isolevels, labelledLevels } from './levels';
import { finite, quantile } from './range';
import type { ColorScale } from './schema';

/** Beyond this ratio of largest to smallest loss a linear scale would show one dark spot. */
const LOG_FROM = 50;

/**
 * One colour scale for all the losses of a figure: logarithmic when max/min > 50, clipped at the 99th
 * percentile so that a cliff at the edge does not flatten the valley.
 * @throws RangeError when no loss is finite, or none is positive and `scale` is log.
 */
export function colorScale(values: ArrayLike<number>, label: string, wanted?: 'linear' | 'log'): ColorScale {
  const sorted = Float64Array.from(finite(values)).sort();
  if (sorted.length === 0)
    throw new RangeError(`values: expected finite losses, got none in ${values.length}; use a smaller span`);
  const scale = wanted ?? scaleFor(sorted);
  const range = scale === 'log' ? logRange(sorted) : linearRange(sorted);
  const levels = isolevels(range, scale);
  const note = noteOn(sorted, range, values.length - sorted.length);
  return {
    label,
    scale,
    range: open(range, scale),
    levels,
    labelled: labelledLevels(levels),
    ...(note === '' ? {} : { note }),
  };
}

/** Losses below zero have no logarithm; a loss of exactly zero is merely darker than any other. */
function scaleFor(sorted: Float64Array): 'linear' | 'log' {
  const low = sorted[0]!;
  const high = sorted[sorted.length - 1]!;
  return low >= 0 && high > 0 && high / low > LOG_FROM ? 'log' : 'linear';
}

function linearRange(sorted: Float64Array): [number, number] {
  return [sorted[0]!, top(sorted)];
}

/**
 * From the smallest positive loss, unless it lies more than two decades below the 1st percentile: one grid
 * point that hits a minimum of 1e-30 exactly would leave all others in one colour.
 */
function logRange(sorted: Float64Array): [number, number] {
  const positive = sorted.filter((x) => x > 0);
  if (positive.length === 0)
    throw new RangeError('scale: log needs positive losses, got none; leave scale out or use linear');
  const bulk = quantile(positive, 0.01);
  return [positive[0]! < bulk / 100 ? bulk : positive[0]!, top(positive)];
}

/** Share of the range below which clipping wins no contrast: a plateau's top percent differs in the last digits. */
const WORTH_CLIPPING = 0.01;

/** The 99th percentile, or the maximum where clipping would leave nothing or win nothing. */
function top(sorted: Float64Array): number {
  const high = sorted[sorted.length - 1]!;
  const low = sorted[0]!;
  const clipped = quantile(sorted, 0.99);
  return clipped > low && high - clipped > WORTH_CLIPPING * (high - low) ? clipped : high;
}

/** Renderers divide by the width of the range: a constant plane gets one. */
function open([low, high]: [number, number], scale: 'linear' | 'log'): [number, number] {
  if (high > low) return [low, high];
  if (scale === 'log') return [low / 2, low * 2];
  const air = 0.5 * Math.abs(low) || 0.5;
  return [low - air, low + air];
}

function noteOn(sorted: Float64Array, [low, high]: [number, number], nonFinite: number): string {
  const most = sorted[sorted.length - 1]!;
  const least = sorted[0]!;
  const notes: string[] = [];
  if (most > high)
    notes.push(
      `Clipped at the 99th percentile: losses from ${formatNumber(high)} to ${formatNumber(most)} share the brightest colour.`,
    );
  if (least < low)
    notes.push(`Losses from ${formatNumber(least)} to ${formatNumber(low)} share the darkest colour.`);
  if (nonFinite > 0) notes.push(`Blank: ${counted(nonFinite, 'point')} with a loss that is not finite.`);
  return notes.join(' ');
}
