import { caption, lossLabel, lossSentence, pathSentence, sentences, withSeed } from './captions';
import { checkAtMost, checkLength, checkOptions, checkRising, checkScale, named, nameOf } from './check';
import { colorScale } from './color';
import type { PlaneInput, RunInput } from './inputs';
import { encodeNumbers } from './numbers';
import { pathsIn } from './paths';
import { extent, union } from './range';
import { type Axis, FIGURE_VERSION, type Figure, LIMITS, type Path, type PlanePanel } from './schema';

export interface PlaneOptions {
  /** Runs by name; each is drawn in every plane that holds it. */
  paths?: Record<string, RunInput>;
  /** Above a single plane; several carry their names. */
  title?: string;
  /** Of the colours; by default logarithmic when max/min > 50 and no loss is negative. */
  scale?: 'linear' | 'log';
  /** Panels in a row, where there is room; by default at most 3. */
  columns?: number;
  /** A sentence that opens the caption. */
  caption?: string;
}

const OPTIONS = ['paths', 'title', 'scale', 'columns', 'caption'];

/** Contour lines of the loss over one plane, or over several side by side on one scale; documented in display/figures.ts. */
export function contour(planes: PlaneInput | Record<string, PlaneInput>, options: PlaneOptions = {}): Figure {
  return planeFigure('contour', planes, options);
}

/** The same planes as surfaces in 3D. */
export function surface(planes: PlaneInput | Record<string, PlaneInput>, options: PlaneOptions = {}): Figure {
  return planeFigure('surface', planes, options);
}

function planeFigure(
  kind: 'contour' | 'surface',
  what: PlaneInput | Record<string, PlaneInput>,
  options: PlaneOptions,
): Figure {
  checkOptions(options, OPTIONS);
  checkScale(options.scale);
  checkColumns(options.columns);
  const planes = named(what, isPlane, 'what lossSlice2D returns');
  checkAtMost('planes', planes.length, LIMITS.panels);
  for (const [name, plane] of planes) checkPlane(name, plane);
  const runs = Object.entries(options.paths ?? {});
  const panels = panelsOf(kind, planes, runs, options);
  return {
    version: FIGURE_VERSION,
    kind: panels.length === 1 ? kind : 'grid',
    caption: captionOf(planes, runs, options),
    panels,
    ...(options.columns === undefined ? {} : { columns: options.columns }),
  };
}

function panelsOf(
  kind: 'contour' | 'surface',
  named: [string, PlaneInput][],
  runs: [string, RunInput][],
  options: PlaneOptions,
): PlanePanel[] {
  const planes = named.map(([, plane]) => plane);
  const label = lossLabel(planes.map(({ loss }) => loss));
  const color = colorScale(
    Float64Array.from(planes.flatMap(({ values }) => Array.from(values))),
    label,
    options.scale,
  );
  const ranges = squareRanges(planes.map(({ alpha, beta }) => [extent(alpha), extent(beta)]));
  const paths = pathsIn(planes, runs);
  return named.map(([name, plane], p) => ({
    ...panelOf(kind, plane, ranges, paths[p]!),
    color,
    ...titled(name || options.title),
  }));
}

function panelOf(
  kind: 'contour' | 'surface',
  plane: PlaneInput,
  [x, y]: [[number, number], [number, number]],
  paths: Path[],
): Omit<PlanePanel, 'color'> {
  const [alphaLabel = 'α (along direction 1)', betaLabel = 'β (along direction 2)'] = plane.directions.labels;
  return {
    kind,
    x: axis(alphaLabel, x),
    y: axis(betaLabel, y),
    alpha: encodeNumbers(plane.alpha),
    beta: encodeNumbers(plane.beta),
    values: encodeNumbers(plane.values),
    center: plane.center,
    paths,
  };
}

function axis(label: string, range: [number, number]): Axis {
  return { label, scale: 'linear', range };
}

function titled(title: string | undefined): { title?: string } {
  return title === undefined || title === '' ? {} : { title };
}

/** Ranges that hold every plane and are equally wide, so that one unit of α is as long as one of β. */
export function squareRanges(
  spans: [[number, number], [number, number]][],
): [[number, number], [number, number]] {
  const x = union(spans.map(([alpha]) => alpha));
  const y = union(spans.map(([, beta]) => beta));
  const half = Math.max(x[1] - x[0], y[1] - y[0]) / 2;
  return [around(x, half), around(y, half)];
}

function around([low, high]: [number, number], half: number): [number, number] {
  const middle = (low + high) / 2;
  return high - low === 2 * half ? [low, high] : [middle - half, middle + half];
}

function captionOf(
  planes: [string, PlaneInput][],
  runs: [string, RunInput][],
  options: PlaneOptions,
): string {
  const directions = planes.map(([name, plane]): [string, string] => [
    name,
    withSeed(plane.directions.description, plane.seed),
  ]);
  const losses = planes.map(([, plane]) => lossSentence(plane.loss));
  return caption(options.caption, ...losses, sentences('Directions', directions), pathSentence(runs));
}

function isPlane(x: unknown): x is PlaneInput {
  return typeof x === 'object' && x !== null && (x as { kind?: unknown }).kind === 'slice2d';
}

function checkPlane(name: string, plane: PlaneInput): void {
  const of = name === '' ? '' : `${name}.`;
  checkRising(`${of}alpha`, plane.alpha);
  checkRising(`${of}beta`, plane.beta);
  checkAtMost(`${of}alpha`, plane.alpha.length, LIMITS.gridSide);
  checkAtMost(`${of}beta`, plane.beta.length, LIMITS.gridSide);
  checkLength(`${of}values`, plane.values, plane.alpha.length * plane.beta.length);
}

function checkColumns(columns: unknown): void {
  if (columns === undefined) return;
  if (!Number.isInteger(columns) || (columns as number) < 1)
    throw new RangeError(`columns must be a whole number >= 1, got ${nameOf(columns)}`);
}
