import { decodeNumbers, type PlanePanel } from '../../figure';
import { BOTTOM, frame, LEFT, scales, uprightTitle, xAxis, yAxis } from './axes';
import { type Box, clipped, cross, element, MUTED, rectangle, text, textWidth } from './elements';
import { bandColors, bands, isolineLabels, isolines } from './isolines';
import { path, pathBoxes } from './paths';
import { scaleOf } from './scale';

/** As large as 50 KB of PNG allow a landscape to be. */
const SIDE = 460;
const BAR = 18;
const RIGHT = 14;

/** Room for the colour bar with its numbers and title. */
export const BAR_ROOM = 126;

/** The side of the square plot of a panel so many px wide, its colour bar not counted. */
export function planeSide(width: number): number {
  return Math.min(SIDE, width - LEFT - RIGHT);
}

export function planePanelHeight(width: number): number {
  return planeSide(width) + BOTTOM + 8;
}

/** A plane as contour lines (a surface too: in print its height is read from them), with paths and ✚ for θ. */
export function planePanel(panel: PlanePanel, { x, y, width }: Box, id: string): string {
  const side = planeSide(width);
  const box = { x: x + LEFT, y: y + 8, width: side, height: side };
  const to = scales(panel.x, panel.y, box);
  const lines = isolines(panel, to);
  const center = panel.center && { x: to.x.map(panel.center[0]), y: to.y.map(panel.center[1]) };
  const taken = [...panel.paths.flatMap((item) => pathBoxes(item, to)), ...(center ? [around(center)] : [])];
  const data = dataBox(panel, to);
  const inside = [
    clipped(`${id}d`, data, bands(panel, lines, to, data)),
    center ? cross([center.x, center.y], 10) : '',
    ...panel.paths.map((item) => path(item, to)),
    isolineLabels(panel, lines, data, taken),
  ];
  return clipped(id, box, inside.join('')) + frame(box) + xAxis(panel.x, box) + yAxis(panel.y, box);
}

function around({ x, y }: { x: number; y: number }): Box {
  return { x: x - 13, y: y - 13, width: 26, height: 26 };
}

/** Where there are losses: a plane that is not square does not fill its square plot. */
function dataBox(panel: PlanePanel, to: ReturnType<typeof scales>): Box {
  const alpha = decodeNumbers(panel.alpha);
  const beta = decodeNumbers(panel.beta);
  const [left, right] = [to.x.map(alpha[0]!), to.x.map(alpha[alpha.length - 1]!)];
  const [bottom, top] = [to.y.map(beta[0]!), to.y.map(beta[beta.length - 1]!)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The colour bar, as high as the plot, in the bands of the plot; x is its left edge. */
export function colorBar({ color }: PlanePanel, x: number, y: number, height: number): string {
  const box = { x, y: y + 8, width: BAR, height };
  const to = scaleOf(color, box.y + height, box.y);
  const edges = [color.range[0], ...color.levels, color.range[1]].map(to.map);
  const filled = bandColors(color).map((fill, i) =>
    rectangle({ x, y: edges[i + 1]!, width: BAR, height: edges[i]! - edges[i + 1]! }, { fill }),
  );
  const numbers =
    color.labelled.length > 0
      ? color.labelled.map((l) => ({ at: to.map(l.level), text: l.text }))
      : to.ticks(3);
  const ticks = numbers.map(
    ({ at, text: number }) =>
      element('line', { x1: x + BAR, x2: x + BAR + 5, y1: at, y2: at, stroke: MUTED }) +
      text([x + BAR + 8, at + 4.5], number, { anchor: 'start' }),
  );
  const widest = Math.max(...numbers.map((n) => textWidth(n.text)));
  const title = color.scale === 'log' ? `${color.label}, log scale` : color.label;
  return [...filled, frame(box), ...ticks, uprightTitle(title, x + BAR + 8 + widest + 22, box)].join('');
}
