import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectClose, expectEqual, infoOf, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { hessianVectorProducts } from '../secondOrder';
import { compile } from './compile';

beforeAll(ready);
afterEach(async () => {
  await tf.setBackend('tensorflow');
});

const cube = (x: tf.Tensor): tf.Tensor => x.mul(x).mul(x).sum();

describe('inside a gradient a compiled function runs as it is', () => {
  it('so that its gradient is that of the function', () => {
    const fn = compile(cube, [tf.ones([3])]);
    const x = tf.tensor1d([1, 2, 3]);
    const grad = tf.grad((t) => fn(t) as tf.Scalar)(x);
    expect(Array.from(grad.dataSync())).toEqual([3, 12, 27]);
    const { products } = hessianVectorProducts(() => fn(x) as tf.Scalar, [x], [[tf.ones([3])]]);
    expect(Array.from(products[0]?.[0]?.dataSync() ?? [])).toEqual([6, 12, 18]);
  });

  it('also in model.fit’s loss and in variableGrads', () => {
    const fn = compile((w: tf.Tensor) => cube(w), [tf.ones([2])]);
    const w = tf.variable(tf.tensor1d([1, 2]));
    const { grads } = tf.variableGrads(() => fn(w) as tf.Scalar, [w]);
    expect(Array.from(grads[w.name]?.dataSync() ?? [])).toEqual([3, 12]);
  });

  it('and a gradient taken inside a compiled function is compiled with it', () => {
    const inner = compile(cube, [tf.ones([3])]);
    const fn = compile((x: tf.Tensor) => tf.grad((t) => inner(t) as tf.Scalar)(x), [tf.ones([3])], {
      name: 'gradient of compiled',
    });
    expect(Array.from(fn(tf.tensor1d([1, 2, 3])).dataSync())).toEqual([3, 12, 27]);
    expect(infoOf('gradient of compiled').graphs).toHaveLength(1);
  });
});

describe('inside another compiled function', () => {
  it('it becomes part of that graph', () => {
    let runs = 0;
    const inner = compile(
      (x: tf.Tensor) => {
        runs++;
        return x.add(1);
      },
      [tf.ones([2])],
    );
    const outer = compile((x: tf.Tensor) => inner(inner(x)).mul(2), [tf.ones([2])], { name: 'outer' });
    expect(runs).toBe(3);
    inner.dispose();
    for (let i = 0; i < 3; i++) expectEqual(outer(tf.ones([2])), tf.fill([2], 6));
    expect(runs).toBe(3);
    expect(infoOf('outer').graphs).toHaveLength(1);
  });
});

describe('on another backend', () => {
  it('a compiled function runs eagerly, gives the same, and is a graph again afterwards', async () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    const outside = tf.tensor1d([1, 1, 2]);
    let runs = 0;
    const fn = compile(
      (x: tf.Tensor) => {
        runs++;
        return x.mul(w).add(outside);
      },
      [tf.ones([3])],
    );
    const x = tensor([3]);
    const wanted = tf.tensor(fn(x).dataSync());
    expect(runs).toBe(1);
    await tf.setBackend('cpu');
    expectClose(fn(x), wanted);
    expect(runs).toBe(2);
    await tf.setBackend('tensorflow');
    expectClose(fn(x), wanted);
    expect(runs).toBe(2);
    w.assign(tf.zeros([3]));
    expectEqual(fn(x), tf.tensor(outside.dataSync()));
  });

  it('it takes typed arrays, draws from its seed, and is disposed', async () => {
    const fn = compile((x: tf.Tensor) => x.add(tf.randomUniform([3])), [tf.ones([3])], { seed: 5 });
    const again = compile((x: tf.Tensor) => x.add(tf.randomUniform([3])), [tf.ones([3])], { seed: 5 });
    const native = [fn(tf.zeros([3])), fn(tf.zeros([3]))].map((t) => tf.tensor(t.dataSync()));
    await tf.setBackend('cpu');
    const zeros = new Float32Array(3) as unknown as tf.Tensor;
    for (const wanted of native) expectEqual(again(zeros), wanted);
    fn.dispose();
    again.dispose();
  });

  it('a function of float64 says that it cannot', async () => {
    const fn = compile(cube, [tf.ones([3])], { precision: 'float64', name: 'cube' });
    await tf.setBackend('cpu');
    expect(() => fn(Float64Array.of(1, 2, 3))).toThrow(
      /cube computes in float64, which needs the native backend/,
    );
  });
});
