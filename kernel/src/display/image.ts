import type { Display } from '../places/messages';
import { type Bytes, toOwnBytes } from './bytes';
import { checkOptions } from './options';
import { showsItself } from './rich';
import { count } from './text';

export interface ImageOptions {
  /** Its MIME type; read from the first bytes when left out. */
  type?: string;
  /** CSS pixels. */
  width?: number;
  height?: number;
}

/** What `jupyter.image` makes. */
export class Picture {
  readonly type: string;
  readonly #display: Display;

  constructor(type: string, bytes: Uint8Array, size: { width?: number; height?: number }) {
    this.type = type;
    const data = {
      [type]: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
      'text/plain': `[${type}, ${count(bytes.byteLength)} bytes]`,
    };
    this.#display = { data, metadata: Object.keys(size).length === 0 ? {} : { [type]: size } };
  }

  toDisplay(): Display {
    return this.#display;
  }
}

showsItself(Picture);

/** The bytes of a PNG, JPEG, GIF, WebP or BMP as something that shows itself. */
export function image(bytes: Bytes, options: ImageOptions = {}): Picture {
  checkOptions('jupyter.image', options, ['type', 'width', 'height']);
  const own = toOwnBytes('jupyter.image: the image', bytes);
  const { type = sniff(own) } = options;
  if (typeof type !== 'string' || !type.startsWith('image/'))
    throw new TypeError(`jupyter.image: type must be a MIME type such as image/png, got ${type}`);
  return new Picture(type, own, sizeOf(options));
}

function sizeOf(options: ImageOptions): { width?: number; height?: number } {
  const size: { width?: number; height?: number } = {};
  for (const side of ['width', 'height'] as const) {
    const length = options[side];
    if (length === undefined) continue;
    if (typeof length !== 'number' || !(length > 0 && length < Number.POSITIVE_INFINITY))
      throw new RangeError(`jupyter.image: ${side} must be a number of pixels > 0, got ${String(length)}`);
    size[side] = length;
  }
  return size;
}

/** The first bytes, in hexadecimal, by which a file of each type is known. */
const SIGNATURES: readonly [string, RegExp][] = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/gif', /^47494638(37|39)61/],
  ['image/webp', /^52494646.{8}57454250/],
  ['image/bmp', /^424d/],
];

function sniff(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  const known = SIGNATURES.find(([, signature]) => signature.test(start));
  if (known !== undefined) return known[0];
  const what = bytes.byteLength === 0 ? 'an empty Uint8Array' : 'something else';
  throw new TypeError(
    `jupyter.image: expected the bytes of a PNG, JPEG, GIF, WebP or BMP, got ${what}; say which it is by { type }`,
  );
}
