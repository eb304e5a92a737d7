import { decodeNumbers, formatNumber, type PlanePanel } from 'losslab/figure';
import { baseLayout } from './axes';
import {
  clipped,
  colorBarRoom,
  colors,
  hoverTemplate,
  markedPoints,
  measured,
  type PlaneFrame,
  pathPoints,
  pixels,
  rowsOnScale,
} from './plane';
import type { Plot } from './plotly';
import { rangeOnScale, ticks } from './scale';
import { styleOf } from './styles';
import { nameAndMeaning, plainText, SIZES } from './text';
import type { Theme } from './theme';

type Traces = Plot['data'];

const EYE = { x: 1.4, y: -1.6, z: 0.9 };

/** A little below and to the left of the box, where the texts of its axes are. */
const CENTER = { x: -0.1, y: -0.09, z: -0.14 };

/** The box is 1 : 1 : 0.6, and as large as leaves about 130 px of its scene to the texts of the axes. */
function aspect(side: number): { x: number; y: number; z: number } {
  const size = Math.max(1.67 * (1 - 130 / side), 0.5);
  return { x: size, y: size, z: 0.6 * size };
}

/** How far a path lies above the surface, in parts of the range of loss, so that it is not buried in it. */
const LIFT = 0.01;

/** How wide {@link surfacePlot} comes out. */
export function surfaceWidth({ color }: PlanePanel, { side, colorBar }: PlaneFrame): number {
  return side + (colorBar ? colorBarRoom(color, heightOf(side) - 2 * EDGE) : 0);
}

const heightOf = (side: number): number => Math.round(side * 0.85);

/** A plane as a surface; room for the axes' texts is part of the scene, the colour bar stands beside it. */
export function surfacePlot(panel: PlanePanel, theme: Theme, frame: PlaneFrame): Plot {
  const height = heightOf(frame.side);
  const width = surfaceWidth(panel, frame);
  return {
    data: [sheet(panel, theme, frame, height - 2 * EDGE), ...paths(panel), ...center(panel)],
    layout: {
      ...baseLayout(theme),
      width,
      height,
      margin: { l: 0, r: width - frame.side, t: EDGE, b: EDGE, pad: 0, autoexpand: false },
      scene: scene(panel, theme, frame.side),
    },
  };
}

/** Above and below the scene: half a tick label of the colour bar. */
const EDGE = 10;

function scene(panel: PlanePanel, theme: Theme, side: number): Record<string, unknown> {
  const z = { label: panel.color.label, scale: panel.color.scale, range: panel.color.range };
  const [low, high] = rangeOnScale(z);
  return {
    aspectmode: 'manual',
    aspectratio: aspect(side),
    camera: { eye: EYE, center: CENTER },
    xaxis: axis(panel.x, theme),
    yaxis: axis(panel.y, theme),
    zaxis: { ...axis(z, theme), range: [low, high + 2 * LIFT * (high - low)] },
  };
}

function axis(axis: PlanePanel['x'], theme: Theme): Record<string, unknown> {
  const found = ticks(axis, 4);
  return {
    range: rangeOnScale(axis),
    tickvals: found.map(({ at }) => at),
    ticktext: found.map(({ text }) => text),
    tickfont: { size: SIZES.tick },
    title: { text: plainText(nameAndMeaning(axis.label).name), font: { size: SIZES.title } },
    color: theme.ink,
    gridcolor: theme.faint,
    showbackground: false,
    showspikes: false,
    zeroline: false,
  };
}

/** The surface in the colours of its loss, with isolines on it and on the floor below. */
function sheet(panel: PlanePanel, theme: Theme, frame: PlaneFrame, height: number): Traces[number] {
  return {
    type: 'surface',
    x: Array.from(decodeNumbers(panel.alpha)),
    y: Array.from(decodeNumbers(panel.beta)),
    z: rowsOnScale(panel),
    ...colors(panel.color, frame, height),
    contours: { z: floor(panel) },
    lighting: { ambient: 0.75, diffuse: 0.5, specular: 0.05, roughness: 0.9 },
    text: measured(panel),
    hovertemplate: hoverTemplate(theme, '%{text}'),
  };
}

