import { describe, expect, it } from 'vitest';
import { image } from './image';
import { toDisplay } from './toDisplay';

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');

describe('jupyter.image', () => {
  it('shows bytes, with a note in plain text', () => {
    expect(toDisplay(image(PNG))).toEqual({
      data: { 'image/png': PNG.toString('base64'), 'text/plain': '[image/png, 10 bytes]' },
      metadata: {},
    });
  });

  it('shows itself to whoever asks by the symbol', () => {
    const shown = image(PNG) as unknown as Record<symbol, () => unknown>;
    expect(shown[Symbol.for('Jupyter.display')]!()).toHaveProperty(['image/png'], PNG.toString('base64'));
  });

  it('says how large it is to be shown', () => {
    const display = toDisplay(image(PNG, { width: 320, height: 200 }));
    expect(display).toHaveProperty('metadata', { 'image/png': { width: 320, height: 200 } });
  });

  it.each([
    ['image/jpeg', 'ffd8ffe0'],
    ['image/gif', '474946383961'],
    ['image/webp', '524946460000000057454250'],
    ['image/bmp', '424d00'],
  ])('knows %s from its first bytes, in any view', (type, hex) => {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
    expect(image(bytes).type).toBe(type);
    expect(image(bytes.buffer).type).toBe(type);
    expect(image(new DataView(bytes.buffer)).type).toBe(type);
  });

  it('takes the type that it is told', () => {
    expect(image(new Uint8Array(3), { type: 'image/avif' }).type).toBe('image/avif');
  });

  it.each<[string, unknown, unknown, string]>([
    [
      'a path',
      'plot.png',
      {},
      'the image must be a Uint8Array, an ArrayBuffer or a view of one, got a string',
    ],
    [
      'other bytes',
      new Uint8Array(9),
      {},
      'expected the bytes of a PNG, JPEG, GIF, WebP or BMP, got something else',
    ],
    [
      'no bytes',
      new Uint8Array(),
      {},
      'expected the bytes of a PNG, JPEG, GIF, WebP or BMP, got an empty Uint8Array',
    ],
    ['another type', PNG, { type: 'png' }, 'type must be a MIME type such as image/png, got png'],
    ['a size in text', PNG, { width: '3' }, 'width must be a number of pixels > 0, got 3'],
    ['no height', PNG, { height: 0 }, 'height must be a number of pixels > 0, got 0'],
    ['a misspelt option', PNG, { widht: 3 }, 'unknown option widht; the options are type, width, height'],
  ])('of %s is a clear error', (_name, bytes, options, message) => {
    expect(() => image(bytes as Uint8Array, options as object)).toThrow(`jupyter.image: ${message}`);
  });
});
