import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, expectEqual, infoOf, tensor, watchWarnings } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

const warnings = watchWarnings();

type Fn = (x: tf.Tensor) => tf.Tensor;
const outside = (): tf.Tensor => tf.tensor1d([2, 3]);

const READS: Record<string, [Fn, RegExp]> = {
  'dataSync of an argument': [(x) => x.mul(x.dataSync()[0] as number), /reads the value of a tensor/],
  'arraySync of a result': [(x) => x.mul(x.add(1).arraySync() as number[]), /reads the value of a tensor/],
  bufferSync: [(x) => x.mul(x.bufferSync().get(0)), /reads the value of a tensor/],
  'toString()': [(x) => x.mul(x.toString().length), /reads the value of a tensor/],
  'dataSync inside try': [
    (x) => {
      try {
        return x.mul(x.dataSync()[0] as number);
      } catch {
        return x.mul(100);
      }
    },
    /reads the value of a tensor/,
  ],
  'data() that nobody awaits': [
    (x) => {
      void x.data();
      return x.mul(2);
    },
    /reads the value of a tensor/,
  ],
  unique: [(x) => tf.unique(x as tf.Tensor1D).values, /shape of what Unique\w* returns depends on values/],
  'a drawn number': [(x) => x.mul(Math.random() * 0 + 2), /Math\.random/],
  multinomial: [
    (x) => x.add(tf.multinomial(tf.zeros([2]) as tf.Tensor1D, 2).mul(0)),
    /multinomial|Multinomial/,
  ],
};

describe('what no graph can hold runs eagerly, with one note a function', () => {
  it.each(Object.entries(READS))('%s', (name, [fn, reason]) => {
    const compiled = compile(fn, undefined, { after: 0, name });
    const x = tf.tensor1d([2, 3]);
    for (let i = 0; i < 3; i++) expectClose(compiled(x), fn(x));
    expect(infoOf(name).eager).toMatch(reason);
    expect(infoOf(name).graphs).toEqual([]);
    expect(warnings()).toHaveBeenCalledTimes(1);
    expect(warnings().mock.calls[0]?.[0]).toMatch(`losslab: ${name} runs eagerly, since `);
  });

  it.each(['used before', 'never used'])('a captured tensor’s value, %s', (state) => {
    const c = outside();
    if (state === 'used before') c.add(1);
    const fn = compile((x: tf.Tensor) => x.mul(c.dataSync()[0] as number), undefined, {
      after: 0,
      name: `captured value ${state}`,
    });
    expect(Array.from(fn(tf.ones([1])).dataSync())).toEqual([2]);
    expect(infoOf(`captured value ${state}`).eager).toMatch(/reads the value/);
  });

  it('a captured variable’s value: it is read anew at each call', () => {
    const v = tf.variable(tf.scalar(2));
    const fn = compile((x: tf.Tensor) => x.mul(v.dataSync()[0] as number), undefined, { after: 0 });
    expect(fn(tf.scalar(1)).dataSync()[0]).toBe(2);
    v.assign(tf.scalar(3));
    expect(fn(tf.scalar(1)).dataSync()[0]).toBe(3);
  });

  it('async functions: they are not even tried', async () => {
    let runs = 0;
    const fn = compile(
      async (x: tf.Tensor) => {
        runs++;
        await Promise.resolve();
        return x.add(1);
      },
      [tf.ones([1])],
      { name: 'async' },
    );
    expect(runs).toBe(0);
    for (let i = 0; i < 3; i++) expectEqual(await fn(tf.ones([1])), tf.fill([1], 2));
    expect(warnings()).toHaveBeenCalledTimes(1);
    expect(infoOf('async').eager).toBe('it is async');
  });

  it('functions that return a promise, also one that is rejected', async () => {
    const fn = compile((x: tf.Tensor) => Promise.reject(new Error(`no ${x.rank}`)), undefined, { after: 0 });
    await expect(fn(tf.ones([1]))).rejects.toThrow('no 1');
    await expect(fn(tf.ones([1]))).rejects.toThrow('no 1');
    expect(warnings()).toHaveBeenCalledTimes(1);
  });

  it('strings', () => {
    const fn = compile((x: tf.Tensor) => [x, tf.tensor1d(['a'])], undefined, { after: 0, name: 'strings' });
    expect((fn(tf.ones([1])) as tf.Tensor[])[1]?.dtype).toBe('string');
    expect(infoOf('strings').eager).toBe('it uses tensors of strings');
  });
});

describe('what only looks like a read is recorded', () => {
  it('the value of a number made inside', () => {
    const fn = compile((x: tf.Tensor) => x.mul(tf.scalar(3).dataSync()[0] as number), [tf.ones([1])], {
      name: 'own constant',
    });
    expect(fn(tf.ones([1])).dataSync()[0]).toBe(3);
    expect(infoOf('own constant').eager).toBeUndefined();
  });

  it('gather by traced indices; out of range at a later call is an error, and the session goes on', () => {
    const table = tensor([5, 3]);
    const fn = compile((at: tf.Tensor) => tf.gather(table, at.add(tf.scalar(1, 'int32'))), undefined, {
      after: 0,
      name: 'gather',
    });
    const at = (...list: number[]): tf.Tensor => tf.tensor1d(list, 'int32');
    expectEqual(fn(at(0, 3, 1)), tf.gather(table, at(1, 4, 2)));
    expect(infoOf('gather').eager).toBeUndefined();
    for (let i = 0; i < 3; i++) expect(() => fn(at(0, 4, 1))).toThrow(/GatherV2.*(not in|out of)/);
    expectEqual(fn(at(2, 2, 2)), tf.gather(table, at(3, 3, 3)));
  });

  it('the gradient of an embedding', () => {
    const loss = (table: tf.Tensor, at: tf.Tensor): tf.Tensor => {
      const f = (w: tf.Tensor) => tf.gather(w, at).square().sum() as tf.Scalar;
      return tf.grad(f)(table);
    };
    const fn = compile(loss, undefined, { after: 0, name: 'embedding' });
    const [table, at] = [tensor([5, 3]), tf.tensor1d([0, 3, 3], 'int32')];
    expectClose(fn(table, at), loss(table, at));
    expect(infoOf('embedding').eager).toBeUndefined();
  });

  it('an embedding layer with a mask into an LSTM', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 7, outputDim: 4, maskZero: true, inputLength: 5 }),
        tf.layers.lstm({ units: 3 }),
      ],
    });
    const words = tf.tensor2d([1, 2, 3, 0, 0, 4, 5, 6, 1, 0], [2, 5], 'int32');
    const fn = compile((x: tf.Tensor) => model.apply(x) as tf.Tensor, [words], { name: 'masked LSTM' });
    expectClose(fn(words), model.apply(words) as tf.Tensor);
    expect(infoOf('masked LSTM').eager).toBeUndefined();
  });
});

describe('in float64 there is no eager way: a TypeError says why', () => {
  it.each(Object.entries(READS))('%s', (name, [fn, reason]) => {
    const compiled = compile(fn, undefined, { precision: 'float64' as 'float32', name });
    const call = () => compiled(Float64Array.of(2, 3) as unknown as tf.Tensor);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(reason);
  });
});
