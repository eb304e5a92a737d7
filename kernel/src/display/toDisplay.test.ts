import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { asCell } from '../../../tests/fixtures/recordingChannel';
import { toDisplay, toResult } from './toDisplay';

const DISPLAY = Symbol.for('Jupyter.display');

/** What is shown of a value that does not take its time. */
function shown(value: unknown): Record<string, unknown> {
  const display = toDisplay(value);
  if (display instanceof Promise) throw new Error('expected it at once');
  return structuredClone(display).data;
}

const plain = (value: unknown): string => String(shown(value)['text/plain']);

describe('values are shown as Node shows them', () => {
  it.each([
    ['a text', `'a text'`],
    [`it's`, `"it's"`],
    [1n, '1n'],
    [-0, '-0'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [{ a: { b: { c: { d: { e: { f: 1 } } } } } }, '{\n  a: {\n    b: { c: { d: { e: [Object] } } }\n  }\n}'],
    [new Map([['k', new Set([1])]]), `Map(1) { 'k' => Set(1) { 1 } }`],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Promise(() => {}), 'Promise { <pending> }'],
    [Promise.resolve(1), 'Promise { 1 }'],
    [function f() {}, '[Function: f]'],
    [class A extends Map {}, '[class A extends Map]'],
    [
      new (class Point {
        x = 1;
      })(),
      'Point { x: 1 }',
    ],
    [/a/g, '/a/g'],
    [new Uint8Array([1, 2]), 'Uint8Array(2) [ 1, 2 ]'],
    [{ toJSON: () => 'json' }, '{ toJSON: [Function: toJSON] }'],
    [{ [inspect.custom]: () => 'mine' }, 'mine'],
  ])('%o', (value, text) => {
    expect(shown(value)).toEqual({ 'text/plain': text });
  });

  it('half of a surrogate pair is written out', () => {
    expect(plain('\ud800')).toMatch(/^'\\ud800'$/i);
    expect(plain({ [inspect.custom]: () => '\ud800' })).toBe('\ufffd');
  });

  it('as the last expression of a cell undefined shows nothing, null and false show themselves', () => {
    expect(toResult(undefined)).toBeUndefined();
    expect(toResult(null)).toEqual({ data: { 'text/plain': 'null' }, metadata: {} });
    expect(toResult(false)).toEqual({ data: { 'text/plain': 'false' }, metadata: {} });
  });

  it('an error is a value with its name, message, stack and cause', () => {
    const text = plain(new RangeError('too far', { cause: new Error('the reason') }));
    expect(text).toMatch(/^RangeError: too far\n +at /);
    expect(text).toContain('[cause]: Error: the reason');
  });
});

describe('an object that knows how to show itself', () => {
  class Plot {
    #bundle: unknown;
    constructor(bundle: unknown) {
      this.#bundle = bundle;
    }
    [DISPLAY]() {
      return this.#bundle;
    }
  }

  it('is shown by its bundle, at once or when it comes', async () => {
    expect(shown(new Plot({ 'text/html': '<b>1</b>' }))).toEqual({
      'text/html': '<b>1</b>',
      'text/plain': '1',
    });
    const late = await toDisplay(new Plot(Promise.resolve({ 'text/plain': 'late' })));
    expect(late).toEqual({ data: { 'text/plain': 'late' }, metadata: {} });
  });

  it('may promise it in any way', async () => {
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library is meant
    const thenable = { then: (resolve: (bundle: object) => void) => resolve({ 'text/plain': 'late' }) };
    const display = toDisplay(new Plot(thenable));
    expect(display).toBeInstanceOf(Promise);
    expect(await display).toEqual({ data: { 'text/plain': 'late' }, metadata: {} });
  });

  it('may be a function or a class', () => {
    const chart = Object.assign(() => 1, { [DISPLAY]: () => ({ 'text/plain': 'a chart' }) });
    expect(plain(chart)).toBe('a chart');
  });

  it('that returns no bundle is an error that names its class', async () => {
    const wrong = `Plot[Symbol.for('Jupyter.display')](): expected a MIME bundle`;
    expect(() => toDisplay(new Plot('<b>'))).toThrow(wrong);
    await expect(toDisplay(new Plot(Promise.resolve(7)))).rejects.toThrow(wrong);
  });

  it('that throws is an error that names its class and has the cause', async () => {
    class Broken {
      [DISPLAY]() {
        throw new Error('no data yet');
      }
    }
    const message = `Broken[Symbol.for('Jupyter.display')]() failed: no data yet`;
    expect(() => toDisplay(new Broken())).toThrow(message);
    const late = toDisplay(new Plot(Promise.reject(new Error('no data yet'))));
    await expect(late).rejects.toThrow(`Plot[Symbol.for('Jupyter.display')]() failed: no data yet`);
    await expect(late).rejects.toHaveProperty('cause.message', 'no data yet');
  });

  it('that an interrupt ends passes the interrupt on as it is', () => {
    class KeyboardInterrupt extends Error {}
    const interrupt = new KeyboardInterrupt();
    const run = () =>
      asCell((context) =>
        toDisplay({
          [DISPLAY]() {
            context.end(interrupt);
            throw interrupt;
          },
        }),
      );
    expect(run).toThrow(KeyboardInterrupt);
  });
});

