import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compile, openPool, ready, tf } from '../engine';
import { DISPLAY, isDisplayable } from './displayable';
import { engineInfo } from './engineInfo';
import { show } from './show';
import { tableHtml, tableText } from './table';

const functions: { dispose(): void }[] = [];

beforeAll(async () => {
  await ready();
  vi.spyOn(console, 'warn').mockReturnValue();
  const x = tf.ones([128, 784]);
  functions.push(
    compile((a: tf.Tensor, k: number) => a.mul(k).sum(), [x, 0.5], { name: 'scaled' }),
    compile((a: tf.Tensor) => a.mul(2), [x], { precision: 'float64', name: 'exactly' }),
    compile((a: tf.Tensor) => tf.scalar(a.dataSync()[0]!), [x], { name: '<reads> & more' }),
  );
  x.dispose();
});
afterAll(() => {
  for (const one of functions) one.dispose();
  vi.restoreAllMocks();
});

const bundle = () => engineInfo()[DISPLAY]() as Record<'text/html' | 'text/plain', string>;
const line = (start: string) =>
  bundle()
    ['text/plain'].split('\n')
    .find((one) => one.startsWith(start))!;

describe('engineInfo in a notebook', () => {
  it('shows itself, and stays plain data', () => {
    const info = engineInfo();
    expect(isDisplayable(info)).toBe(true);
    expect(JSON.parse(JSON.stringify(info))).toEqual({ ...info });
    expect(Object.keys(bundle())).toEqual(['text/html', 'text/plain']);
  });

  it('is a table to console.log too', () => {
    expect(inspect(engineInfo())).toMatch(/^engine[\s\S]*backend +tensorflow/);
  });

  it('says what computes, and of each function its arguments, mode and size', async () => {
    const pool = openPool({ processes: 2 });
    expect(line('backend')).toMatch(/^backend +tensorflow, TensorFlow 2\.\d+/);
    expect(line('pool')).toMatch(/^pool +2 processes, 0 children now$/);
    expect(line('scaled')).toMatch(/^scaled +float32 +\[128×784\], 0\.5 +calling thread +\d+$/);
    expect(line('exactly')).toMatch(/^exactly +float64 +\[128×784\] +calling thread +\d+$/);
    await pool.close();
  });

  it('shows nests, texts and scalars of the arguments as they are', () => {
    const [a, n] = [tf.ones([3, 4]), tf.scalar(2, 'int32')];
    type Nest = { a: tf.Tensor; b: tf.Tensor[] };
    const nest = compile(
      (o: Nest, _: string, k: boolean) => o.a.mul(k ? 2 : 1),
      [{ a, b: [n] }, 'x,"y', true],
      {
        name: 'nested',
      },
    );
    expect(line('nested')).toContain('{a: [3×4], b: [int32 scalar]}, "x,\\"y", true');
    nest.dispose();
    tf.dispose([a, n]);
  });

  it('says what runs eagerly and why, and its HTML escapes names', () => {
    expect(line('<reads> & more')).toMatch(/eagerly, since \w+/);
    expect(bundle()['text/html']).toContain('&lt;reads&gt; &amp; more');
    expect(bundle()['text/html']).not.toContain('<reads>');
  });

  it('shows 40 graphs and counts the rest', () => {
    const shown = bundle()['text/plain'].split('\n').length;
    const x = tf.ones([2]);
    const many = Array.from({ length: 50 }, (_, i) => compile((a: tf.Tensor) => a.add(i), [x]));
    const lines = bundle()['text/plain'].split('\n');
    expect(lines.length).toBe(shown + 40 - 3 + 1);
    expect(lines.at(-1)).toBe('… and 13 older ones');
    for (const one of many) one.dispose();
    x.dispose();
  });

  it('is printed by show where there is no notebook', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const log = vi.spyOn(console, 'log').mockReturnValue();
    await show(engineInfo());
    const said = [...written.mock.calls, ...log.mock.calls].flat().join('');
    written.mockRestore();
    log.mockRestore();
    expect(said).toContain('TensorFlow.js');
  });
});

describe('a table', () => {
  const table = {
    head: ['name', 'ops'],
    rows: [
      ['θ', '7'],
      ['longer', '12'],
    ],
  };

  it('as text has columns as wide as their longest cell, whole numbers to the right', () => {
    expect(tableText(table)).toBe('name    ops\n───────────\nθ         7\nlonger   12');
  });

  it('as HTML says its alignment in attributes alone', () => {
    const html = tableHtml(table);
    expect(html).toContain('<td style="text-align: left; vertical-align: top">θ</td>');
    expect(html).toContain('<td style="text-align: right; vertical-align: top">12</td>');
    expect(html).not.toMatch(/<style|<script|class=/);
  });
});
