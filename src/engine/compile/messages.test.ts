import fs from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { infoOf } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

type Loose = (...args: unknown[]) => (...args: unknown[]) => unknown;
const loose = compile as unknown as Loose;
const double = (x: tf.Tensor): tf.Tensor => x.mul(2);

describe('what is not as it must be is said at once', () => {
  it('what is compiled must be a function', () => {
    for (const [wrong, text] of [
      [5, '5'],
      ['x', 'x'],
      [null, 'null'],
      [tf.sequential(), 'a Sequential'],
    ])
      expect(() => loose(wrong)).toThrow(`compile takes a function of tensors, got ${text}; of a model`);
  });

  it('examples are a list', () => {
    expect(() => loose(double, tf.ones([2, 3]))).toThrow(
      'examples must be a list of arguments, such as [x], or undefined, got a tensor of shape [2,3]; options come third',
    );
    expect(() => loose(double, { precision: 'float64' })).toThrow(/options come third$/);
  });

  it('doubles come as typed arrays', () => {
    const exact = loose(double, [tf.ones([2])], { precision: 'float64', name: 'twice' });
    expect(() => exact([1, 2])).toThrow('twice was given no typed array; pass numbers as Float64Array.of(…)');
    const rows = loose(double, [tf.ones([2, 3])], { precision: 'float64' });
    expect(() => rows(new Float64Array(7))).toThrow(
      'argument 1 must have 6 numbers (shape [2,3] of the example) or another multiple of 3, got 7',
    );
  });

  it('an argument that contains itself is named', () => {
    const list: unknown[] = [tf.ones([1])];
    list.push(list);
    expect(() => loose(() => tf.ones([1]))(list)).toThrow(/must be nests .* got one that contains itself/);
  });

  it('a tensor or a variable from outside that was disposed is named, at the trace and before', () => {
    const gone = tf.ones([1]);
    gone.dispose();
    for (const after of [0, 1]) {
      const fn = compile((x: tf.Tensor) => x.mul(gone), undefined, { after });
      expect(() => fn(tf.ones([1]))).toThrow('the function uses a tensor that was disposed');
    }
    const v = tf.variable(tf.ones([3]));
    const fn = compile((x: tf.Tensor) => x.mul(v), [tf.ones([1])]);
    v.dispose();
    expect(() => fn(tf.ones([1]))).toThrow('the variable of shape [3] must not be disposed');
  });
});

describe('a disk that is full for a while', () => {
  it('has the function run eagerly for that while, which is said once', () => {
    const fn = compile(double, [tf.ones([1])], { name: 'no place' });
    const full = vi.spyOn(fs, 'mkdtempSync').mockImplementation(() => {
      throw new Error('ENOSPC: no space left on device');
    });
    for (let i = 0; i < 3; i++) expect(fn(tf.ones([1])).dataSync()[0]).toBe(2);
    expect(full).toHaveBeenCalled();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/^losslab: no place runs eagerly for now, since .*ENOSPC/);
    const tries = full.mock.calls.length;
    full.mockRestore();
    expect(tries).toBeGreaterThanOrEqual(3);
    let ran = 0;
    const counted = vi.spyOn(tf.Tensor.prototype, 'mul').mockImplementation(() => {
      ran++;
      throw new Error('eager');
    });
    expect(fn(tf.ones([1])).dataSync()[0]).toBe(2);
    counted.mockRestore();
    expect(ran).toBe(0);
    expect(infoOf('no place').eager).toBeUndefined();
  });
});
