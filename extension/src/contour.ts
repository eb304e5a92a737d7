import { decodeNumbers, type PlanePanel } from 'losslab/figure';
import { baseLayout, frameOf, horizontal, vertical } from './axes';
import { isolineLabels, isolines } from './isolines';
import { drawnCenter, drawnPaths } from './overlay';
import { colorBarRoom, colors, hoverTemplate, measured, type PlaneFrame, pixels, rowsOnScale } from './plane';
import type { Plot } from './plotly';
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
function plotSize(panel: Pick<PlanePanel, 'x' | 'y'>, side: number): { width: number; height: number } {
  const spans = [panel.x, panel.y].map(({ range: [low, high] }) => high - low);
  const ratio = Math.min(Math.max(spans[1]! / spans[0]!, 0.4), 2.5) || 1;
  return ratio <= 1
    ? { width: side, height: Math.round(side * ratio) }
    : { width: Math.round(side / ratio), height: side };
}

function rightRoom({ color, ...panel }: PlanePanel, { side, colorBar }: PlaneFrame): number {
  return colorBar ? colorBarRoom(color, plotSize(panel, side).height) : RIGHT;
}

/** How wide {@link contourPlot} comes out. */
export function contourWidth(panel: PlanePanel, frame: PlaneFrame): number {
  return frame.left + plotSize(panel, frame.side).width + rightRoom(panel, frame);
}

/** A plane as colours and isolines, with θ and the paths upon it. */
export function contourPlot(panel: PlanePanel, theme: Theme, frame: PlaneFrame): Plot {
  const { left } = frame;
  const size = plotSize(panel, frame.side);
  const x = horizontal(panel.x, theme, size.width);
  const y = vertical(panel.y, theme, size.height);
  const right = rightRoom(panel, frame);
  return {
    data: [
      heat(panel, theme, frame, size.height),
      ...isolines(panel),
      ...drawnPaths(panel, theme, pixels(panel, size)),
      ...drawnCenter(panel),
    ],
    layout: {
      ...baseLayout(theme),
      width: left + size.width + right,
      height: TOP + size.height + x.margin,
      margin: { l: left, r: right, t: TOP, b: x.margin, pad: 0, autoexpand: false },
      xaxis: { ...x.layout, showgrid: false },
      yaxis: { ...y.layout, showgrid: false },
      shapes: [frameOf(theme)],
      annotations: isolineLabels(panel, pixels(panel, size)),
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
