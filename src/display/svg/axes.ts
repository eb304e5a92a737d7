import type { Axis } from '../../figure';
import { type Box, element, MUTED, rectangle, SIZE, text, textWidth, wrap } from './elements';
import { type Scale, scaleOf } from './scale';

/** Room around a plot for numbers and titles, in px. */
export const LEFT = 86;
export const BOTTOM = 58;

/** The scales of a plot, y upwards. */
export function scales(x: Axis, y: Axis, box: Box): { x: Scale; y: Scale } {
  return { x: scaleOf(x, box.x, box.x + box.width), y: scaleOf(y, box.y + box.height, box.y) };
}

export function frame(box: Box): string {
  return rectangle(box, { fill: 'none', stroke: MUTED, 'stroke-width': 1 });
}

/** Numbers and title below a plot; without a title only the strokes (the box above another one). */
export function xAxis(axis: Axis, box: Box, named = true): string {
  const bottom = box.y + box.height;
  const ticks = roomy(scaleOf(axis, box.x, box.x + box.width), box.width);
  const strokes = ticks.map(({ at }) => tick(at, bottom, at, bottom + 5));
  if (!named) return strokes.join('');
  const numbers = ticks.map(({ at, text: number }) => text([at, bottom + 19], number, { anchor: 'middle' }));
  const title = wrap(axis.label, box.width + 40).slice(0, 2);
  const lines = title.map((line, i) =>
    text([box.x + box.width / 2, bottom + 38 + 16 * i], line, { anchor: 'middle' }),
  );
  return [...strokes, ...numbers, ...lines].join('');
}

/** Numbers and upright title left of a plot. */
export function yAxis(axis: Axis, box: Box): string {
  const ticks = scaleOf(axis, box.y + box.height, box.y).ticks(Math.min(8, Math.floor(box.height / 28)));
  const strokes = ticks.map(({ at }) => tick(box.x - 5, at, box.x, at));
  const numbers = ticks.map(({ at, text: number }) =>
    text([box.x - 9, at + 0.35 * SIZE], number, { anchor: 'end' }),
  );
  return [...strokes, ...numbers, uprightTitle(axis.label, box.x - LEFT + 14, box)].join('');
}

/** A title along the height of a box, on two lines when it is longer than that; x is the first one's baseline. */
export function uprightTitle(label: string, x: number, { y, height }: Box): string {
  return wrap(label, height + 30)
    .slice(0, 2)
    .map((line, i) => text([x + 15 * i, y + height / 2], line, { anchor: 'middle', upright: true }))
    .join('');
}

/** As many ticks as leave air between their numbers. */
function roomy(scale: Scale, width: number): { at: number; text: string }[] {
  for (let most = 8; most > 2; most--) {
    const ticks = scale.ticks(most);
    const widest = Math.max(0, ...ticks.map((t) => textWidth(t.text)));
    const closest = Math.min(...ticks.map((t, i) => (i === 0 ? width : t.at - ticks[i - 1]!.at)));
    if (closest >= widest + 12) return ticks;
  }
  return scale.ticks(2);
}

function tick(x1: number, y1: number, x2: number, y2: number): string {
  return element('line', { x1, y1, x2, y2, stroke: MUTED, 'stroke-width': 1 });
}
