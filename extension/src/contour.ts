import { decodeNumbers, formatNumber, type PlanePanel } from 'losslab/figure';
import { baseLayout, horizontal, vertical } from './axes';
import { type Place, placeLabels } from './isolabels';
import {
  clipped,
  colorBarRoom,
  colors,
  hoverTemplate,
  markedPoints,
  measured,
  type PlaneFrame,
  pathPoints,
  rowsOnScale,
} from './plane';
import type { Plot } from './plotly';
import { rangeOnScale } from './scale';
import { chip, plotlyDash, styleOf } from './styles';
import { plainText, SIZES } from './text';
import type { Theme } from './theme';

type Traces = Plot['data'];

/** Room above the plot and, without a colour bar, to its right: half a tick label. */
const TOP = 10;
const RIGHT = 24;

/** The room left of the plot: panels side by side take the largest, so that their plots are equal. */
export function leftRoom(panel: PlanePanel, theme: Theme, side: number): number {
  return vertical(panel.y, theme, plotSize(panel, side).height).margin;
}

/** Width and height of the plot: one unit of α is as long as one of β, the longer side is `side`. */
export function plotSize(panel: PlanePanel, side: number): { width: number; height: number } {
  const spans = [panel.x, panel.y].map(({ range: [low, high] }) => high - low);
  const ratio = Math.min(Math.max(spans[1]! / spans[0]!, 0.4), 2.5) || 1;
  return ratio <= 1
    ? { width: side, height: Math.round(side * ratio) }
    : { width: Math.round(side / ratio), height: side };
}

/** A plane as colours and isolines, with θ and the paths upon it. */
export function contourPlot(panel: PlanePanel, theme: Theme, frame: PlaneFrame, left: number): Plot {
  const size = plotSize(panel, frame.side);
  const x = horizontal(panel.x, theme, size.width);
  const y = vertical(panel.y, theme, size.height);
  const right = frame.colorBar ? colorBarRoom(panel.color, size.height) : RIGHT;
  return {
    data: [
      heat(panel, theme, frame, size.height),
      ...isolines(panel),
      ...paths(panel, theme),
      ...center(panel),
    ],
    layout: {
      ...baseLayout(theme),
      width: left + size.width + right,
      height: TOP + size.height + x.margin,
      margin: { l: left, r: right, t: TOP, b: x.margin, pad: 0, autoexpand: false },
      xaxis: { ...x.layout, showgrid: false },
      yaxis: { ...y.layout, showgrid: false },
      annotations: labels(panel, size),
    },
  };
}

function heat(panel: PlanePanel, theme: Theme, frame: PlaneFrame, height: number): Traces[number] {
  return {
    type: 'heatmap',
    x: Array.from(decodeNumbers(panel.alpha)),
    y: Array.from(decodeNumbers(panel.beta)),
    z: rowsOnScale(panel),
    zsmooth: 'best',
    ...colors(panel.color, frame, height),
    text: measured(panel),
    hovertemplate: hoverTemplate(theme, '%{text}'),
  };
}

/**
 * k + t for a value a part t of the way from level k to level k + 1, beyond the ends by the last step: Plotly draws
 * isolines at equal steps only, ours lie where the builder put them.
 */
export function countLevels(value: number | null, levels: number[]): number | null {
  if (value === null) return null;
  if (levels.length < 2) return value - (levels[0] ?? 0);
  const above = levels.findIndex((level) => level > value);
  const k = above === -1 ? levels.length - 2 : Math.max(above - 1, 0);
  return k + (value - levels[k]!) / (levels[k + 1]! - levels[k]!);
}

/** Thin isolines: white where the colours are dark, black where they are light. */
function isolines(panel: PlanePanel): Traces {
  const levels = panel.color.levels.map((level) => clipped(level, panel.color)!);
  const z = rowsOnScale(panel).map((row) => row.map((value) => countLevels(value, levels)));
  const firstLight = levels.findIndex((level) => chipOf(level, panel).text === '#000000');
  const split = firstLight === -1 ? levels.length : firstLight;
  const parts = [
    { start: 0, end: split - 1, color: 'rgba(255,255,255,0.5)' },
    { start: split, end: levels.length - 1, color: 'rgba(0,0,0,0.45)' },
  ];
  return parts
    .filter(({ start, end }) => end >= start)
    .map(({ start, end, color }) => ({
      type: 'contour',
      x: Array.from(decodeNumbers(panel.alpha)),
      y: Array.from(decodeNumbers(panel.beta)),
      z,
      autocontour: false,
      contours: { start, end, size: 1, coloring: 'none', showlines: true },
      line: { color, width: 1, smoothing: 0 },
      showscale: false,
      hoverinfo: 'skip',
    }));
}

