import { describe, expect, it } from 'vitest';
import { toDisplayOf } from './mime';

const dataOf = (bundle: unknown) => toDisplayOf('here', bundle).data;
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

describe('a MIME bundle', () => {
  it('keeps its texts, and JSON as values', () => {
    const bundle = {
      'text/plain': 'x',
      'text/html': '<b>x</b>',
      'application/vnd.a.v1+json': { a: [1, null] },
    };
    expect(dataOf(bundle)).toEqual(bundle);
  });

  it('is a copy: what the program changes later does not reach it', () => {
    const figure = { points: [1, 2] };
    const data = dataOf({ 'application/json': figure });
    figure.points.push(3);
    expect(data['application/json']).toEqual({ points: [1, 2] });
  });

  it('carries bytes as base64, of views no more than they show', () => {
    expect(dataOf({ 'image/png': new Uint8Array(PNG) })['image/png']).toBe('iVBORw0KGgo=');
    expect(dataOf({ 'image/png': PNG.subarray(0, 3) })['image/png']).toBe('iVBO');
    expect(dataOf({ 'audio/wav': new Float32Array([0]).buffer })['audio/wav']).toBe('AAAAAA==');
  });

  it('reads the bytes of text types as UTF-8', () => {
    expect(dataOf({ 'image/svg+xml': Buffer.from('<svg>é</svg>') })['image/svg+xml']).toBe('<svg>é</svg>');
  });

  it('leaves out what is undefined', () => {
    expect(dataOf({ 'text/plain': 'x', 'text/html': undefined })).toEqual({ 'text/plain': 'x' });
  });

  it('has no lone surrogates, which no notebook could be saved with', () => {
    const data = dataOf({
      'text/plain': 'a\ud800b😀',
      'application/json': { deep: ['\udc00', '😀', '\\ud800'] },
    });
    expect(data).toEqual({
      'text/plain': 'a\ufffdb😀',
      'application/json': { deep: ['\ufffd', '😀', '\\ud800'] },
    });
  });
});

describe('text/plain is always there', () => {
  it.each([
    [{ 'text/markdown': '**a**' }, '**a**'],
    [{ 'text/latex': '$a$' }, '$a$'],
    [{ 'text/html': '<style>p{}</style><p>1 &lt; 2</p>\n<p>b</p><script>alert(1)</script>' }, '1 < 2 b'],
    [{ 'text/html': '<img src="x">', 'image/png': 'AA==' }, '[text/html, image/png]'],
    [{ 'application/json': {} }, '[application/json]'],
  ])('of %j it is %j', (bundle, plain) => {
    expect(dataOf(bundle)['text/plain']).toBe(plain);
  });

  it('is found in HTML of megabytes at once', () => {
    const began = performance.now();
    const plain = dataOf({ 'text/html': '<script '.repeat(1_000_000) })['text/plain'];
    expect(String(plain).length).toBeLessThan(20_000);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('what is no MIME bundle is refused by name', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  it.each([
    [undefined, "here: expected a MIME bundle such as { 'text/html': '<b>bold</b>' }, got undefined"],
    ['<b>', 'got a string'],
    [[1], 'got an array'],
    [{}, 'got an empty object'],
    [{ html: '<b>' }, '"html" is no MIME type'],
    [{ 'text/html': 3 }, 'the value of text/html must be a string, got a number'],
    [
      { 'image/png': { a: 1 } },
      'the value of image/png must be a string (base64) or a Uint8Array, got an object',
    ],
    [{ 'application/json': () => 1 }, 'the value of application/json must be JSON'],
    [
      { 'application/json': circle },
      'the value of application/json can not be written as JSON: Converting circular',
    ],
    [{ 'application/json': { big: 1n } }, 'can not be written as JSON'],
  ])('%o', (bundle, message) => {
    expect(() => toDisplayOf('here', bundle)).toThrow(TypeError);
    expect(() => toDisplayOf('here', bundle)).toThrow(message);
  });
});
