/** An image of few colours: one byte a pixel, an index into the palette. */
export interface Indexed {
  width: number;
  height: number;
  pixels: Uint8Array;
  /** Red, green, blue of each colour. */
  palette: [number, number, number][];
}

/**
 * An RGBA image with at most `most` colours: a drawing has few true ones, the rest are mixtures along edges.
 * Colours are counted in boxes of 16³ levels, the fullest boxes are kept, and each pixel takes the nearest.
 */
export function quantize(rgba: Uint8Array, width: number, height: number, most: number): Indexed {
  const boxes = countBoxes(rgba);
  const kept = [...boxes.values()].sort((a, b) => b.count - a.count).slice(0, most);
  const palette = kept.map(({ color }) => color);
  const nearest = new Map([...boxes].map(([key, { color }]) => [key, nearestTo(color, palette)]));
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => nearest.get(keyAt(rgba, 4 * i))!);
  return { width, height, pixels, palette };
}

interface Colors {
  count: number;
  /** The most frequent run's colour: the first met, which for a filled area is its own. */
  color: [number, number, number];
}

function countBoxes(rgba: Uint8Array): Map<number, Colors> {
  const exact = new Map<number, number>();
  for (let i = 0; i < rgba.length; i += 4) {
    const color = (rgba[i]! << 16) | (rgba[i + 1]! << 8) | rgba[i + 2]!;
    exact.set(color, (exact.get(color) ?? 0) + 1);
  }
  const boxes = new Map<number, Colors>();
  // From the most frequent colour on, so that it is the one its box keeps: white stays white.
  for (const [color, count] of [...exact].sort((a, b) => b[1] - a[1])) {
    const key = boxOf(color >> 16, (color >> 8) & 255, color & 255);
    const box = boxes.get(key);
    if (box === undefined) boxes.set(key, { count, color: [color >> 16, (color >> 8) & 255, color & 255] });
    else box.count += count;
  }
  return boxes;
}

function keyAt(rgba: Uint8Array, i: number): number {
  return boxOf(rgba[i]!, rgba[i + 1]!, rgba[i + 2]!);
}

function boxOf(red: number, green: number, blue: number): number {
  return ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
}

function nearestTo([r, g, b]: [number, number, number], palette: [number, number, number][]): number {
  const distances = palette.map(([pr, pg, pb]) => (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2);
  return distances.indexOf(Math.min(...distances));
}
