import type { Figure, LinePanel, Panel, PlanePanel } from 'losslab/figure';
import { contourPlot, leftRoom } from './contour';
import { linePlot } from './line';
import { colorBarRoom } from './plane';
import type { Plot } from './plotly';
import { surfacePlot } from './surface';
import type { Theme } from './theme';

/** Between panels side by side; the same as in style/base.css. */
export const GAP = 16;

/** The schema's own limit where a figure does not say how many panels a row may have. */
const COLUMNS = 3;

/** A plot smaller than this is not worth having beside another; larger than this it is no better. */
const SIDE = { least: 220, most: 460 };
const LINE_WIDTH = { least: 380, most: 760 };

/** What is right of a contour that has no colour bar. */
const RIGHT = 24;

const isPlane = (panel: Panel): panel is PlanePanel => panel.kind === 'contour' || panel.kind === 'surface';

/** Every panel of a figure as Plotly draws it in rows within `width` px. Pure: no page is needed. */
export function toPlots(figure: Figure, theme: Theme, width: number): Plot[] {
  const { panels } = figure;
  const most = Math.min(figure.columns ?? COLUMNS, panels.length);
  const planes = panels.filter(isPlane);
  if (planes.length === panels.length) return planePlots(planes, theme, width, most);
  const columns = columnsThatFit(most, width, LINE_WIDTH.least);
  const each = Math.min((width - (columns - 1) * GAP) / columns, LINE_WIDTH.most);
  return panels.map((panel) =>
    isPlane(panel)
      ? planePlots([panel], theme, each, 1)[0]!
      : linePlot(panel as LinePanel, theme, Math.floor(each)),
  );
}

function columnsThatFit(most: number, width: number, least: number): number {
  return Math.max(1, Math.min(most, Math.floor((width + GAP) / (least + GAP))));
}

/** Planes get plots of one size; a colour bar they share stands at the end of each row. */
function planePlots(planes: PlanePanel[], theme: Theme, width: number, most: number): Plot[] {
  const shared = planes.every(({ color }) => JSON.stringify(color) === JSON.stringify(planes[0]!.color));
  const rooms = (side: number) => ({
    left: Math.max(...planes.map((panel) => (panel.kind === 'surface' ? 0 : leftRoom(panel, theme, side)))),
    bar: Math.max(...planes.map(({ color }) => colorBarRoom(color, side))),
  });
  const sideOf = (columns: number) => {
    const { left, bar } = rooms(SIDE.least);
    const bars = shared ? bar + (columns - 1) * RIGHT : columns * bar;
    return Math.floor((width - (columns - 1) * GAP - columns * left - bars) / columns);
  };
  const choices = Array.from({ length: most }, (_, i) => most - i);
  const columns = choices.find((count) => sideOf(count) >= SIDE.least) ?? 1;
  const side = Math.max(Math.min(sideOf(columns), SIDE.most), 60);
  const { left } = rooms(side);
  return planes.map((panel, i) => {
    const colorBar = !shared || i % columns === columns - 1 || i === planes.length - 1;
    const frame = { side, colorBar };
    return panel.kind === 'surface'
      ? surfacePlot(panel, theme, frame)
      : contourPlot(panel, theme, frame, left);
  });
}
