import { decodeNumbers, formatNumber, type Path, type PlanePanel } from 'losslab/figure';
import { markedPoints, type Pixels, pathPoints } from './plane';
import type { Plot } from './plotly';
import { plotlyDash, styleOf } from './styles';
import { plainText } from './text';
import type { Theme } from './theme';

type Traces = Plot['data'];

const BLACK = '#000000';
const WHITE = '#ffffff';

/** The least distance between the dots of a path, in px. */
const APART = 16;

/** Each path: a white halo, the line, some dots, a hollow circle at its start and a star at its end. */
export function drawnPaths(panel: PlanePanel, theme: Theme, plot: Pixels): Traces {
  const lines = panel.paths.flatMap((path) => lineOf(path, panel, theme, plot));
  return [...lines, ...panel.paths.flatMap((path) => endsOf(path, panel))];
}

function lineOf(path: Path, panel: PlanePanel, theme: Theme, plot: Pixels): Traces {
  const { x, y } = pathPoints(path, panel.color);
  const { color, dash } = styleOf(path.style, BLACK);
  const places = x.map((alpha, i) => ({ x: plot.x(alpha), y: plot.y(y[i]!) }));
  const values = decodeNumbers(path.values);
  const line = { type: 'scatter', mode: 'lines', x, y };
  return [
    { ...line, line: { color: WHITE, width: 5 }, hoverinfo: 'skip' },
    {
      ...{ ...line, line: { color, width: 2, dash: plotlyDash(dash) } },
      text: x.map((_, i) => `${plainText(path.name)}<br>loss ${formatNumber(values[i]!, 4)}`),
      hovertemplate: `<span style="color:${theme.ink}">%{text}</span><extra></extra>`,
    },
    dots({ x, y }, markedPoints(places, APART), { size: 6, color, line: { color: WHITE, width: 1 } }),
  ];
}

/** Ends come above all lines: another path must not hide them. */
function endsOf(path: Path, panel: PlanePanel): Traces {
  const points = pathPoints(path, panel.color);
  const { color } = styleOf(path.style, BLACK);
  const last = points.x.length - 1;
  return [
    // A ring wide enough for θ's ✚: a run often starts there.
    dots(points, [0], { size: 18, symbol: 'circle-open', color: WHITE, line: { color: WHITE, width: 5 } }),
    dots(points, [0], { size: 18, symbol: 'circle-open', color, line: { color, width: 2.5 } }),
    dots(points, [last], { size: 16, symbol: 'star', color, line: { color: WHITE, width: 1.5 } }),
  ];
}

function dots({ x, y }: { x: number[]; y: number[] }, at: number[], marker: object): Traces[number] {
  const picked = { x: at.map((i) => x[i]), y: at.map((i) => y[i]) };
  return { type: 'scatter', mode: 'markers', ...picked, marker, hoverinfo: 'skip' };
}

/** θ: a white ✚ with a black rim, seen on every colour. */
export function drawnCenter({ center }: PlanePanel): Traces {
  if (!center) return [];
  const marker = { symbol: 'cross', size: 12, color: WHITE, line: { color: BLACK, width: 1.5 } };
  return [{ type: 'scatter', mode: 'markers', x: [center[0]], y: [center[1]], marker, hoverinfo: 'skip' }];
}
