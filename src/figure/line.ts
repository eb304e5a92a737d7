import { caption, leftOut, lossLabel, lossSentence, sentences, withSeed } from './captions';
import { checkAtMost, checkLength, checkOptions, checkRising, checkScale, named } from './check';
import { words } from './format';
import type { LineInput } from './inputs';
import { encodeNumbers } from './numbers';
import { extent, finite, padded, union } from './range';
import { type Axis, FIGURE_VERSION, type Figure, LIMITS, type LinePanel, type Series } from './schema';

export interface LineOptions {
  /** Of the loss axis; by default logarithmic beyond two decades, when all losses are positive. */
  scale?: 'linear' | 'log';
  title?: string;
  /** A sentence that opens the caption. */
  caption?: string;
}

const OPTIONS = ['scale', 'title', 'caption'];

/** Two decades: beyond them a linear axis shows one curve and a flat line. */
const LOG_FROM = 100;

/** The loss along a line, or along several by name, with accuracy in a box below; documented in display/figures.ts. */
export function line(slices: LineInput | Record<string, LineInput>, options: LineOptions = {}): Figure {
  checkOptions(options, OPTIONS);
  checkScale(options.scale);
  const lines = named(slices, isLine, 'what lossSlice1D or interpolate returns');
  checkAtMost('slices', lines.length, LIMITS.series);
  for (const [name, slice] of lines) checkLine(name, slice);
  const panel = panelOf(lines, options);
  const text = captionOf(lines, panel.y, options);
  return { version: FIGURE_VERSION, kind: 'line', caption: text, panels: [panel] };
}

function panelOf(lines: [string, LineInput][], options: LineOptions): LinePanel {
  const below = accuracyBox(lines);
  return {
    kind: 'line',
    ...(options.title === undefined ? {} : { title: options.title }),
    x: {
      label: sharedLabel(lines),
      scale: 'linear',
      range: union(lines.map(([, { alpha }]) => extent(alpha))),
    },
    y: lossAxis(lines, options.scale),
    series: lines.map(([name, slice], style) => series(name || 'loss', style, slice.alpha, slice.values)),
    marks: marksOf(lines).slice(0, LIMITS.marks),
    ...(below === undefined ? {} : { below }),
  };
}

function series(name: string, style: number, x: ArrayLike<number>, y: ArrayLike<number>): Series {
  return { name, style, x: encodeNumbers(x), y: encodeNumbers(y) };
}

function sharedLabel(lines: [string, LineInput][]): string {
  const labels = new Set(lines.map(([, { label }]) => label));
  return labels.size === 1 ? lines[0]![1].label : 'α (along each direction)';
}

function lossAxis(lines: [string, LineInput][], wanted: 'linear' | 'log' | undefined): Axis {
  const label = lossLabel(lines.map(([, { loss }]) => loss));
  const losses = lines.flatMap(([, { values }]) => finite(values));
  const scale = wanted ?? scaleFor(extent(losses));
  const shown = scale === 'log' ? losses.filter((x) => x > 0) : losses;
  if (shown.length === 0)
    throw new RangeError('scale: log needs positive losses, got none; leave scale out or use linear');
  return { label, scale, range: padded(extent(shown), scale) };
}

function scaleFor([low, high]: [number, number]): 'linear' | 'log' {
  return low > 0 && high / low > LOG_FROM ? 'log' : 'linear';
}

/** Accuracy gets a box of its own: two scales on one plot invite reading one curve on the other's axis. */
function accuracyBox(lines: [string, LineInput][]): LinePanel['below'] {
  const measured = lines.flatMap(([name, slice], style) => {
    const metric = Object.keys(slice.metrics).find((key) => /^(acc$|accuracy|\w*Accuracy$)/.test(key));
    return metric === undefined ? [] : [{ metric, name: name || words(metric), style, slice }];
  });
  if (measured.length === 0) return undefined;
  const values = measured.map(({ metric, slice }) => slice.metrics[metric]!);
  const label = `${words(measured[0]!.metric)} (share)`;
  return {
    y: { label, scale: 'linear', range: padded(union(values.map((list) => extent(finite(list)))), 'linear') },
    series: measured.map(({ name, style, slice }, i) => series(name, style, slice.alpha, values[i]!)),
  };
}

/** The marks of all lines, each place and name once. */
function marksOf(lines: [string, LineInput][]): { x: number; label: string }[] {
  const marks = new Map<string, { x: number; label: string }>();
  for (const [, slice] of lines)
    for (const { alpha, label } of slice.marks) marks.set(`${alpha} ${label}`, { x: alpha, label });
  return [...marks.values()];
}

/** What does not fit above a plot, said. */
function marksLeftOut(lines: [string, LineInput][]): string {
  const { length } = marksOf(lines);
  return length <= LIMITS.marks ? '' : `Marks: the first ${LIMITS.marks} of ${length}.`;
}

function captionOf(lines: [string, LineInput][], y: Axis, options: LineOptions): string {
  const losses = lines.map(([, { loss }]) => lossSentence(loss));
  const made = lines.map(([name, s]): [string, string] => [name, withSeed(s.description, s.seed)]);
  const lost = lines.flatMap(([, { values }]) => finite(values)).filter((x) => y.scale === 'log' && x <= 0);
  const left = [leftOut(lost.length, 'loss'), marksLeftOut(lines)];
  return caption(options.caption, ...losses, sentences('Line', made), ...left);
}

function isLine(x: unknown): x is LineInput {
  return typeof x === 'object' && x !== null && (x as { kind?: unknown }).kind === 'slice1d';
}

function checkLine(name: string, slice: LineInput): void {
  const of = name === '' ? '' : `${name}.`;
  checkRising(`${of}alpha`, slice.alpha);
  checkAtMost(`${of}alpha`, slice.alpha.length, LIMITS.points);
  checkLength(`${of}values`, slice.values, slice.alpha.length);
  for (const [metric, list] of Object.entries(slice.metrics))
    checkLength(`${of}metrics.${metric}`, list, slice.alpha.length);
  if (finite(slice.values).length === 0)
    throw new RangeError(
      `${of}values: expected finite losses, got none in ${slice.values.length}; use a smaller span`,
    );
}