/** WebGL isolines lie at equal steps: as many as there are levels, from the first to the last. */
function floor({ color }: PlanePanel): Record<string, unknown> {
  const levels = color.levels.map((level) => clipped(level, color)!);
  if (levels.length < 2) return { show: false };
  const [start, end] = [levels[0]!, levels.at(-1)!];
  return {
    ...{ show: true, project: { z: true }, start, end, size: (end - start) / (levels.length - 1) },
    ...{ usecolormap: true, width: 2, highlight: false },
  };
}

/** Each path above the surface, with dots, a hollow circle at its start and a diamond (3D has no star) at its end. */
function paths(panel: PlanePanel): Traces {
  return panel.paths.flatMap((path) => {
    const { color, dash } = styleOf(path.style, '#000000');
    const { x, y, z } = lifted(pathPoints(path, panel.color), panel);
    const halo = lifted(pathPoints(path, panel.color), panel, LIFT / 2).z;
    const values = decodeNumbers(path.values);
    const name = plainText(path.name);
    const marker = (places: number[], look: object) => ({
      ...{ type: 'scatter3d', mode: 'markers', hoverinfo: 'skip', marker: look },
      ...{ x: places.map((i) => x[i]), y: places.map((i) => y[i]), z: places.map((i) => z[i]) },
    });
    return [
      {
        type: 'scatter3d',
        mode: 'lines',
        x,
        y,
        z: halo,
        line: { color: '#ffffff', width: 8 },
        hoverinfo: 'skip',
      },
      {
        ...{ type: 'scatter3d', mode: 'lines', x, y, z, line: { color, width: 6, dash: named(dash) } },
        text: x.map((_, i) => `${name}<br>loss ${formatNumber(values[i]!, 4)}`),
        hovertemplate: '%{text}<extra></extra>',
      },
      marker(markedPoints(shares(x, y, panel), APART), { size: 3, color }),
      marker([0], { size: 5, color: '#ffffff', line: { color, width: 2 } }),
      marker([x.length - 1], { size: 5, symbol: 'diamond', color, line: { color: '#ffffff', width: 1 } }),
    ];
  });
}

/** The least distance between the dots of a path, in shares of the plane's width. */
const APART = 0.04;

function shares(x: number[], y: number[], panel: PlanePanel): { x: number; y: number }[] {
  const plot = pixels(panel, { width: 1, height: 1 });
  return x.map((alpha, i) => ({ x: plot.x(alpha), y: plot.y(y[i]!) }));
}

type Points = ReturnType<typeof pathPoints>;

function lifted({ x, y, z }: Points, { color }: PlanePanel, lift: number = LIFT): Points {
  const [low, high] = rangeOnScale(color);
  return { x, y, z: z.map((value) => (value === null ? null : value + lift * (high - low))) };
}

/** WebGL lines know dashes by name only. */
function named(dash: readonly number[]): string {
  return dash.length === 0 ? 'solid' : dash.length > 2 ? 'dashdot' : dash[0]! < 5 ? 'dot' : 'dash';
}

/** θ on the surface: a white ✚. */
function center(panel: PlanePanel): Traces {
  if (!panel.center) return [];
  const [alpha, beta] = panel.center;
  const i = nearest(decodeNumbers(panel.alpha), alpha);
  const j = nearest(decodeNumbers(panel.beta), beta);
  const at = lifted({ x: [alpha], y: [beta], z: [rowsOnScale(panel)[j]?.[i] ?? null] }, panel);
  const marker = { symbol: 'cross', size: 4, color: '#ffffff', line: { color: '#000000', width: 1 } };
  return [{ type: 'scatter3d', mode: 'markers', ...at, marker, hoverinfo: 'skip' }];
}

function nearest(values: Float64Array, to: number): number {
  let best = 0;
  values.forEach((value, i) => {
    if (Math.abs(value - to) < Math.abs(values[best]! - to)) best = i;
  });
  return best;
}
