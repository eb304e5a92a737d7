import { decodeNumbers, formatNumber, type PlanePanel } from 'losslab/figure';
import { type IsoLabel, type Place, placeLabels } from './isolabels';
import { clipped, type Pixels, pathPoints, rowsOnScale } from './plane';
import type { Plot } from './plotly';
import { rangeOnScale } from './scale';
import { chip } from './styles';
import { plainText, SIZES } from './text';

type Traces = Plot['data'];

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
export function isolines(panel: PlanePanel): Traces {
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

/** Fewer numbers than this leave a plot unreadable. */
const FEWEST_LABELS = 4;

/** The numbers of some isolines, on chips of the lines' own colours. */
export function isolineLabels(panel: PlanePanel, plot: Pixels): Record<string, unknown>[] {
  return chooseLabels(panel, plot).map(({ x, y, text, level }) => {
    const { back, text: ink } = chipOf(level, panel);
    return {
      ...{ xref: 'paper', yref: 'paper', x: x / plot.width, y: 1 - y / plot.height },
      ...{ xanchor: 'center', yanchor: 'middle', showarrow: false, borderpad: 1 },
      text: plainText(text),
      bgcolor: back,
      font: { size: SIZES.tick, color: ink },
    };
  });
}

/**
 * The labelled levels; in a panel that shares its levels with others, and lacks some of these, others of its own
 * levels until there are four.
 */
function chooseLabels(panel: PlanePanel, plot: Pixels): IsoLabel[] {
  const { labelled, levels } = panel.color;
  const drawing = {
    ...{ width: plot.width, height: plot.height },
    xs: Array.from(decodeNumbers(panel.alpha), plot.x),
    ys: Array.from(decodeNumbers(panel.beta), plot.y),
    values: rowsOnScale(panel),
  };
  const onColors = (level: number, text: string) => ({ text, level: clipped(level, panel.color)! });
  const things = obstacles(panel, plot);
  const first = placeLabels(
    drawing,
    labelled.map(({ level, text }) => onColors(level, text)),
    things,
  );
  const others = levels.filter((level) => !labelled.some((one) => one.level === level));
  return others.reduce((placed, level) => {
    if (placed.length >= Math.min(FEWEST_LABELS, levels.length)) return placed;
    return placeLabels(drawing, [onColors(level, formatNumber(level))], things, placed);
  }, first);
}

/** Between points taken of a path, in px: less than half the height of a label. */
const STEP = 8;

/** θ and the paths, as points no further apart than a label could slip between. */
function obstacles(panel: PlanePanel, plot: Pixels): Place[] {
  const along = panel.paths.flatMap((path) => {
    const { x, y } = pathPoints(path, panel.color);
    const places = x.map((alpha, i) => ({ x: plot.x(alpha), y: plot.y(y[i]!) }));
    return places.flatMap((place, i) => between(place, places[i + 1] ?? place));
  });
  return panel.center ? [...along, { x: plot.x(panel.center[0]), y: plot.y(panel.center[1]) }] : along;
}

function between(a: Place, b: Place): Place[] {
  const count = Math.min(Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / STEP)), 200);
  return Array.from({ length: count }, (_, i) => ({
    x: a.x + (i / count) * (b.x - a.x),
    y: a.y + (i / count) * (b.y - a.y),
  }));
}
