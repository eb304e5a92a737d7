import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { expectClose, expectEqual, infoOf, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

type Fn = (x: tf.Tensor) => tf.Tensor;
const rowsOf = (x: tf.Tensor): number => x.shape[0] as number;
const outside = [tf.tensor1d([1]), tf.tensor1d([2])] as const;

/** Functions, and the numbers of rows at which they are called: the second makes a graph for any number. */
const BRANCHES: Record<string, [fn: Fn, rows: number[]]> = {
  'other steps from 17 rows on': [(x) => (rowsOf(x) > 16 ? x.mul(2) : x.mul(3)), [4, 6, 20, 16, 17]],
  'other steps for few rows': [(x) => (rowsOf(x) < 4 ? x.add(1) : x.mul(2)), [64, 33, 3, 2]],
  'more steps from 17 rows on': [(x) => (rowsOf(x) > 16 ? x.mul(2).add(1) : x.mul(2)), [4, 6, 20]],
  'a count that is capped': [(x) => x.mean().mul(Math.min(rowsOf(x), 12)), [4, 6, 20, 12, 13]],
  'even and odd': [(x) => (rowsOf(x) % 2 === 0 ? x.mul(2) : x.mul(3)), [9, 11, 8, 6, 13]],
  'at most three rows': [(x) => x.slice(0, Math.min(3, rowsOf(x))).sum(), [4, 6, 8, 2, 3]],
  'at most 20 rows': [(x) => x.slice(0, Math.min(20, rowsOf(x))).sum(), [4, 6, 8, 30, 20]],
  'a padding that ends': [(x) => x.concat(tf.zeros([Math.max(0, 16 - rowsOf(x)), 3])), [4, 6, 12, 16, 20]],
  'another tensor from outside': [(x) => x.mul(rowsOf(x) > 16 ? outside[1] : outside[0]), [4, 6, 20]],
  'another axis for many rows': [(x) => (rowsOf(x) > 16 ? x.sum(0) : x.sum(1)), [4, 6, 20]],
  'half of the rows from 12 on': [(x) => x.slice(0, rowsOf(x) < 12 ? 2 : rowsOf(x) >> 1), [4, 6, 20, 13]],
};

describe('a function that takes other steps for a number of rows is never served those of another', () => {
  it.each(Object.entries(BRANCHES))('%s', (name, [fn, rows]) => {
    const compiled = compile(fn, undefined, { after: 0, name });
    for (const n of [...rows, ...rows, ...rows.reverse()]) {
      const x = tensor([n, 3], n);
      expectClose(compiled(x), fn(x));
    }
    expect(infoOf(name).graphs.map(({ anyRows }) => anyRows)).toContain(true);
    expect(infoOf(name).eager).toBeUndefined();
  });

  it('nor in float64, where a constant is compared as it was written', () => {
    const by = (n: number): number => (n > 16 ? 1 + 1e-10 : 1);
    const fn = compile((x: tf.Tensor) => x.mul(by(rowsOf(x))), [tensor([4, 1])], { precision: 'float64' });
    for (const n of [4, 6, 20, 6, 20]) expect(fn(new Float64Array(n).fill(1))[n - 1]).toBe(by(n));
  });

  it('nor a constant that a formula of its precision misses by more than rounding', () => {
    const by = (n: number): number => n * 1000003.5 - 1e7;
    const fn = compile((x: tf.Tensor) => x.mul(by(rowsOf(x))), undefined, { after: 0 });
    for (const n of [4, 6, 10, 9]) expect(fn(tf.ones([n])).dataSync()[0]).toBe(by(n));
  });

  it('nor a number beside the tensors', () => {
    const fn = compile((x: tf.Tensor) => ({ many: rowsOf(x) > 16, x: x.mul(1) }), undefined, { after: 0 });
    for (const n of [4, 6, 20, 5, 20]) expect(fn(tensor([n, 3])).many).toBe(n > 16);
  });

  it('an error at one number of rows is that of the function, and others go on', () => {
    const fn = compile(
      (x: tf.Tensor) => {
        if (rowsOf(x) === 9) throw new RangeError('nine');
        return x.mul(2);
      },
      undefined,
      { after: 0 },
    );
    for (const n of [4, 6, 8]) expectEqual(fn(tensor([n])), tensor([n]).mul(2));
    for (let i = 0; i < 2; i++) expect(() => fn(tensor([9]))).toThrow(new RangeError('nine'));
    expectEqual(fn(tensor([10])), tensor([10]).mul(2));
  });
});

describe('each new number of rows is checked by one recorded run', () => {
  const counted = (fn: Fn): { fn: Fn; runs: () => number } => {
    let runs = 0;
    return {
      fn: (x) => {
        runs++;
        return fn(x);
      },
      runs: () => runs,
    };
  };

  it('once, whatever comes between', () => {
    const { fn, runs } = counted((x) => x.sum(0).mul(1 / rowsOf(x)));
    const compiled = compile(fn, undefined, { after: 0, name: 'checked once' });
    const calls = (...rows: number[]): number => {
      for (const n of rows) expectClose(compiled(tensor([n, 3], n)), tensor([n, 3], n).mean(0));
      return runs();
    };
    expect(calls(64, 33)).toBe(4);
    expect(calls(100)).toBe(5);
    expect(calls(200, 100, 200, 33, 64, 100)).toBe(6);
    expect(infoOf('checked once').graphs.map(({ anyRows }) => anyRows)).toEqual([false, true]);
  });

  it('it leaves no tensor behind and moves no variable', () => {
    const [v, w] = [tf.variable(tf.scalar(0)), tf.tensor1d([3])];
    const { fn: counting, runs } = counted((x) => {
      v.assign(v.add(1));
      return x.mul(w).mul(v);
    });
    const fn = compile(counting, undefined, { after: 0, name: 'counts its calls' });
    for (const n of [4, 6]) fn(tf.ones([n])).dispose();
    const before = tf.memory().numTensors;
    for (let n = 20; n < 40; n++) {
      const x = tf.ones([n]);
      const y = fn(x);
      expect(y.dataSync()[n - 1]).toBe(3 * (n - 17));
      tf.dispose([x, y]);
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(runs()).toBe(4 + 20);
    expect(infoOf('counts its calls').graphs).toHaveLength(2);
  });

  it('more numbers of rows than are remembered are checked again', () => {
    const { fn, runs } = counted((x) => x.mul(2));
    const compiled = compile(fn, undefined, { after: 0 });
    for (const n of [4, 6]) compiled(tf.ones([n])).dispose();
    for (let n = 20; n < 1200; n++) tf.tidy(() => compiled(tf.ones([n])));
    const before = runs();
    tf.tidy(() => compiled(tf.ones([1199])));
    expect(runs()).toBe(before);
    tf.tidy(() => compiled(tf.ones([20])));
    expect(runs()).toBe(before + 1);
  });
});