describe('no value kills the kernel', () => {
  const throwing = {
    get boom() {
      throw new Error('boom');
    },
  };
  const hostile = () => {
    throw new Error('hostile');
  };
  const refusing = new Proxy(
    {},
    {
      get: hostile,
      has: hostile,
      ownKeys: hostile,
      getPrototypeOf: hostile,
      getOwnPropertyDescriptor: hostile,
    },
  );
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  const anything: unknown = new Proxy(() => anything, { get: () => anything, apply: () => anything });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const tagged = Object.defineProperty({}, Symbol.toStringTag, { get: hostile });

  it.each([
    ['getters that throw', throwing, '{ boom: [Getter] }'],
    ['a display getter that throws', Object.defineProperty({}, DISPLAY, { get: hostile }), /^{ ?}/],
    ['a Proxy that refuses everything', refusing, /^({}|Proxy\({}\))$/],
    ['a revoked Proxy', revoked.proxy, '<Revoked Proxy>'],
    ['a Proxy that has everything', anything, /Function/],
    ['a circle', circle, '<ref *1> { self: [Circular *1] }'],
    ['a tag that throws', tagged, /./],
    ['an inspect method that throws', { [inspect.custom]: hostile, a: 1 }, /a: 1/],
    ['a row whose getter throws', [throwing, throwing], /Getter|boom/],
    ['an array of a revoked Proxy', [revoked.proxy], /Revoked/],
  ])('%s', (_name, value, expected) => {
    expect(plain(value)).toMatch(
      expected instanceof RegExp ? expected : new RegExp(`^${escaped(expected)}$`),
    );
  });

  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

  it.each<[string, () => unknown, RegExp]>([
    ['an array of a million', () => Array.from({ length: 1e6 }, (_, i) => i), /999900 more items/],
    ['a typed array of ten million', () => new Float64Array(1e7), /9999900 more items/],
    ['a million rows', () => Array.from({ length: 1e6 }, (_, a) => ({ a })), /20 of 1,000,000 rows/],
    ['a Map of a million', () => new Map(Array.from({ length: 1e6 }, (_, i) => [i, i])), /999900 more items/],
    [
      'an object of a million keys',
      () => manyKeys(1e6),
      /k999: 999,\n {2}\.\.\. 999,000 more properties\n}$/,
    ],
    [
      'an object that holds one',
      () => ({ inner: manyKeys(1e6), other: 1 }),
      /^{ inner: \[Object\], other: 1 }$/,
    ],
    ['a text of ten million', () => 'x'.repeat(1e7), /9990000 more characters$/],
    ['a nest of a hundred thousand', () => nest(1e5), /\[Object\]/],
    ['a thousand long texts', () => Array.from({ length: 100 }, () => 'y'.repeat(1e5)), /more characters/],
  ])('%s is shown within seconds, and not whole', (_name, make, expected) => {
    const value = make();
    const began = performance.now();
    const text = plain(value);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(text.length).toBeLessThan(250_000);
    expect(text).toMatch(expected);
  });

  function manyKeys(n: number): Record<string, number> {
    return Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]));
  }

  function nest(depth: number): unknown {
    let value: unknown = {};
    for (let i = 0; i < depth; i += 1) value = { value };
    return value;
  }
});
