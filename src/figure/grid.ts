import { caption } from './captions';
import { checkAtMost, checkOptions, nameOf } from './check';
import { colorScale } from './color';
import { decodeNumbers } from './numbers';
import { squareRanges } from './plane';
import { union } from './range';
import {
  type Axis,
  FIGURE_VERSION,
  type Figure,
  LIMITS,
  type LinePanel,
  type Panel,
  type PlanePanel,
} from './schema';

export interface GridOptions {
  /** Panels in a row, where there is room; by default at most 3. */
  columns?: number;
  /** A sentence that opens the caption. */
  caption?: string;
}

const OPTIONS = ['columns', 'caption'];

/** Figures side by side as one, panels of the same quantity on one scale; documented in display/figures.ts. */
export function grid(figures: Figure[], options: GridOptions = {}): Figure {
  checkOptions(options, OPTIONS);
  if (!Array.isArray(figures))
    throw new TypeError(`figures: expected a list of figures, got ${nameOf(figures)}`);
  if (figures.length === 0) throw new RangeError('figures: expected at least 1 figure, got an empty list');
  figures.forEach((figure, i) => {
    if (!Array.isArray(figure?.panels))
      throw new TypeError(`figures[${i}]: expected a figure, got ${nameOf(figure)}`);
  });
  const panels = figures.flatMap((figure) => figure.panels);
  checkAtMost('panels', panels.length, LIMITS.panels);
  return {
    version: FIGURE_VERSION,
    kind: 'grid',
    caption: caption(options.caption, ...figures.map((figure) => figure.caption)),
    panels: panels.map((panel) => (isPlane(panel) ? sharePlane(panel, panels) : shareLine(panel, panels))),
    ...(options.columns === undefined ? {} : { columns: options.columns }),
  };
}

export function isPlane(panel: Panel): panel is PlanePanel {
  return panel.kind === 'contour' || panel.kind === 'surface';
}

/** One colour scale over the losses of all planes of the same loss; the scale is log when one of theirs was. */
function sharePlane(panel: PlanePanel, panels: Panel[]): PlanePanel {
  const alike = panels.filter(isPlane).filter(({ color }) => color.label === panel.color.label);
  if (alike.length < 2) return panel;
  const values = alike.flatMap((p) => Array.from(decodeNumbers(p.values)));
  const log = alike.some(({ color }) => color.scale === 'log') && values.every((x) => !(x < 0));
  const [x, y] = squareRanges(alike.map((p) => [p.x.range, p.y.range]));
  return {
    ...panel,
    color: colorScale(values, panel.color.label, log ? 'log' : undefined),
    x: { ...panel.x, range: x },
    y: { ...panel.y, range: y },
  };
}

function shareLine(panel: LinePanel, panels: Panel[]): LinePanel {
  const alike = panels.filter((p): p is LinePanel => !isPlane(p) && p.kind === panel.kind);
  return {
    ...panel,
    x: shareAxis(
      panel.x,
      alike.map((p) => p.x),
    ),
    y: shareAxis(
      panel.y,
      alike.map((p) => p.y),
    ),
  };
}

/** Axes of the same quantity on the same scale get the range that holds all of them. */
function shareAxis(axis: Axis, others: Axis[]): Axis {
  const alike = others.filter(({ label, scale }) => label === axis.label && scale === axis.scale);
  return { ...axis, range: union(alike.map(({ range }) => range)) };
}
