import { DASHES, decodeNumbers, PALETTE, type Path } from '../../figure';
import { type Box, element, type Point, polyline, star } from './elements';
import type { Scale } from './scale';

/** At most so many dots along a path. */
const MARKERS = 30;

/** A path with a white seam, dots, a hollow circle at its start and a star at its end. */
export function path(item: Path, to: { x: Scale; y: Scale }): string {
  const points = pointsOf(item, to);
  const color = PALETTE[item.style % PALETTE.length];
  const dash = DASHES[item.style % DASHES.length]!.join(' ') || undefined;
  const stride = Math.ceil(points.length / MARKERS);
  const dots = points
    .filter((_, i) => i % stride === 0 && i > 0)
    .map(([cx, cy]) =>
      element('circle', { cx, cy, r: 2.6, fill: color, stroke: '#fff', 'stroke-width': 0.8 }),
    );
  const line = (
    stroke: string | undefined,
    width: number,
    more: Record<string, string | number | undefined>,
  ) => polyline(points, { stroke, 'stroke-width': width, 'stroke-linejoin': 'round', ...more });
  return [
    line('#fff', 4.5, { 'stroke-opacity': 0.85 }),
    // The gaps between dashes keep a tint: white ones alone would outshine the colour of a dotted path.
    line(color, 2, { 'stroke-opacity': 0.35 }),
    line(color, 2, { 'stroke-dasharray': dash }),
    ...dots,
    start(points[0]!, color),
    star(points[points.length - 1]!, 8, { fill: color, stroke: '#fff', 'stroke-width': 1.2 }),
  ].join('');
}

/** What labels must keep away from: the ends of a path and, as they can, its way. */
export function pathBoxes(item: Path, to: { x: Scale; y: Scale }): Box[] {
  const points = pointsOf(item, to);
  return points.map(([x, y], i) => {
    const half = i === 0 || i === points.length - 1 ? 9 : 3;
    return { x: x - half, y: y - half, width: 2 * half, height: 2 * half };
  });
}

function pointsOf(item: Path, to: { x: Scale; y: Scale }): Point[] {
  const beta = decodeNumbers(item.beta);
  return Array.from(decodeNumbers(item.alpha), (a, i) => [to.x.map(a), to.y.map(beta[i]!)]);
}

function start([cx, cy]: Point, color: string | undefined): string {
  const ring = (stroke: string | undefined, width: number) =>
    element('circle', { cx, cy, r: 6, fill: 'none', stroke, 'stroke-width': width });
  return ring('#fff', 5) + ring(color, 2.4);
}
