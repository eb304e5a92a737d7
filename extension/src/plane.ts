import { type ColorScale, decodeNumbers, formatNumber, type Path, type PlanePanel } from 'losslab/figure';
import { titleRoom, verticalCount, widestTick } from './axes';
import { onScale, rangeOnScale, ticks } from './scale';
import { COLORSCALE } from './styles';
import { plainText, SIZES, wrap } from './text';
import type { Theme } from './theme';

/** The size of a plane: the longer side of its plot, the room left of it, and whether a colour bar stands beside it. */
export interface PlaneFrame {
  side: number;
  left: number;
  colorBar: boolean;
}

/** The values of a plane on their colour scale, row by row; null where the loss is not finite. */
export function rowsOnScale(panel: PlanePanel): (number | null)[][] {
  return rows(
    panel,
    Array.from(decodeNumbers(panel.values), (value) => clipped(value, panel.color)),
  );
}

/** A loss on its colour scale, kept within its range; null when it is not a number. */
export function clipped(value: number, color: ColorScale): number | null {
  if (Number.isNaN(value)) return null;
  const [low, high] = rangeOnScale(color);
  const at = value <= 0 && color.scale === 'log' ? low : onScale(value, color);
  return Math.min(Math.max(at, low), high);
}

/** The losses that were measured, for what is shown under the pointer. */
export function measured(panel: PlanePanel): string[][] {
  return rows(
    panel,
    Array.from(decodeNumbers(panel.values), (value) => formatNumber(value, 4)),
  );
}

function rows<T>({ alpha, beta }: PlanePanel, flat: T[]): T[][] {
  const nx = alpha.length;
  return Array.from({ length: beta.length }, (_, j) => flat.slice(j * nx, (j + 1) * nx));
}

const THICKNESS = 14;
const GAP = 12;

/** Colours of a trace, with its colour bar as high as the plot. */
export function colors(color: ColorScale, frame: PlaneFrame, height: number): Record<string, unknown> {
  const [low, high] = rangeOnScale(color);
  const found = ticks(color, verticalCount(height));
  const title = wrap(color.label, height, SIZES.title).map(plainText).join('<br>');
  return {
    colorscale: COLORSCALE,
    showscale: frame.colorBar,
    colorbar: {
      thickness: THICKNESS,
      outlinewidth: 0,
      ...{ len: height, lenmode: 'pixels', ypad: 0, yanchor: 'middle', y: 0.5 },
      ...{ x: 1, xanchor: 'left', xpad: GAP },
      tickvals: found.map(({ at }) => at),
      ticktext: found.map(({ text }) => text),
      ...{ ticks: 'outside', ticklen: 4, tickfont: { size: SIZES.tick } },
      title: { text: title, side: 'right', font: { size: SIZES.title } },
    },
    // The names of a heatmap's range, and those of a surface's.
    ...{ zmin: low, zmax: high, cmin: low, cmax: high },
  };
}

/** The room a colour bar takes to the right of its plot. */
export function colorBarRoom(color: ColorScale, height: number): number {
  const labels = widestTick(color, verticalCount(height));
  return Math.ceil(2 * GAP + THICKNESS + 4 + labels + 8 + titleRoom(color.label, height));
}

/** At most this many markers on a path, its ends among them. */
const MARKERS = 30;

/**
 * Of the points of a path the places of at most 28 markers between its ends, no closer to each other than `apart`
 * in the unit of `at`: where steps are short, dots on every one would hide the line.
 */
export function markedPoints(at: { x: number; y: number }[], apart: number): number[] {
  const places: number[] = [];
  const far = (i: number, j: number) => Math.hypot(at[i]!.x - at[j]!.x, at[i]!.y - at[j]!.y) >= apart;
  for (let i = 1; i < at.length - 1; i++)
    if (far(i, places.at(-1) ?? 0) && far(i, at.length - 1)) places.push(i);
  const stride = Math.ceil(places.length / (MARKERS - 2));
  return places.filter((_, i) => i % stride === 0);
}

/** The points of a path, with the loss on the colour scale. */
export function pathPoints(
  path: Path,
  color: ColorScale,
): { x: number[]; y: number[]; z: (number | null)[] } {
  const z = Array.from(decodeNumbers(path.values), (value) => clipped(value, color));
  return { x: Array.from(decodeNumbers(path.alpha)), y: Array.from(decodeNumbers(path.beta)), z };
}

/** A text for the pointer's box: coordinates and loss. */
export function hoverTemplate(theme: Theme, loss: string): string {
  return `<span style="color:${theme.ink}">α %{x:.3g}<br>β %{y:.3g}<br>loss ${loss}</span><extra></extra>`;
}

/** The size of a plot in px, and where a point of the plane lies in it, from its upper left corner. */
export interface Pixels {
  width: number;
  height: number;
  x: (alpha: number) => number;
  y: (beta: number) => number;
}

export function pixels({ x, y }: PlanePanel, { width, height }: { width: number; height: number }): Pixels {
  return {
    width,
    height,
    x: (alpha) => ((alpha - x.range[0]) / (x.range[1] - x.range[0])) * width,
    y: (beta) => (1 - (beta - y.range[0]) / (y.range[1] - y.range[0])) * height,
  };
}
