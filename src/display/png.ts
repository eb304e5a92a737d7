import { PALETTE } from '../figure';
import { base64, crc32, deflate, rasterize } from './node';
import { type Indexed, quantize, type Rgb } from './quantize';

/** What a notebook should hold of a picture at most, in base64. */
const LIMIT = 50 * 1024;

/** Tried in this order until the picture is small enough: soft edges and many colours are what costs. */
const ATTEMPTS = [
  { colors: 72, crisp: false, zoom: 1 },
  { colors: 40, crisp: false, zoom: 1 },
  { colors: 40, crisp: true, zoom: 1 },
  { colors: 24, crisp: true, zoom: 0.7 },
  { colors: 8, crisp: true, zoom: 0.4 },
];

/** The colours of runs, which may be few pixels and must not be mistaken for one another. */
const PINNED = PALETTE.map(
  (color): Rgb => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as Rgb,
);

/** An SVG as PNG in base64, with a palette (a third of the size of full colour), at most 50 KB. */
export function pngOf(svg: string): string {
  let png = '';
  for (const { colors, crisp, zoom } of ATTEMPTS) {
    png = base64(encode(quantize(rasterize(svg, crisp, zoom), colors, PINNED)));
    if (png.length <= LIMIT) break;
  }
  return png;
}

/** Colour type 3 of the PNG specification (W3C, third edition): header, palette, rows, end. */
export function encode(image: Indexed): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  header.set([8, 3, 0, 0, 0], 8);
  return concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(image.palette.flat())),
    chunk('IDAT', deflate(rows(image))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Each row behind a byte that names its filter: none, the best for palettes. */
function rows({ width, height, pixels }: Indexed): Uint8Array {
  const filtered = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++)
    filtered.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return filtered;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data]);
  return concat([word(data.length), body, word(crc32(body))]);
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
