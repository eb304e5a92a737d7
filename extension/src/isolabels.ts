import { SIZES, textWidth } from './text';

/** A place in px from the upper left corner of the plot. */
export interface Place {
  x: number;
  y: number;
}

export interface IsoLabel extends Place {
  text: string;
  level: number;
}

/** A plane as it is drawn: `values[j][i]` at column xs[i] and line ys[j], in px of a plot of width × height. */
export interface Drawing {
  xs: number[];
  ys: number[];
  values: (number | null)[][];
  width: number;
  height: number;
}

/** The height of a label with its chip. */
const HEIGHT = SIZES.tick + 8;

/** Distances beyond this are far enough: what is then better is the place nearer to the diagonal. */
const FAR = 48;

/** Clear space between labels, and between a label and a path. */
const AIR = 4;

/**
 * Chooses for each level the place on its line where its number stands clear of the frame, of the other numbers
 * and of `obstacles` (θ and the paths). A level without such a place gets no number.
 * @param already Labels that stand; they come first in what is returned.
 */
export function placeLabels(
  drawing: Drawing,
  levels: { level: number; text: string }[],
  obstacles: Place[],
  already: IsoLabel[] = [],
): IsoLabel[] {
  const placed = [...already];
  for (const { level, text } of levels) {
    const clearance = (place: Place) =>
      Math.min(
        toFrame(place, text, drawing),
        ...placed.map((other) => toLabel(place, text, other)),
        ...obstacles.map((thing) => toThing(place, text, thing)),
      );
    const best = bestPlace(crossings(drawing, level), drawing, clearance);
    if (best) placed.push({ ...best, text, level });
  }
  return placed;
}

function bestPlace(
  candidates: Place[],
  { width, height }: Drawing,
  clearance: (place: Place) => number,
): Place | undefined {
  let best: Place | undefined;
  let bestScore = 0;
  for (const place of candidates) {
    const clear = Math.min(clearance(place), FAR);
    if (clear <= 0) continue;
    const offDiagonal = Math.abs(place.x / width - place.y / height);
    const score = clear + 1 / (1 + offDiagonal);
    if (score > bestScore) [best, bestScore] = [place, score];
  }
  return best;
}

function toFrame({ x, y }: Place, text: string, { width, height }: Drawing): number {
  const half = labelWidth(text) / 2;
  return Math.min(x - half, width - x - half, y - HEIGHT / 2, height - y - HEIGHT / 2) - AIR;
}

function toLabel(place: Place, text: string, other: IsoLabel): number {
  const reach = (labelWidth(text) + labelWidth(other.text)) / 2;
  return gap(place, other, reach, HEIGHT) - AIR;
}

function toThing(place: Place, text: string, thing: Place): number {
  return gap(place, thing, labelWidth(text) / 2, HEIGHT / 2) - AIR;
}

/** How far apart two boxes are whose halves add up to the reach: negative when they overlap. */
function gap(a: Place, b: Place, reachX: number, reachY: number): number {
  return Math.max(Math.abs(a.x - b.x) - reachX, Math.abs(a.y - b.y) - reachY);
}

function labelWidth(text: string): number {
  return textWidth(text, SIZES.tick) + 6;
}

/** The places where the line of a level crosses the edges of the grid, by linear interpolation. */
export function crossings({ xs, ys, values }: Drawing, level: number): Place[] {
  const places: Place[] = [];
  const add = (i: number, j: number, i2: number, j2: number) => {
    const t = crossing(values[j]?.[i], values[j2]?.[i2], level);
    if (t === undefined) return;
    places.push({ x: xs[i]! + t * (xs[i2]! - xs[i]!), y: ys[j]! + t * (ys[j2]! - ys[j]!) });
  };
  for (let j = 0; j < ys.length; j++) {
    for (let i = 0; i < xs.length; i++) {
      add(i, j, i + 1, j);
      add(i, j, i, j + 1);
    }
  }
  return places;
}

type Value = number | null | undefined;

/** The share of the way from a to b where the level lies, if it lies between them. */
function crossing(a: Value, b: Value, level: number): number | undefined {
  if (a == null || b == null || a < level === b < level) return undefined;
  return (level - a) / (b - a);
}
