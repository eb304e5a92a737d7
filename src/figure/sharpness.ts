import { caption, leftOut, lossSentence, sentences, withSeed } from './captions';
import { checkAtMost, checkLength, checkOptions, checkRising, checkScale, named } from './check';
import { counted } from './format';
import type { SharpnessInput } from './inputs';
import { encodeNumbers } from './numbers';
import { extent, finite, padded, union } from './range';
import { type Axis, FIGURE_VERSION, type Figure, LIMITS, type Series } from './schema';

export interface SharpnessOptions {
  /** Of both axes; by default logarithmic where there are positive numbers to show. */
  scale?: 'linear' | 'log';
  title?: string;
  /** A sentence that opens the caption. */
  caption?: string;
}

const OPTIONS = ['scale', 'title', 'caption'];

/** Sharpness against ρ with the range over starts as a band; documented in display/figures.ts. */
export function sharpness(
  curves: SharpnessInput | Record<string, SharpnessInput>,
  options: SharpnessOptions = {},
): Figure {
  checkOptions(options, OPTIONS);
  checkScale(options.scale);
  const list = named(curves, isCurve, 'what sharpnessCurve returns');
  checkAtMost('curves', list.length, LIMITS.series);
  for (const [name, curve] of list) checkCurve(name, curve);
  const { x, y } = axes(list, options.scale);
  const title = options.title === undefined ? {} : { title: options.title };
  const series = list.map(([name, curve], style) => seriesOf(name || 'sharpness', style, curve));
  return {
    version: FIGURE_VERSION,
    kind: 'sharpness',
    caption: captionOf(list, x.scale, options),
    panels: [{ kind: 'sharpness', ...title, x, y, series, marks: [] }],
  };
}

function axes(
  curves: [string, SharpnessInput][],
  wanted: 'linear' | 'log' | undefined,
): { x: Axis; y: Axis } {
  const points = curves.flatMap(([, curve]) => pointsOf(curve));
  const positive = points.filter(([rho, s]) => rho > 0 && s > 0);
  const scale = wanted ?? (positive.length >= 2 ? 'log' : 'linear');
  const shown = scale === 'log' ? positive : points;
  if (shown.length === 0)
    throw new RangeError(
      'scale: log needs a positive rho and sharpness, got none; leave scale out or use linear',
    );
  const x = extent(shown.map(([rho]) => rho));
  const y = union([extent(shown.map(([, s]) => s)), ...bands(curves, scale)]);
  return {
    x: { label: 'ρ (radius of the ball of weights)', scale, range: padded(x, scale) },
    y: { label: 'sharpness (rise of the loss)', scale, range: padded(y, scale) },
  };
}

function pointsOf({ rho, sharpness: values }: SharpnessInput): [number, number][] {
  return Array.from(rho, (x, i): [number, number] => [x, values[i]!]).filter(([, s]) => Number.isFinite(s));
}

/** How far the bands reach; on a log axis only their positive part can be drawn. */
function bands(curves: [string, SharpnessInput][], scale: 'linear' | 'log'): [number, number][] {
  return curves
    .flatMap(([, { lower, upper }]) => [lower, upper])
    .map((list) => finite(list ?? []).filter((s) => scale === 'linear' || s > 0))
    .filter((list) => list.length > 0)
    .map(extent);
}

function seriesOf(name: string, style: number, curve: SharpnessInput): Series {
  const { rho, sharpness: values, lower, upper } = curve;
  const band =
    lower === undefined || upper === undefined
      ? {}
      : { lower: encodeNumbers(lower), upper: encodeNumbers(upper) };
  return { name, style, x: encodeNumbers(rho), y: encodeNumbers(values), ...band };
}

function captionOf(
  curves: [string, SharpnessInput][],
  scale: 'linear' | 'log',
  options: SharpnessOptions,
): string {
  const losses = curves.map(([, { loss }]) => (loss === undefined ? '' : lossSentence(loss)));
  const made = curves.map(([name, curve]): [string, string] => [name, measured(curve)]);
  return caption(
    options.caption,
    ...losses,
    sentences('Sharpness', made),
    bandSentence(curves),
    left(curves, scale),
  );
}

function measured({ steps, starts, seed }: SharpnessInput): string {
  const how =
    steps === undefined
      ? 'worst case in the ball'
      : steps === 1
        ? 'one ascent step (SAM’s proxy)'
        : `worst case in the ball, ${steps} ascent steps`;
  return withSeed(starts === undefined ? how : `${how}, ${counted(starts, 'start')}`, seed);
}

function bandSentence(curves: [string, SharpnessInput][]): string {
  return curves.some(([, { lower }]) => lower !== undefined) ? 'Bands: range over starts.' : '';
}

function left(curves: [string, SharpnessInput][], scale: 'linear' | 'log'): string {
  const lost = curves
    .flatMap(([, c]) => pointsOf(c))
    .filter(([rho, s]) => scale === 'log' && (rho <= 0 || s <= 0));
  return leftOut(lost.length, 'ρ or sharpness');
}

function isCurve(x: unknown): x is SharpnessInput {
  const curve = x as { rho?: unknown; sharpness?: unknown } | null;
  return typeof x === 'object' && isList(curve?.rho) && isList(curve?.sharpness);
}

function isList(x: unknown): boolean {
  return Array.isArray(x) || ArrayBuffer.isView(x);
}

function checkCurve(name: string, curve: SharpnessInput): void {
  const of = name === '' ? '' : `${name}.`;
  checkRising(`${of}rho`, curve.rho);
  checkAtMost(`${of}rho`, curve.rho.length, LIMITS.points);
  for (const key of ['sharpness', 'lower', 'upper'] as const) {
    const list = curve[key];
    if (list !== undefined) checkLength(`${of}${key}`, list, curve.rho.length);
  }
  if (finite(curve.sharpness).length === 0)
    throw new RangeError(`${of}sharpness: expected finite numbers, got none in ${curve.sharpness.length}`);
}
