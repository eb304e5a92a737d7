import { createRequire } from 'node:module';
import path from 'node:path';
import zlib from 'node:zlib';

// What of showing a figure needs Node; a browser build puts its own file in this one's place.

const load = createRequire(__filename);

/** An SVG as pixels, RGBA. Fonts are shipped, so that every machine draws the same; loaded at the first figure. */
export function rasterize(svg: string, crisp: boolean, zoom: number): Pixels {
  const { Resvg } = load('@resvg/resvg-js') as typeof import('@resvg/resvg-js');
  const fonts = path.join(path.dirname(load.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => path.join(fonts, file));
  const image = new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
    shapeRendering: crisp ? 1 : 2,
    fitTo: { mode: 'zoom', value: zoom },
  });
  return image.render();
}

export interface Pixels {
  width: number;
  height: number;
  pixels: Uint8Array;
}

export function deflate(bytes: Uint8Array): Uint8Array {
  return zlib.deflateSync(bytes, { level: 9 });
}

export function crc32(bytes: Uint8Array): number {
  return zlib.crc32(bytes);
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Sends display data to the front end of the cell that runs; set by tslab while a cell runs. */
type Send = (content: { data: object; metadata: object; transient: object }, update?: boolean) => void;

/**
 * The stock tslab kernel's own way to send several MIME types at once; undefined outside that kernel.
 * It must be the module that the kernel process has loaded: a second instance is connected to nothing.
 */
export function tslabSend(): Send | undefined {
  const file = path.join('tslab', 'dist', 'jupyter.js');
  const loaded = Object.keys(load.cache).filter((name) => name.endsWith(`${path.sep}${file}`));
  return loaded
    .map((name) => load.cache[name]?.exports as { lastWriteDisplayData?: Send | null })
    .map((module) => module?.lastWriteDisplayData)
    .find((send) => typeof send === 'function');
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
