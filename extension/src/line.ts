import { decodeNumbers, formatNumber, type LinePanel, type Series } from 'losslab/figure';
import { baseLayout, frameOf, horizontal, vertical } from './axes';
import { placeMarks } from './marks';
import type { Plot } from './plotly';
import { onScale } from './scale';
import { plotlyDash, styleOf } from './styles';
import { LINE, plainText, SIZES } from './text';
import type { Theme } from './theme';

type Trace = Plot['data'][number];

const RIGHT = 24;
/** Between the main box and the one below it. */
const GAP = 24;

/** The width of a panel, and what of it is left of its boxes. */
export interface LineFrame {
  width: number;
  left: number;
}

/** The boxes of a line panel in px: a main one of 16:9, a lower one of a third of its height. */
interface Boxes {
  width: number;
  main: number;
  below: number;
}

/** Curves over one axis, `width` px wide with all that belongs to them, `left` px of it left of the boxes. */
export function linePlot(panel: LinePanel, theme: Theme, { width, left }: LineFrame): Plot {
  const boxes = boxesOf(panel, width - left - RIGHT);
  const x = horizontal(panel.x, theme, boxes.width);
  const marks = placeMarks(
    panel.marks.map(({ x: at, label }) => ({ label, at: place(panel, at) * boxes.width })),
    [4 - left, boxes.width + RIGHT - 4],
  );
  const top = 8 + marks.rows * SIZES.tick * LINE + (marks.rows > 0 ? 4 : 0);
  const total = boxes.main + (boxes.below > 0 ? GAP + boxes.below : 0);
  return {
    data: traces(panel, theme),
    layout: {
      ...baseLayout(theme),
      width,
      height: Math.ceil(top + total + x.margin),
      margin: { l: left, r: RIGHT, t: top, b: x.margin, pad: 0, autoexpand: false },
      xaxis: { ...x.layout, anchor: panel.below ? 'y2' : 'y' },
      ...yAxes(panel, theme, boxes, total),
      shapes: [...frames(boxes, total, theme), ...verticals(panel, theme)],
      annotations: marks.placed.map(({ label, center, row }) => ({
        ...{ xref: 'paper', yref: 'paper', x: center / boxes.width, y: 1, showarrow: false },
        ...{ xanchor: 'center', yanchor: 'bottom', yshift: 4 + row * SIZES.tick * LINE, borderpad: 0 },
        text: plainText(label),
        font: { size: SIZES.tick },
      })),
    },
  };
}

/** The share of the axis where a value lies. */
function place({ x }: LinePanel, value: number): number {
  const [low, high] = x.range.map((end) => onScale(end, x));
  return (onScale(value, x) - low!) / (high! - low!);
}

/** The room left of the boxes: titles wrap to the height of a box, which follows from its width. */
export function lineLeftRoom(panel: LinePanel, theme: Theme, width: number): number {
  const guess = boxesOf(panel, width - 80 - RIGHT);
  const main = vertical(panel.y, theme, guess.main).margin;
  return panel.below ? Math.max(main, vertical(panel.below.y, theme, guess.below).margin) : main;
}

function boxesOf(panel: LinePanel, width: number): Boxes {
  const main = Math.round((width * 9) / 16);
  return { width, main, below: panel.below ? Math.round(Math.max(main * 0.35, 80)) : 0 };
}

function yAxes(
  panel: LinePanel,
  theme: Theme,
  { main, below }: Boxes,
  total: number,
): Record<string, unknown> {
  const upper = { ...vertical(panel.y, theme, main).layout, domain: [1 - main / total, 1] };
  if (!panel.below) return { yaxis: upper };
  return {
    yaxis: upper,
    yaxis2: { ...vertical(panel.below.y, theme, below).layout, domain: [0, below / total] },
  };
}

function frames({ main, below }: Boxes, total: number, theme: Theme): Record<string, unknown>[] {
  const upper = frameOf(theme, [1 - main / total, 1]);
  return below > 0 ? [upper, frameOf(theme, [0, below / total])] : [upper];
}

/** The named verticals, through both boxes. */
function verticals({ marks, x: axis }: LinePanel, theme: Theme): Record<string, unknown>[] {
  return marks.map(({ x }) => {
    const at = onScale(x, axis);
    const line = { color: theme.ink, width: 1, dash: '3px,3px' };
    return { type: 'line', xref: 'x', yref: 'paper', x0: at, x1: at, y0: 0, y1: 1, line, opacity: 0.7 };
  });
}

function traces(panel: LinePanel, theme: Theme): Trace[] {
  const main = panel.series.flatMap((one) => curve(one, panel, panel.y, 'y', theme));
  const { below } = panel;
  return below ? [...main, ...below.series.flatMap((one) => curve(one, panel, below.y, 'y2', theme))] : main;
}

/** A curve of 2 px, after its band if it has one. */
function curve(
  series: Series,
  { x: xAxis }: LinePanel,
  yAxis: LinePanel['y'],
  yaxis: 'y' | 'y2',
  theme: Theme,
): Trace[] {
  const { color, dash } = styleOf(series.style, theme.ink);
  const measuredX = decodeNumbers(series.x);
  const measuredY = decodeNumbers(series.y);
  const on = (values: Float64Array, axis: LinePanel['y']) =>
    Array.from(values, (value) => finiteOrNull(onScale(value, axis)));
  const x = on(measuredX, xAxis);
  const line = {
    ...{ type: 'scatter', mode: x.length > 1 ? 'lines' : 'markers', x, yaxis },
    y: on(measuredY, yAxis),
    line: { color, width: 2, dash: plotlyDash(dash) },
    text: x.map((_, i) => hover(series.name, measuredX[i]!, measuredY[i]!)),
    hovertemplate: '%{text}<extra></extra>',
  };
  if (!series.lower || !series.upper) return [line];
  const edge = { type: 'scatter', mode: 'lines', x, yaxis, line: { width: 0 }, hoverinfo: 'skip' };
  return [
    { ...edge, y: on(decodeNumbers(series.lower), yAxis) },
    { ...edge, y: on(decodeNumbers(series.upper), yAxis), fill: 'tonexty', fillcolor: faded(color) },
    line,
  ];
}

function hover(name: string, x: number, y: number): string {
  return `${plainText(name)}<br>${formatNumber(x, 4)}: ${formatNumber(y, 4)}`;
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A colour one sees through; the theme's ink, which may be no hex colour, becomes grey. */
function faded(color: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}38` : 'rgba(127, 127, 127, 0.22)';
}
