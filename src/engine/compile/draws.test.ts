import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, expectEqual, infoOf, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { withDraws } from '../draws';
import { compile } from './compile';

beforeAll(ready);

const values = (result: tf.Tensor): number[] => Array.from(result.dataSync());
const DRAWS: Record<string, () => tf.Tensor> = {
  randomUniform: () => tf.randomUniform([64], -1, 3),
  randomNormal: () => tf.randomNormal([64], 1, 2),
  truncatedNormal: () => tf.truncatedNormal([64]),
  dropout: () => tf.dropout(tf.ones([64]), 0.5),
};

describe.each(Object.entries(DRAWS))('%s inside a compiled function', (name, draw) => {
  const fn = (x: tf.Tensor): tf.Tensor => x.add(draw());
  const make = (seed?: number) =>
    compile(fn, [tf.zeros([64])], { name: `draws ${name} ${seed}`, ...(seed === undefined ? {} : { seed }) });

  it('is fresh at each call, in one graph', () => {
    const compiled = make();
    const [a, b] = [values(compiled(tf.zeros([64]))), values(compiled(tf.zeros([64])))];
    expect(a).not.toEqual(b);
    expect(infoOf(`draws ${name} undefined`)).toMatchObject({ graphs: [{ anyRows: false }] });
    expect(infoOf(`draws ${name} undefined`).eager).toBeUndefined();
  });

  it('repeats its sequence of calls with the option seed, whether compiled or eager', () => {
    const [one, two, late] = [make(7), make(7), compile(fn, undefined, { after: 2, seed: 7 })];
    const other = make(8);
    for (let i = 0; i < 4; i++) {
      const wanted = one(tf.zeros([64]));
      expectEqual(two(tf.zeros([64])), wanted);
      // TensorFlow's optimizer may order a normal draw's arithmetic anew.
      expectClose(late(tf.zeros([64])), wanted, 1e-6);
      expect(values(other(tf.zeros([64])))).not.toEqual(values(wanted));
    }
  });

  it('follows from the seed of a run of draws around the call, whether compiled or eager', () => {
    const [compiled, eager] = [make(), compile(fn, undefined, { after: 9 })];
    const twice = (one: (x: tf.Tensor) => tf.Tensor): number[][] =>
      withDraws(5, () => [values(one(tf.zeros([64]))), values(one(tf.zeros([64])))]);
    const wanted = twice(compiled);
    expect(wanted[0]).not.toEqual(wanted[1]);
    expect(twice(compiled)).toEqual(wanted);
    twice(eager).forEach((draws, i) => {
      expectClose(tf.tensor1d(draws), tf.tensor1d(wanted[i] as number[]), 1e-6);
    });
  });
});

describe('draws', () => {
  it('of two calls inside one function differ; with a seed of their own they are as in stock', () => {
    const fn = compile(
      () => [tf.randomUniform([8]), tf.randomUniform([8]), tf.randomUniform([8], 0, 1, 'float32', 3)],
      [],
      {
        name: 'three draws',
      },
    );
    const [a, b, own] = fn() as [tf.Tensor, tf.Tensor, tf.Tensor];
    expect(values(a)).not.toEqual(values(b));
    const [, , again] = fn() as [tf.Tensor, tf.Tensor, tf.Tensor];
    expectEqual(own, tf.randomUniform([8], 0, 1, 'float32', 3));
    expectEqual(again, own);
    expect(infoOf('three draws').eager).toBeUndefined();
  });

  it('of a layer in training mode have a new mask at each call, for any number of rows', () => {
    const model = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [50] })] });
    const fn = compile((x: tf.Tensor) => model.apply(x, { training: true }) as tf.Tensor, undefined, {
      after: 0,
      name: 'dropout layer',
    });
    for (const n of [8, 4, 6, 20]) {
      const [a, b] = [fn(tf.ones([n, 50])), fn(tf.ones([n, 50]))];
      expect(values(a)).not.toEqual(values(b));
      const kept = values(a).filter((x) => x === 2).length;
      expect(values(a).every((x) => x === 0 || x === 2)).toBe(true);
      expect(Math.abs(kept - 25 * n)).toBeLessThan(5 * Math.sqrt(12.5 * n));
    }
    expect(infoOf('dropout layer').graphs.map(({ anyRows }) => anyRows)).toEqual([false, true]);
  });

  it('are the same in a function and in its gradient', () => {
    const fn = compile(
      (x: tf.Tensor) => {
        const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => tf.dropout(t, 0.5).sum())(x);
        return [value, grad];
      },
      [tf.ones([100])],
    );
    const [value, grad] = fn(tf.ones([100])) as [tf.Tensor, tf.Tensor];
    expect(values(grad).reduce((a, b) => a + b)).toBeCloseTo(values(value)[0] as number, 3);
  });

  it('cost functions without any nothing: the seed is no input of their graph', () => {
    const fn = compile((x: tf.Tensor) => x.add(1), [tensor([3])], { seed: 4, name: 'no draws' });
    expectEqual(fn(tf.ones([3])), tf.fill([3], 2));
    expect(infoOf('no draws').graphs[0]?.nodes).toBeLessThanOrEqual(3);
  });
});
