import { contours } from 'd3-contour';
import { decodeNumbers, type PlanePanel, viridis } from '../../figure';
import { type Box, element, overlap, type Point, rectangle, SIZE, text, textWidth } from './elements';
import type { Scale } from './scale';

interface Isoline {
  level: number;
  /** Closed, in px; they run outside the plot where the line leaves it. */
  rings: Point[][];
}

/** Marching squares; on a log scale on the logarithms, so that lines sit where the colours change. */
export function isolines(panel: PlanePanel, to: { x: Scale; y: Scale }): Isoline[] {
  const alpha = decodeNumbers(panel.alpha);
  const beta = decodeNumbers(panel.beta);
  const { scale, range, levels } = panel.color;
  const height = (x: number) => (scale === 'log' ? Math.log(Math.max(x, range[0] / 1e3)) : x);
  const values = Array.from(decodeNumbers(panel.values), height);
  // d3 puts the value of a grid point in the middle of a cell of side 1, hence the half.
  const point = ([i, j]: number[]): Point => [to.x.map(at(alpha, i! - 0.5)), to.y.map(at(beta, j! - 0.5))];
  const generator = contours().size([alpha.length, beta.length]);
  return levels.map((level) => ({
    level,
    rings: generator
      .contour(values, height(level))
      .coordinates.flatMap((polygon) => polygon.map((ring) => ring.map(point))),
  }));
}

/** A list read between its places, continued straight at both ends. */
function at(list: Float64Array, place: number): number {
  const i = Math.min(Math.max(Math.floor(place), 0), list.length - 2);
  return list[i]! + (place - i) * (list[i + 1]! - list[i]!);
}

/** Where a loss stands in the colour scale: 0 is dark, 1 bright. */
export function shareOf(loss: number, { scale, range }: PlanePanel['color']): number {
  const height = scale === 'log' ? Math.log : (x: number) => x;
  return (height(loss) - height(range[0])) / (height(range[1]) - height(range[0]));
}

/** The colour of each band between isolines, from the lowest band up. */
export function bandColors(color: PlanePanel['color']): string[] {
  const edges = [0, ...color.levels.map((level) => shareOf(level, color)), 1];
  return edges.slice(1).map((edge, i) => viridis((edge + edges[i]!) / 2));
}

/** Filled bands with a thin line around each, and gaps where the loss is not finite. */
export function bands(panel: PlanePanel, lines: Isoline[], to: { x: Scale; y: Scale }, box: Box): string {
  const [lowest, ...above] = bandColors(panel.color);
  const filled = lines.map(({ rings }, i) =>
    element('path', {
      d: rings.map(closed).join('') || 'M0 0',
      fill: above[i],
      'fill-rule': 'evenodd',
      stroke: shareOf(lines[i]!.level, panel.color) < 0.55 ? '#ffffff' : '#000000',
      'stroke-width': 0.8,
      'stroke-opacity': 0.4,
    }),
  );
  return rectangle(box, { fill: lowest }) + filled.join('') + gaps(panel, to);
}

function closed(ring: Point[]): string {
  return `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
}

/** White over every cell that touches such a point: nothing is known of the loss inside. */
function gaps(panel: PlanePanel, to: { x: Scale; y: Scale }): string {
  const alpha = decodeNumbers(panel.alpha);
  const beta = decodeNumbers(panel.beta);
  const cell = (k: number) => {
    const i = k % alpha.length;
    const j = Math.floor(k / alpha.length);
    const [left, right] = [to.x.map(at(alpha, i - 1)), to.x.map(at(alpha, i + 1))];
    const [bottom, top] = [to.y.map(at(beta, j - 1)), to.y.map(at(beta, j + 1))];
    return rectangle({ x: left, y: top, width: right - left, height: bottom - top }, { fill: '#fff' });
  };
  return Array.from(decodeNumbers(panel.values), (x, k) => (Number.isFinite(x) ? '' : cell(k))).join('');
}

/** The numbers of the labelled isolines, each where it meets no other and nothing of `taken`. */
export function isolineLabels(panel: PlanePanel, lines: Isoline[], box: Box, taken: Box[]): string {
  const occupied = [...taken];
  return panel.color.labelled
    .map(({ level, text: number }) => {
      const rings = lines.find((line) => line.level === level)?.rings ?? [];
      const spots = ladder(rings.flat(), box).map((point) => labelBox(point, number));
      const spot = spots.find((candidate) => fits(candidate, box, occupied));
      if (spot === undefined) return '';
      occupied.push(spot);
      const baseline: Point = [spot.x + spot.width / 2, spot.y + spot.height - 4];
      return text(baseline, number, { anchor: 'middle', size: 12, halo: true });
    })
    .join('');
}

/** Points with those near the falling diagonal of the plot first: there the numbers stand like the rungs of a ladder. */
function ladder(points: Point[], { x, y, width, height }: Box): Point[] {
  const off = ([px, py]: Point) => Math.abs((px - x) / width - (py - y) / height);
  return points.toSorted((a, b) => off(a) - off(b));
}

function labelBox([x, y]: Point, number: string): Box {
  const width = textWidth(number, 12) + 8;
  return { x: x - width / 2, y: y - SIZE / 2 - 2, width, height: SIZE + 4 };
}

function fits(label: Box, plot: Box, occupied: Box[]): boolean {
  const inside =
    label.x > plot.x + 4 &&
    label.y > plot.y + 4 &&
    label.x + label.width < plot.x + plot.width - 4 &&
    label.y + label.height < plot.y + plot.height - 4;
  return inside && !occupied.some((box) => overlap(box, label));
}
