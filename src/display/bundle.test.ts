import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FIGURE_MIME, type PlaneInput } from '../figure';
import { toMimeBundle } from './bundle';
import { DISPLAY, isDisplayable } from './displayable';
import { contour, grid, line, sharpness, surface } from './figures';
import { encode } from './png';
import { quantize } from './quantize';

const points = 51;
const axis = Float64Array.from({ length: points }, (_, i) => -1 + i / 25);
const plane: PlaneInput = {
  kind: 'slice2d',
  alpha: axis,
  beta: axis,
  values: Float64Array.from({ length: points ** 2 }, (_, k) => {
    const [x, y] = [axis[k % points]!, axis[Math.floor(k / points)]!];
    return 0.02 + 3 * x * x + y * y + 0.4 * Math.sin(6 * x) * Math.sin(5 * y) + 0.4;
  }),
  directions: {
    vectors: [
      [1, 0],
      [0, 1],
    ],
    description: 'random, seed 1',
    labels: ['α', 'β'],
  },
  at: [0, 0],
  center: [0, 0],
  loss: { name: 'softmaxCrossEntropy', samples: 1437, parameters: 2410 },
};
const run = {
  trajectory: Array.from({ length: 200 }, (_, k) => ({
    step: k,
    theta: [0.9 * Math.cos(k / 20), 0.9 * Math.sin(k / 30)],
  })),
  optimizer: 'sgd',
  seed: 1,
};
const rho = [0.01, 0.1, 1];
const slice = {
  kind: 'slice1d' as const,
  alpha: axis,
  values: axis.map((a) => 1 + a * a),
  metrics: {},
  description: 'a line',
  label: 'α',
  loss: plane.loss,
  marks: [],
};

describe('toMimeBundle', () => {
  it.each([
    ['contour', contour(plane, { paths: { SGD: run, SAM: run } })],
    ['surface', surface(plane)],
    ['three contours', contour({ SGD: plane, SAM: plane, Adam: plane })],
    ['contour of noise', contour({ ...plane, values: Array.from(plane.values, (_, k) => Math.sin(k * k)) })],
    ['line', line(slice)],
    ['sharpness', sharpness({ rho, sharpness: rho })],
    ['grid', grid([line(slice), contour(plane)])],
  ])('of a %s holds JSON, a PNG of at most 50 KB in base64, and text', (_, figure) => {
    const bundle = toMimeBundle(figure);
    expect(Object.keys(bundle)).toEqual([FIGURE_MIME, 'image/png', 'text/plain']);
    const png = String(bundle['image/png']);
    expect(Buffer.from(png, 'base64').subarray(1, 4).toString()).toBe('PNG');
    expect(png.length).toBeLessThanOrEqual(50 * 1024);
    expect(bundle['text/plain']).toContain(figure.caption);
  });

  it('tells range and ends of paths in its text', () => {
    const text = String(toMimeBundle(contour(plane, { paths: { SGD: run } }))['text/plain']);
    expect(text).toContain('α: −1 to 1');
    expect(text).toMatch(/path SGD: from \(0.9, 0\) at loss 2.8\d to \(−0.779, 0.309\) at loss/);
  });

  it('refuses what is not a figure', () => {
    expect(() => toMimeBundle({} as never)).toThrow('version: expected 1, got none');
  });
});

describe('a built figure', () => {
  it('shows itself by a symbol that is not enumerable, and stays plain JSON', () => {
    const figure = contour(plane);
    expect(isDisplayable(figure)).toBe(true);
    expect(figure[DISPLAY]()).toEqual(toMimeBundle(figure));
    expect(Object.keys(figure)).toEqual(['version', 'kind', 'caption', 'panels']);
    expect(Object.getOwnPropertyDescriptor(figure, DISPLAY)?.enumerable).toBe(false);
  });

  it('gives the same bundle each time, byte for byte', () => {
    expect(JSON.stringify(toMimeBundle(contour(plane)))).toBe(JSON.stringify(toMimeBundle(contour(plane))));
  });
});

describe('the PNG', () => {
  const pixels = Uint8Array.from([255, 255, 255, 255, 10, 20, 30, 255, 255, 255, 255, 255, 200, 0, 0, 255]);

  const image = { width: 2, height: 2, pixels };

  it('keeps an image of few colours exactly', () => {
    const { pixels: indices, palette } = quantize(image, 8);
    const colors = Array.from(indices, (index) => palette[index]);
    expect(colors).toEqual([
      [255, 255, 255],
      [10, 20, 30],
      [255, 255, 255],
      [200, 0, 0],
    ]);
  });

  it('replaces what does not fit into the palette by the nearest colour', () => {
    const { palette } = quantize(image, 2);
    expect(palette).toHaveLength(2);
    expect(palette[0]).toEqual([255, 255, 255]);
  });

  it('keeps a pinned colour however few pixels have it', () => {
    const { palette } = quantize(image, 2, [
      [200, 0, 0],
      [1, 2, 3],
    ]);
    expect(palette).toEqual([
      [200, 0, 0],
      [255, 255, 255],
    ]);
  });

  it('holds its rows behind their filter bytes', () => {
    const png = Buffer.from(encode(quantize(image, 8)));
    const at = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect(Array.from(rows)).toEqual([0, 0, 1, 0, 0, 2]);
  });
});
