import { type Axis, DASHES, decodeNumbers, type LinePanel, PALETTE, type Series } from '../../figure';
import { BOTTOM, frame, LEFT, scales, xAxis, yAxis } from './axes';
import { type Box, clipped, element, MUTED, type Point, polyline, text, textWidth } from './elements';
import type { Scale } from './scale';

const RIGHT = 24;
const GAP = 16;

/** Height of a panel of curves so many px wide: 16:9, with a lower box a third as high when there is one. */
export function linePanelHeight(panel: LinePanel, width: number): number {
  const plot = plotHeight(width);
  const below = panel.below === undefined ? 0 : plot / 2.5 + GAP;
  return marksHeight(panel) + plot + below + BOTTOM;
}

/** Curves with bands and named verticals, and the lower box on the same x axis. */
export function linePanel(panel: LinePanel, { x, y, width }: Box, id: string): string {
  const top = y + marksHeight(panel);
  const box = { x: x + LEFT, y: top, width: width - LEFT - RIGHT, height: plotHeight(width) };
  const upper = plot(panel, panel, box, id, panel.below === undefined);
  if (panel.below === undefined) return upper + markNames(panel, box);
  const lower = { ...box, y: box.y + box.height + GAP, height: box.height / 2.5 };
  return upper + markNames(panel, box) + plot(panel, panel.below, lower, `${id}b`, true);
}

function plotHeight(width: number): number {
  return ((width - LEFT - RIGHT) * 9) / 16;
}

function marksHeight(panel: LinePanel): number {
  return panel.marks.length > 0 ? 22 : 6;
}

function plot(
  panel: LinePanel,
  part: { y: Axis; series: Series[] },
  box: Box,
  id: string,
  named: boolean,
): string {
  const to = scales(panel.x, part.y, box);
  const inside = [
    ...verticals(panel, to.x, box),
    ...part.series.map((s) => band(s, to)),
    ...part.series.map((s) => curve(s, to)),
  ];
  return clipped(id, box, inside.join('')) + frame(box) + xAxis(panel.x, box, named) + yAxis(part.y, box);
}

function curve(series: Series, to: { x: Scale; y: Scale }): string {
  return polyline(points(series.x, series.y, to), {
    stroke: PALETTE[series.style % PALETTE.length],
    'stroke-width': 2,
    'stroke-linejoin': 'round',
    'stroke-dasharray': DASHES[series.style % DASHES.length]!.join(' ') || undefined,
  });
}

function band(series: Series, to: { x: Scale; y: Scale }): string {
  if (series.lower === undefined || series.upper === undefined) return '';
  const there = points(series.x, series.upper, to);
  const back = points(series.x, series.lower, to).map(
    ([x, y], i): Point => [x, Number.isFinite(y) ? y : there[i]![1]],
  );
  const around = [...there, ...back.reverse()].filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  return polyline(around, { fill: PALETTE[series.style % PALETTE.length], 'fill-opacity': 0.18 });
}

function points(x: Series['x'], y: Series['y'], to: { x: Scale; y: Scale }): Point[] {
  const ys = decodeNumbers(y);
  return Array.from(decodeNumbers(x), (value, i) => [to.x.map(value), to.y.map(ys[i]!)]);
}

function verticals(panel: LinePanel, x: Scale, box: Box): string[] {
  return panel.marks.map((mark) =>
    element('line', {
      x1: x.map(mark.x),
      x2: x.map(mark.x),
      y1: box.y,
      y2: box.y + box.height,
      stroke: MUTED,
      'stroke-width': 1,
      'stroke-dasharray': '3 3',
    }),
  );
}

/** The names above their verticals, left to right; one that would run into the last is left out. */
function markNames(panel: LinePanel, box: Box): string {
  const { x } = scales(panel.x, panel.y, box);
  let free = 0;
  return [...panel.marks]
    .sort((a, b) => a.x - b.x)
    .map(({ x: at, label }) => {
      const start = x.map(at) - textWidth(label) / 2;
      if (start < free) return '';
      free = start + textWidth(label) + 8;
      return text([x.map(at), box.y - 7], label, { anchor: 'middle' });
    })
    .join('');
}
