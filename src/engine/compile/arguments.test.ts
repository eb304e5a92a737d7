import { beforeAll, describe, expect, it } from 'vitest';
import { infoOf, tensor, watchWarnings } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

const warnings = watchWarnings();

const list = (x: tf.Tensor): number[] => Array.from(x.dataSync());
const x = (): tf.Tensor => tf.tensor1d([1, 2]);

describe('a variable among the arguments is that variable', () => {
  it('which the function may assign', () => {
    const fn = (by: tf.Tensor, v: tf.Variable): tf.Tensor => {
      v.assign(v.add(by));
      return v.mul(10);
    };
    const [compiled, v] = [compile(fn, undefined, { after: 0, name: 'assigns' }), tf.variable(x())];
    expect(list(compiled(tf.ones([2]), v))).toEqual([20, 30]);
    expect(list(compiled(tf.ones([2]), v))).toEqual([30, 40]);
    expect(list(v)).toEqual([3, 4]);
    expect(infoOf('assigns').graphs).toHaveLength(1);
  });

  it('which is read anew at each call', () => {
    const [compiled, v] = [
      compile((w: tf.Tensor) => w.mul(2), undefined, { after: 0, name: 'reads' }),
      tf.variable(x()),
    ];
    expect(list(compiled(v))).toEqual([2, 4]);
    v.assign(tf.tensor1d([5, 6]));
    expect(list(compiled(v))).toEqual([10, 12]);
    expect(infoOf('reads').graphs).toHaveLength(1);
  });

  it('also where the function knows it from outside too', () => {
    const v = tf.variable(x());
    const compiled = compile(
      (w: tf.Tensor) => {
        v.assign(v.add(1));
        return w.mul(1);
      },
      undefined,
      { after: 0 },
    );
    for (const wanted of [
      [2, 3],
      [3, 4],
    ])
      expect(list(compiled(v))).toEqual(wanted);
    const other = tf.variable(x());
    for (let i = 0; i < 2; i++) expect(list(compiled(other))).toEqual([1, 2]);
    expect(list(v)).toEqual([5, 6]);
  });

  it('each with a graph of its own, and tensors have another', () => {
    const compiled = compile((w: tf.Tensor, b: tf.Tensor) => w.sub(b), undefined, { after: 0 });
    const [v, w] = [tf.variable(x()), tf.variable(tf.tensor1d([10, 20]))];
    for (let i = 0; i < 2; i++) {
      expect(list(compiled(v, w))).toEqual([-9, -18]);
      expect(list(compiled(w, v))).toEqual([9, 18]);
      expect(list(compiled(w, w))).toEqual([0, 0]);
      expect(list(compiled(w, x()))).toEqual([9, 18]);
      expect(list(compiled(x(), w))).toEqual([-9, -18]);
    }
  });

  it('beside rows of any number', () => {
    const name = 'rows and a variable';
    const [compiled, v] = [
      compile((a: tf.Tensor, w: tf.Tensor) => a.mul(w).sum(), undefined, { after: 0, name }),
      tf.variable(tf.scalar(2)),
    ];
    for (const n of [4, 6, 9]) expect(list(compiled(tf.ones([n]), v))).toEqual([2 * n]);
    expect(infoOf(name).graphs.map(({ anyRows }) => anyRows)).toEqual([false, true]);
  });

  it('in float64 too, where an example that is one only gives a shape', () => {
    const v = tf.variable(tf.tensor1d([0.5, 2]));
    const options = { precision: 'float64' } as const;
    const compiled = compile((a: tf.Tensor, b: tf.Tensor) => a.mul(b), [v, v], options);
    expect(Array.from(compiled(Float64Array.of(0.1, 0.2), Float64Array.of(1, 1)))).toEqual([0.1, 0.2]);
    const mixed = compiled as unknown as (a: Float64Array, b: tf.Tensor) => Float64Array;
    expect(Array.from(mixed(Float64Array.of(0.1, 0.2), v))).toEqual([0.05, 0.4]);
  });

  it('and a disposed one is named', () => {
    const [compiled, v] = [compile((w: tf.Tensor) => w.mul(2), undefined, { after: 0 }), tf.variable(x())];
    compiled(v);
    v.dispose();
    expect(() => compiled(v)).toThrow(/given a disposed tensor \(number 1 /);
  });
});

class Net {
  w: tf.Tensor = tf.scalar(3);
}

describe('an object that can change without a trace is no argument of a graph', () => {
  it.each([
    [
      'a Map',
      () => new Map([['k', 3]]),
      (m: Map<string, number>) => m.set('k', 5),
      (m: Map<string, number>) => m.get('k'),
    ],
    ['a Net', () => new Net(), (n: Net) => Object.assign(n, { w: tf.scalar(5) }), (n: Net) => n.w],
    ['a Date', () => new Date(3), (d: Date) => d.setTime(5), (d: Date) => d.getTime()],
  ] as [string, () => object, (o: object) => unknown, (o: object) => tf.Tensor | number][])(
    '%s',
    (kind, make, change, read) => {
      const compiled = compile((a: tf.Tensor, o: object) => a.mul(read(o)), undefined, {
        after: 0,
        name: kind,
      });
      const o = make();
      for (let i = 0; i < 2; i++) expect(list(compiled(x(), o))).toEqual([3, 6]);
      change(o);
      expect(list(compiled(x(), o))).toEqual([5, 10]);
      expect(infoOf(kind).eager).toContain(`an argument is ${kind}, whose content a graph cannot follow`);
      expect(warnings()).toHaveBeenCalledTimes(1);
    },
  );

  it('in float64 it is an error', () => {
    const compiled = compile((a: tf.Tensor, o: object) => a.mul((o as Net).w), undefined, {
      precision: 'float64',
    });
    expect(() => compiled(Float64Array.of(1) as never, new Net())).toThrow(
      /cannot be computed in float64: an argument is a Net/,
    );
  });
});

it('functions and symbols are told apart by identity, symbols of the registry by their text', () => {
  const [a, b] = [Symbol('s'), Symbol('s')];
  const compiled = compile((t: tf.Tensor, s: symbol) => t.mul(s === a ? 2 : s === b ? 3 : 4), undefined, {
    after: 0,
    name: 'symbols',
  });
  for (let i = 0; i < 2; i++)
    for (const [symbol, by] of [
      [a, 2],
      [b, 3],
      [Symbol.for('s'), 4],
    ] as const)
      expect(list(compiled(tf.ones([1]), symbol))).toEqual([by]);
  expect(infoOf('symbols').graphs).toHaveLength(3);
  const apply = compile((t: tf.Tensor, f: (t: tf.Tensor) => tf.Tensor) => f(t), undefined, { after: 0 });
  const [twice, square] = [(t: tf.Tensor) => t.mul(2), (t: tf.Tensor) => t.square()];
  for (let i = 0; i < 2; i++) {
    expect(list(apply(tf.fill([1], 3), twice))).toEqual([6]);
    expect(list(apply(tf.fill([1], 3), square))).toEqual([9]);
  }
});

it('a list with a hole in it is not an empty one', () => {
  const compiled = compile((t: tf.Tensor, l: unknown[]) => t.mul(l.length), undefined, { after: 0 });
  for (let i = 0; i < 2; i++) {
    expect(list(compiled(tf.ones([1]), new Array(1)))).toEqual([1]);
    expect(list(compiled(tf.ones([1]), []))).toEqual([0]);
  }
});

describe('results', () => {
  class Result {
    readonly t: tf.Tensor;
    constructor(t: tf.Tensor) {
      this.t = t;
    }
  }

  it('in an object of a class are the function’s own: it runs eagerly', () => {
    const compiled = compile((t: tf.Tensor) => [t.mul(1), new Result(t.mul(2))] as const, undefined, {
      after: 0,
      name: 'classes',
    });
    for (let i = 0; i < 2; i++) expect(list(compiled(x())[1].t)).toEqual([2, 4]);
    expect(infoOf('classes').eager).toMatch(/it returns a Result; return tensors in arrays/);
  });

  it('in a Map or a function too', () => {
    const map = compile((t: tf.Tensor) => ({ t: t.mul(1), map: new Map([['y', t.mul(2)]]) }), undefined, {
      after: 0,
    });
    expect(list(map(x()).map.get('y') as tf.Tensor)).toEqual([2, 4]);
    const later = compile((t: tf.Tensor) => [t.mul(1), () => t.mul(3)] as const, undefined, { after: 0 });
    expect(list(later(x())[1]())).toEqual([3, 6]);
  });

  it('that are an empty nest are nothing to speak of', () => {
    const compiled = compile((t: tf.Tensor): tf.Tensor[] => (t.rank > 1 ? [t] : []), undefined, {
      after: 0,
      name: 'empty nest',
    });
    for (let i = 0; i < 2; i++) expect(compiled(tensor([3]))).toEqual([]);
    expect(infoOf('empty nest').eager).toBe('it returns no tensors');
    expect(warnings()).not.toHaveBeenCalled();
  });
});
