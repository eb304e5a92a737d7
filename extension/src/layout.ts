import type { Figure, Panel, PlanePanel } from 'losslab/figure';
import { contourPlot, contourWidth, leftRoom } from './contour';
import { lineLeftRoom, linePlot } from './line';
import type { PlaneFrame } from './plane';
import type { Plot } from './plotly';
import { surfacePlot, surfaceWidth } from './surface';
import type { Theme } from './theme';

/** Between panels side by side; the same as in style/base.css. */
export const GAP = 16;

/** The schema's own limit where a figure does not say how many panels a row may have. */
const COLUMNS = 3;

/** A plot smaller than `least` is not worth having beside another; larger than `most` it is no better. */
const SIDE = { smallest: 80, least: 220, most: 460 };
const LINE_WIDTH = { least: 380, most: 760 };

const isPlane = (panel: Panel): panel is PlanePanel => panel.kind === 'contour' || panel.kind === 'surface';

/** The panels of a figure as Plotly draws them, in rows within `width` px. Pure: no page is needed. */
export function toPlots(figure: Figure, theme: Theme, width: number): Plot[][] {
  const { panels } = figure;
  const most = Math.min(figure.columns ?? COLUMNS, panels.length);
  const planes = panels.filter(isPlane);
  if (planes.length === panels.length) return planeRows(planes, theme, width, most);
  const columns = Math.max(1, Math.min(most, Math.floor((width + GAP) / (LINE_WIDTH.least + GAP))));
  const each = Math.min(Math.floor((width - (columns - 1) * GAP) / columns), LINE_WIDTH.most);
  const left = Math.max(...panels.map((panel) => (isPlane(panel) ? 0 : lineLeftRoom(panel, theme, each))));
  const plots = panels.map((panel) =>
    isPlane(panel)
      ? planeRows([panel], theme, each, 1)[0]![0]!
      : linePlot(panel, theme, { width: each, left }),
  );
  return rowsOf(plots, columns);
}

/** Planes get plots of one size, as large as fits; a colour bar they share stands at the end of each row. */
function planeRows(planes: PlanePanel[], theme: Theme, width: number, most: number): Plot[][] {
  const shared = planes.every(({ color }) => JSON.stringify(color) === JSON.stringify(planes[0]!.color));
  const frames = (columns: number, side: number): PlaneFrame[] => {
    const left = Math.max(
      ...planes.map((panel) => (panel.kind === 'surface' ? 0 : leftRoom(panel, theme, side))),
    );
    const ends = (i: number) => i % columns === columns - 1 || i === planes.length - 1;
    return planes.map((_, i) => ({ side, left, colorBar: !shared || ends(i) }));
  };
  const fits = (columns: number, side: number) => {
    const widths = frames(columns, side).map((frame, i) => planeWidth(planes[i]!, frame));
    return rowsOf(widths, columns).every((row) => sum(row) + (row.length - 1) * GAP <= width);
  };
  const { columns, side } = largest(most, fits);
  return rowsOf(
    frames(columns, side).map((frame, i) => planePlot(planes[i]!, theme, frame)),
    columns,
  );
}

type Fits = (columns: number, side: number) => boolean;

/** As many columns as leave plots of a good size, and the largest plots that fit; a lone column may be smaller. */
function largest(most: number, fits: Fits): { columns: number; side: number } {
  for (let columns = most; columns >= 1; columns--) {
    const least = columns > 1 ? SIDE.least : SIDE.smallest;
    for (let side: number = SIDE.most; side >= least; side -= 2)
      if (fits(columns, side)) return { columns, side };
  }
  return { columns: 1, side: SIDE.smallest };
}

function planeWidth(panel: PlanePanel, frame: PlaneFrame): number {
  return panel.kind === 'surface' ? surfaceWidth(panel, frame) : contourWidth(panel, frame);
}

const sum = (numbers: number[]): number => numbers.reduce((total, x) => total + x, 0);

function planePlot(panel: PlanePanel, theme: Theme, frame: PlaneFrame): Plot {
  return panel.kind === 'surface' ? surfacePlot(panel, theme, frame) : contourPlot(panel, theme, frame);
}

function rowsOf<T>(items: T[], columns: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / columns) }, (_, i) =>
    items.slice(i * columns, (i + 1) * columns),
  );
}
