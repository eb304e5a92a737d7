import { beforeAll, describe, expect, it, vi } from 'vitest';
import { expectClose, infoOf, numbers, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { hessianVectorProducts } from '../secondOrder';
import { compile } from './compile';

beforeAll(ready);

type Fn = (...args: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

const flat = (result: unknown): tf.Tensor[] => [result].flat() as tf.Tensor[];
const graphs = (name: string): boolean[] => infoOf(name).graphs.map(({ anyRows }) => anyRows);

/** Calls for each number of rows, with other numbers than those of the trace, and compares with the function. */
function check(
  name: string,
  fn: Fn,
  argsFor: (rows: number) => tf.Tensor[],
  rows: number[],
  runs?: number,
): void {
  let ran = 0;
  const counted: Fn = (...args) => {
    ran++;
    return fn(...args);
  };
  const compiled = compile(counted, undefined, { after: 0, name });
  for (const n of rows) {
    const args = argsFor(n);
    const wanted = flat(fn(...args));
    flat(compiled(...args)).forEach((got, i) => {
      expectClose(got, wanted[i] as tf.Tensor, 2e-5);
    });
  }
  if (runs !== undefined) expect(ran, 'runs of the function').toBe(runs);
}

const dense = (x: tf.Tensor, w: tf.Tensor): tf.Tensor2D => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D);
const meanLoss = (x: tf.Tensor, y: tf.Tensor, w: tf.Tensor): tf.Scalar =>
  tf.losses.softmaxCrossEntropy(y as tf.Tensor2D, dense(x, w).tanh()) as tf.Scalar;
const labels = (n: number): tf.Tensor =>
  tf.oneHot(
    tf.tensor1d(
      Array.from({ length: n }, (_, i) => i % 3),
      'int32',
    ),
    3,
  );
const batch = (n: number): tf.Tensor[] => [tensor([n, 4], n), labels(n).toFloat(), tensor([4, 3], 2)];

describe('one trace serves any number of rows', () => {
  it('after a second number has come: a loss, 64, 7, 2, 5, 1000 rows', () => {
    check(
      'loss of rows',
      (x, y, w) => meanLoss(x as tf.Tensor, y as tf.Tensor, w as tf.Tensor),
      batch,
      [64, 7, 2, 5, 1000, 3],
      7,
    );
    expect(graphs('loss of rows')).toEqual([false, true]);
  });

  it('one row has a graph of its own, wherever it comes', () => {
    const fn: Fn = (x, y, w) => meanLoss(x as tf.Tensor, y as tf.Tensor, w as tf.Tensor);
    check('one row first', fn, batch, [1, 7, 64, 2, 1, 5], 6);
    expect(graphs('one row first')).toEqual([false, false, true]);
    check('one row later', fn, batch, [7, 1, 64, 2, 1, 5], 6);
    check('one row after', fn, batch, [7, 64, 2, 1, 5], 6);
  });

  it('gradients, Hessian-vector products, and one value a row', () => {
    const fn: Fn = (x, y, w) => {
      const f = (): tf.Scalar => meanLoss(x as tf.Tensor, y as tf.Tensor, w as tf.Tensor);
      const { gradients, products } = hessianVectorProducts(f, [w as tf.Tensor], [[tf.ones([4, 3])]]);
      return [...gradients, ...(products[0] as tf.Tensor[]), dense(x as tf.Tensor, w as tf.Tensor).sum(1)];
    };
    check('products of rows', fn, batch, [64, 7, 2, 33], 6);
  });

  it('convolutions, pooling and their gradients', () => {
    const fn: Fn = (x, w) => {
      const f = (k: tf.Tensor): tf.Scalar =>
        tf
          .maxPool(
            tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, 1, 'same').relu() as tf.Tensor4D,
            2,
            2,
            'valid',
          )
          .square()
          .mean();
      return tf.grad(f)(w as tf.Tensor);
    };
    check(
      'convolutions of rows',
      fn,
      (n) => [tensor([n, 6, 6, 2], n), tensor([3, 3, 2, 3])],
      [8, 3, 2, 16],
      6,
    );
  });

  it('a number of rows that equals another side, of weights or of features', () => {
    check(
      'square',
      (x, w) => dense(x as tf.Tensor, w as tf.Tensor).mean(0),
      (n) => [tensor([n, 7], n), tensor([7, 7])],
      [7, 5, 4, 7, 9],
      6,
    );
  });

  it('reshapes that look like none at the first number of rows: [n, 2] to [2, n] at n = 2', () => {
    const turned: Fn = (x) => [
      (x as tf.Tensor).reshape([2, -1]).mul(tf.tensor2d([[1], [10]])),
      (x as tf.Tensor)
        .reshape<tf.Tensor3D>([1, 2, -1])
        .matMul(tf.ones([1, (x as tf.Tensor).shape[0] as number, 3])),
    ];
    check('turned', turned, (n) => [tensor([n, 2], n)], [4, 2, 3, 9]);
    check('turned late', turned, (n) => [tensor([n, 2], n)], [2, 4, 3, 9]);
    check('square at first', turned, (n) => [tensor([n, 2], n)], [3, 2, 2, 9]);
  });

  it('an LSTM', () => {
    const model = tf.sequential({
      layers: [tf.layers.lstm({ units: 4, inputShape: [6, 3] }), tf.layers.dense({ units: 2 })],
    });
    const fn: Fn = (x) => {
      const f = (): tf.Scalar => (model.apply(x as tf.Tensor) as tf.Tensor).square().mean();
      return Object.values(tf.variableGrads(f).grads);
    };
    check('LSTM of rows', fn, (n) => [tensor([n, 6, 3], n)], [8, 3, 16], 5);
  });

  it('typed arrays, as many rows as they have numbers for', () => {
    const fn = compile((x: tf.Tensor) => x.mean(0), [tensor([4, 3])], { name: 'typed rows' }) as unknown as (
      x: Float32Array,
    ) => tf.Tensor;
    for (const n of [8, 2, 100]) {
      const x = numbers(3 * n, n);
      expectClose(fn(x), tf.tensor2d(x, [n, 3]).mean(0));
    }
    expect(graphs('typed rows')).toEqual([false, true]);
    expect(() => fn(numbers(10))).toThrow(/argument 1 must have 12 numbers/);
  });

  it('in float64, with counts as doubles: 0.1/n is not rounded to float32', () => {
    const fn = compile((x: tf.Tensor) => x.sum(0).mul(0.1 / (x.shape[0] as number)), [tensor([4, 2])], {
      precision: 'float64',
      name: 'double counts',
    });
    for (const n of [7, 3, 10, 11]) {
      const got = fn(Float64Array.from({ length: 2 * n }, (_, i) => i + 1));
      const sum = n * n;
      expect(got[0]).toBeCloseTo((sum * 0.1) / n, 14);
      expect(got[1]).toBeCloseTo(((sum + n) * 0.1) / n, 14);
    }
    expect(graphs('double counts')).toEqual([false, true]);
    expect(infoOf('double counts').graphs[1]?.rounded).toEqual([]);
  });

  it('no rows at all are a graph of their own', () => {
    check(
      'no rows',
      (x) => (x as tf.Tensor).mul(2),
      (n) => [tf.zeros([n, 3])],
      [4, 0, 3, 0],
      5,
    );
  });
});

