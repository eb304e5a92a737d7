import type { Pixels } from './node';

/** An image of few colours: one byte a pixel, an index into the palette. */
export interface Indexed {
  width: number;
  height: number;
  pixels: Uint8Array;
  /** Red, green, blue of each colour. */
  palette: Rgb[];
}

export type Rgb = [red: number, green: number, blue: number];

/**
 * An RGBA image with at most `most` colours: a drawing has few true ones, the rest are mixtures along edges.
 * Colours are counted in boxes of 16³ levels; the fullest boxes are kept, and those of the `pinned` colours, so
 * that a thin line keeps its own; each pixel takes the nearest.
 */
export function quantize({ width, height, pixels: rgba }: Pixels, most: number, pinned: Rgb[] = []): Indexed {
  const boxes = countBoxes(rgba, pinned);
  const kept = [...boxes.values()].sort((a, b) => b.count - a.count).slice(0, most);
  const palette = kept.map(({ color }) => color);
  const nearest = new Uint8Array(16 ** 3);
  for (const [box, { color }] of boxes) nearest[box] = nearestTo(color, palette);
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => nearest[boxAt(rgba, 4 * i)]!);
  return { width, height, pixels, palette };
}

interface Box {
  /** Pixels in the box; infinite when it is pinned. */
  count: number;
  /** The pinned colour, else the most frequent one: white stays white. */
  color: Rgb;
}

function countBoxes(rgba: Uint8Array, pinned: Rgb[]): Map<number, Box> {
  const exact = new Map<number, number>();
  for (let i = 0; i < rgba.length; i += 4) {
    const color = (rgba[i]! << 16) | (rgba[i + 1]! << 8) | rgba[i + 2]!;
    exact.set(color, (exact.get(color) ?? 0) + 1);
  }
  for (const [red, green, blue] of pinned) {
    const color = (red << 16) | (green << 8) | blue;
    if (exact.has(color)) exact.set(color, Number.POSITIVE_INFINITY);
  }
  const boxes = new Map<number, Box>();
  for (const [color, count] of [...exact].sort((a, b) => b[1] - a[1])) {
    const rgb: Rgb = [color >> 16, (color >> 8) & 255, color & 255];
    const box = boxes.get(boxOf(...rgb));
    if (box === undefined) boxes.set(boxOf(...rgb), { count, color: rgb });
    else box.count += count;
  }
  return boxes;
}

function boxAt(rgba: Uint8Array, i: number): number {
  return boxOf(rgba[i]!, rgba[i + 1]!, rgba[i + 2]!);
}

function boxOf(red: number, green: number, blue: number): number {
  return ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
}

function nearestTo([r, g, b]: Rgb, palette: Rgb[]): number {
  const distances = palette.map(([pr, pg, pb]) => (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2);
  return distances.indexOf(Math.min(...distances));
}
