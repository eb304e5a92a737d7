import { beforeAll, describe, expect, it, vi } from 'vitest';
import { expectClose, expectEqual, infoOf, numbers, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

const value = (variable: tf.Tensor): number[] => Array.from(variable.dataSync());

describe('a tensor from outside', () => {
  it('that was never used before the trace is fed, not taken for a constant of the function', () => {
    const lazy = tf.tensor1d([1, 2, 3]);
    const fn = compile((x: tf.Tensor) => x.mul(lazy), [tf.ones([3])], { name: 'lazy capture' });
    expect(value(fn(tf.ones([3])))).toEqual([1, 2, 3]);
    // In a double graph a captured float is exact; a constant would be warned of.
    expect(infoOf('lazy capture').graphs[0]?.rounded).toEqual([]);
  });

  it.each(['used before', 'never used'])(
    'is the engine’s own copy: its source array changed, %s',
    (state) => {
      for (let attempt = 0; attempt < 20; attempt++) {
        const source = new Float32Array(256).fill(1);
        const outside = tf.tensor1d(source);
        if (state === 'used before') outside.add(1);
        const fn = compile((x: tf.Tensor) => x.mul(outside), [tf.ones([256])]);
        source.fill(9);
        expect(
          fn(tf.ones([256]))
            .dataSync()
            .every((x) => x === 1),
        ).toBe(true);
        fn.dispose();
      }
    },
  );

  it('may be disposed after the trace', () => {
    const outside = tf.tensor1d([5]);
    const fn = compile((x: tf.Tensor) => x.mul(outside), [tf.ones([1])]);
    outside.dispose();
    expect(value(fn(tf.ones([1])))).toEqual([5]);
    fn.dispose();
    expect(() => fn(tf.ones([1]))).toThrow(/disposed/);
  });

  it('that was disposed and replaced is taken anew: an optimizer’s learning rate', () => {
    const train = (step: (o: tf.SGDOptimizer, v: tf.Variable) => () => tf.Tensor): number[] => {
      const [o, v] = [tf.train.sgd(0.1), tf.variable(tf.tensor1d([1, -2]))];
      const run = step(o, v);
      for (let i = 0; i < 6; i++) {
        if (i === 3) o.setLearningRate(0.01);
        run();
      }
      return value(v);
    };
    const step = (o: tf.SGDOptimizer, v: tf.Variable) => (): tf.Tensor =>
      o.minimize(() => v.square().sum(), true, [v]) as tf.Tensor;
    const compiled = train((o, v) => compile(step(o, v), undefined, { after: 0 }));
    train(step).forEach((wanted, i) => {
      expect(compiled[i]).toBeCloseTo(wanted, 6);
    });
  });

  it('that was disposed and replaced is taken anew, in a graph for any rows and for others too', () => {
    let k = tf.scalar(2);
    const fn = compile((x: tf.Tensor) => x.mul(k).sum(), undefined, { after: 0, name: 'replaced' });
    const at = (...rows: number[]): number[] => rows.flatMap((n) => value(fn(tf.ones([n]))));
    expect(at(4, 6, 9)).toEqual([8, 12, 18]);
    k.dispose();
    k = tf.scalar(3);
    expect(at(9, 4, 6, 9, 10)).toEqual([27, 12, 18, 27, 30]);
    expect(infoOf('replaced').graphs.map(({ anyRows }) => anyRows)).toEqual([false, true]);
  });

  it('that is an argument too is told apart', () => {
    const both = tf.tensor1d([2]);
    const fn = compile((x: tf.Tensor, y: tf.Tensor) => x.mul(both).add(y), [both, both]);
    expect(value(fn(tf.tensor1d([3]), tf.tensor1d([1])))).toEqual([7]);
  });
});

describe.each(['float32', 'float64'] as const)('a variable (%s)', (precision) => {
  const one = () => (precision === 'float64' ? Float64Array.of(1) : tf.tensor1d([1])) as unknown as tf.Tensor;
  const run = (fn: (x: tf.Tensor) => unknown): number[] => {
    const result = fn(one());
    return result instanceof tf.Tensor ? value(result) : Array.from(result as Float64Array);
  };
  const compiled = (fn: (x: tf.Tensor) => tf.Tensor) =>
    compile(fn, [tf.tensor1d([1])], { precision: precision as 'float32' });

  it('is read anew at each call', () => {
    const v = tf.variable(tf.tensor1d([2]));
    const fn = compiled((x) => x.mul(v));
    expect(run(fn)).toEqual([2]);
    v.assign(tf.tensor1d([3]));
    expect(run(fn)).toEqual([3]);
    v.assign(v.mul(4));
    expect(run(fn)).toEqual([12]);
  });

  it('that shares its data with another is told apart from it', () => {
    const [w, backup] = [tf.variable(tf.tensor1d([2])), tf.variable(tf.tensor1d([0]))];
    backup.assign(w);
    const fn = compiled((x) => x.mul(w).sub(backup));
    expect(run(fn)).toEqual([0]);
    w.assign(tf.tensor1d([5]));
    expect(run(fn)).toEqual([3]);
    backup.assign(tf.tensor1d([1]));
    expect(run(fn)).toEqual([4]);
  });

  it('that shares its data with a captured tensor moves alone', () => {
    const w = tf.variable(tf.tensor1d([2]));
    const start = w.clone();
    const fn = compiled((x) => x.mul(w).sub(start));
    expect(run(fn)).toEqual([0]);
    w.assign(tf.tensor1d([5]));
    expect(run(fn)).toEqual([3]);
  });

  it('that was disposed is named', () => {
    const w = tf.variable(tf.tensor1d([2]), true, `gone-${precision}`);
    const fn = compiled((x) => x.mul(w));
    w.dispose();
    expect(() => run(fn)).toThrow(`the variable gone-${precision} must not be disposed`);
  });

  it('is assigned once a call; tracing leaves it bit for bit', () => {
    const count = tf.variable(tf.tensor1d([0.1]));
    const fn = compiled((x) => {
      count.assign(count.add(x));
      count.assign(count.add(x));
      return count.mul(10);
    });
    expect(value(count)).toEqual(value(tf.tensor1d([0.1])));
    expect(run(fn)[0]).toBeCloseTo(21, 4);
    expect(value(count)[0]).toBeCloseTo(2.1, 6);
    run(fn);
    expect(value(count)[0]).toBeCloseTo(4.1, 6);
  });
});

describe('assignments', () => {
  it('are undone when the trace throws, whatever was assigned', () => {
    const v = tf.variable(tf.tensor1d([0.1, Number.NaN]));
    const before = value(v);
    const fn = compile(
      (x: tf.Tensor) => {
        v.assign(v.add(1));
        return tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D);
      },
      undefined,
      { after: 0 },
    );
    expect(() => fn(tensor([2, 3]))).toThrow(/incompatible/);
    expect(value(v)).toEqual(before);
  });

  it('happen once in the eager call that follows a refused trace', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const v = tf.variable(tf.scalar(0));
    const fn = compile(
      (x: tf.Tensor) => {
        v.assign(v.add(1));
        return x.mul(v.dataSync()[0] as number);
      },
      undefined,
      { after: 0, name: 'counting' },
    );
    for (const wanted of [1, 2, 3]) {
      expect(value(fn(tf.tensor1d([1])))).toEqual([wanted]);
      expect(value(v)).toEqual([wanted]);
    }
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('of int32 variables and of several, in terms of each other', () => {
    const [n, w] = [tf.variable(tf.scalar(0, 'int32')), tf.variable(tf.scalar(1))];
    const step = (x: tf.Tensor): tf.Tensor => {
      n.assign(n.add(tf.scalar(1, 'int32')));
      w.assign(w.mul(x).add(n.cast('float32')) as tf.Scalar);
      return w.mul(1);
    };
    const fn = compile(step, [tf.scalar(2)]);
    const got = [1, 2, 3].map(() => value(fn(tf.scalar(2)))[0]);
    expect(got).toEqual([3, 8, 19]);
    expect([value(n), value(w)]).toEqual([[3], [19]]);
    expect(n.dtype).toBe('int32');
  });

  it('of the value a variable began with are none', () => {
    const v = tf.variable(tf.scalar(1));
    const fn = compile(
      (x: tf.Tensor) => {
        const before = v.clone();
        v.assign(v.add(x) as tf.Scalar);
        const y = v.mul(10);
        v.assign(before as tf.Scalar);
        return y;
      },
      [tf.scalar(2)],
      { name: 'restoring' },
    );
    expect(value(fn(tf.scalar(2)))).toEqual([30]);
    v.assign(tf.scalar(5));
    expect(value(fn(tf.scalar(2)))).toEqual([70]);
    expect(value(v)).toEqual([5]);
  });

  it('of batch normalisation’s averages: one call moves them as one eager call does', () => {
    const layer = () => tf.layers.batchNormalization({ inputShape: [3], momentum: 0.5 });
    const [a, b] = [tf.sequential({ layers: [layer()] }), tf.sequential({ layers: [layer()] })];
    const x = tensor([8, 3]);
    const fn = compile((input: tf.Tensor) => a.apply(input, { training: true }) as tf.Tensor, [x]);
    for (let i = 0; i < 3; i++) {
      expectClose(fn(x), b.apply(x, { training: true }) as tf.Tensor);
      a.getWeights().forEach((w, k) => {
        expectClose(w, b.getWeights()[k] as tf.Tensor);
      });
    }
  });
});

describe('variables that a function makes', () => {
  it('at its first run only are kept: layers build their weights, optimizers their moments', () => {
    const dense = tf.layers.dense({ units: 2, kernelInitializer: 'ones' });
    const fn = compile((x: tf.Tensor) => dense.apply(x) as tf.Tensor, [tensor([2, 3])], { name: 'building' });
    expect(infoOf('building').eager).toBeUndefined();
    expect(dense.getWeights()).toHaveLength(2);
    dense.setWeights([tf.fill([3, 2], 2), tf.zeros([2])]);
    expectEqual(fn(tf.ones([2, 3])), tf.fill([2, 2], 6));
  });

  it('with momentum: three compiled steps are three eager steps', () => {
    const make = () => ({ w: tf.variable(tf.tensor1d([1, -2])), by: tf.train.momentum(0.1, 0.9) });
    const [one, two] = [make(), make()];
    const step = ({ w, by }: typeof one, x: tf.Tensor): tf.Tensor => {
      const { value: loss, grads } = tf.variableGrads(() => w.mul(x).square().sum() as tf.Scalar, [w]);
      by.applyGradients(grads as Record<string, tf.Variable>);
      return loss;
    };
    const x = tensor([2]);
    const fn = compile((input: tf.Tensor) => step(one, input), [x], { name: 'momentum' });
    for (let i = 0; i < 3; i++) {
      expectClose(fn(x), step(two, x));
      expectClose(one.w, two.w);
    }
    expect(infoOf('momentum').eager).toBeUndefined();
  });

  it('at every run are refused, and those of the trace do not stay', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const made: tf.Variable[] = [];
    const fn = compile(
      (x: tf.Tensor) => {
        const v = tf.variable(x.mul(0));
        made.push(v);
        return v.add(x);
      },
      undefined,
      { after: 0, name: 'making' },
    );
    expectEqual(fn(tf.ones([2])), tf.ones([2]));
    expect(warn.mock.calls[0]?.[0]).toContain('it makes variables at each call; make them outside');
    expect(made.at(-2)?.isDisposed).toBe(true);
    tf.dispose(made);
    warn.mockRestore();
  });
});

describe('a captured array of another length', () => {
  it('has its values from the trace: numbers are not read anew', () => {
    const outside = numbers(4);
    const fn = compile((x: tf.Tensor) => x.add(tf.tensor1d(outside)), [tf.zeros([4])]);
    const first = value(fn(tf.zeros([4])));
    outside.fill(0);
    expect(value(fn(tf.zeros([4])))).toEqual(first);
  });
});