describe('a function that depends on the number of rows in another way has a graph for each', () => {
  const OTHERS: Record<string, [Fn, number[]]> = {
    '1/(n − 1)': [(x) => x!.sum(0).mul(1 / (x!.shape[0]! - 1)), [64, 33, 2]],
    '√n': [(x) => x!.sum(0).mul(Math.sqrt(x!.shape[0]!)), [64, 33, 2]],
    'n²': [(x) => x!.sum(0).mul(x!.shape[0]! ** 2), [10000, 9999, 3]],
    'half of the rows': [(x) => x!.slice(0, Math.floor(x!.shape[0]! / 2)), [64, 33, 2]],
    'other steps below 10': [(x) => (x!.shape[0]! < 10 ? x!.add(1) : x!.mul(2)), [64, 33, 5]],
    'as many steps as rows': [(x) => tf.unstack(x!).reduce((a, b) => a.mul(b)), [8, 3, 5]],
    'other results': [
      (x) => (x!.shape[0]! < 10 ? [x!.sum(), x!.mean()] : [x!.mean(), x!.sum()]),
      [64, 33, 5],
    ],
    'other captures': [
      (() => {
        const [a, b] = [tensor([3], 5), tensor([3], 6)];
        return (x) => x!.mul(x!.shape[0]! < 10 ? a : b);
      })(),
      [64, 33, 5],
    ],
    'numbers made for the rows': [
      (x) => x!.add(tf.tensor2d(numbers(x!.shape[0]!), [x!.shape[0]!, 1])),
      [8, 3, 5],
    ],
    'needs 20 rows': [(x) => x!.slice(0, 20), [64, 33, 20]],
  };

  it.each(Object.entries(OTHERS))('%s', (name, [fn, rows]) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    check(name, fn, (n) => [tensor([n, 3], n)], [...rows, ...rows]);
    expect(graphs(name)).toEqual(rows.map(() => false));
    expect(infoOf(name).eager).toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('a number beside the tensors', () => {
    const fn = compile((x: tf.Tensor) => ({ count: x.shape[0], sum: x.sum() }), undefined, { after: 0 });
    for (const n of [64, 33, 5, 7, 64]) expect(fn(tensor([n, 3])).count).toBe(n);
  });

  it('two arguments that change differently', () => {
    const fn: Fn = (x, y) => [(x as tf.Tensor).mean(0), (y as tf.Tensor).mean(0)];
    check('two sizes', fn, (n) => [tensor([n, 3], n), tensor([100 - n, 3], n)], [64, 33, 5, 64]);
  });
});

describe('arguments without a batch', () => {
  it('scalars and vectors of another length are other signatures', () => {
    const fn = compile((x: tf.Tensor, by: tf.Tensor) => x.mul(by).sum(), undefined, { after: 0 });
    for (const n of [4, 9, 1, 6]) expectClose(fn(tf.ones([n]), tf.scalar(2)), tf.scalar(2 * n));
    expectClose(fn(tf.scalar(3), tf.scalar(2)), tf.scalar(6));
  });
});