/** Of a level on its scale: its colour, and black or white to write on it. */
function chipOf(level: number, { color }: PlanePanel): { back: string; text: string } {
  const [low, high] = rangeOnScale(color);
  return chip((level - low) / (high - low));
}

/** The numbers of the labelled isolines, on a chip of the line's own colour. */
function labels(panel: PlanePanel, size: { width: number; height: number }): Record<string, unknown>[] {
  const toPixels = pixels(panel, size);
  const drawing = {
    xs: Array.from(decodeNumbers(panel.alpha), toPixels.x),
    ys: Array.from(decodeNumbers(panel.beta), toPixels.y),
    values: rowsOnScale(panel),
    ...size,
  };
  const wanted = panel.color.labelled.map(({ level, text }) => ({
    text,
    level: clipped(level, panel.color)!,
  }));
  return placeLabels(drawing, wanted, obstacles(panel, toPixels)).map(({ x, y, text, level }) => {
    const { back, text: ink } = chipOf(level, panel);
    return {
      ...{ xref: 'paper', yref: 'paper', x: x / size.width, y: 1 - y / size.height },
      ...{ xanchor: 'center', yanchor: 'middle', showarrow: false, borderpad: 1 },
      text: plainText(text),
      bgcolor: back,
      font: { size: SIZES.tick, color: ink },
    };
  });
}

interface ToPixels {
  x: (alpha: number) => number;
  y: (beta: number) => number;
}

function pixels({ x, y }: PlanePanel, { width, height }: { width: number; height: number }): ToPixels {
  return {
    x: (alpha) => ((alpha - x.range[0]) / (x.range[1] - x.range[0])) * width,
    y: (beta) => (1 - (beta - y.range[0]) / (y.range[1] - y.range[0])) * height,
  };
}

/** θ and the points of the paths. */
function obstacles(panel: PlanePanel, toPixels: ToPixels): Place[] {
  const place = (alpha: number, beta: number) => ({ x: toPixels.x(alpha), y: toPixels.y(beta) });
  const all = panel.paths.flatMap((path) => {
    const { x, y } = pathPoints(path, panel.color);
    return x.map((alpha, i) => place(alpha, y[i]!));
  });
  return panel.center ? [...all, place(...panel.center)] : all;
}

/** Each path: a white halo, the line, at most 30 dots, a hollow circle at its start and a star at its end. */
function paths(panel: PlanePanel, theme: Theme): Traces {
  return panel.paths.flatMap((path) => {
    const { x, y, z } = pathPoints(path, panel.color);
    const { color, dash } = styleOf(path.style, '#000000');
    const pick = (places: number[]) => ({ x: places.map((i) => x[i]), y: places.map((i) => y[i]) });
    const dots = (places: number[], marker: object) => ({
      type: 'scatter',
      mode: 'markers',
      ...pick(places),
      marker,
      hoverinfo: 'skip',
    });
    const last = x.length - 1;
    const name = plainText(path.name);
    const values = decodeNumbers(path.values);
    return [
      { type: 'scatter', mode: 'lines', x, y, line: { color: '#ffffff', width: 5 }, hoverinfo: 'skip' },
      {
        ...{ type: 'scatter', mode: 'lines', x, y, line: { color, width: 2, dash: plotlyDash(dash) } },
        text: z.map((_, i) => `${name}<br>loss ${formatNumber(values[i]!, 4)}`),
        hovertemplate: `<span style="color:${theme.ink}">%{text}</span><extra></extra>`,
      },
      dots(markedPoints(x.length), { size: 5, color, line: { color: '#ffffff', width: 1 } }),
      dots([0], { size: 13, color: '#ffffff' }),
      dots([0], { size: 9, color: '#ffffff', line: { color, width: 2 } }),
      dots([last], { size: 15, symbol: 'star', color, line: { color: '#ffffff', width: 1.5 } }),
    ];
  });
}

/** θ: a white ✚ with a black rim, seen on every colour. */
function center({ center }: PlanePanel): Traces {
  if (!center) return [];
  const marker = { symbol: 'cross', size: 12, color: '#ffffff', line: { color: '#000000', width: 1.5 } };
  return [{ type: 'scatter', mode: 'markers', x: [center[0]], y: [center[1]], marker, hoverinfo: 'skip' }];
}
