import { describe, expect, it } from 'vitest';
import { tf } from '../engine';
import { lossFrom } from '.';

const bowl = () =>
  lossFrom((p) => p.w.square().sum().mul(0.5), { w: [3] }, { init: Float32Array.of(1, 2, 3) });
const x = [
  [1, 2],
  [3, 4],
  [5, 6],
  [7, 8],
];
const y = [[1], [2], [3], [5]];
const linear = (batchSize?: number) =>
  lossFrom(
    (p, { x, y }) => tf.matMul(x, p.W).add(p.b).sub(y).square().mean(),
    { W: [2, 1], b: [1] },
    { data: { x, y }, ...(batchSize ? { batchSize } : {}) },
  );

describe('lossFrom', () => {
  it('is the function of its named tensors', async () => {
    const loss = bowl();
    expect(loss.params()).toEqual(Float32Array.of(1, 2, 3));
    expect(await loss.value(Float32Array.of(1, 2, 3))).toBe(7);
    expect(await loss.gradient(Float64Array.of(4, 5, 6))).toEqual({
      value: 38.5,
      gradient: Float32Array.of(4, 5, 6),
    });
    expect(await loss.values([Float32Array.of(0, 0, 0), Float32Array.of(2, 0, 0)])).toEqual(
      Float64Array.of(0, 2),
    );
    expect(loss.description).toMatchObject({ samples: 0, parameters: 3 });
  });

  it('gives parameters their shapes, in the order of their names', async () => {
    const seen: Record<string, number[]> = {};
    const loss = lossFrom(
      (p) => {
        for (const [name, tensor] of Object.entries(p)) seen[name] = tensor.shape;
        return p.s.mul(p.W.sum());
      },
      { W: [2, 2], b: [2], s: [] },
      { init: Float32Array.of(1, 2, 3, 4, 0, 0, 2) },
    );
    expect(await loss.value(loss.params())).toBe(20);
    expect(seen).toEqual({ W: [2, 2], b: [2], s: [] });
    expect(loss.layout.params.map(({ role }) => role)).toEqual(['kernel', 'bias', 'bias']);
  });

  it('has gradient zero by what it does not use', async () => {
    const loss = lossFrom(
      (p) => p.a.square().sum(),
      { a: [1], unused: [2] },
      { init: Float32Array.of(3, 1, 1) },
    );
    expect((await loss.gradient(loss.params())).gradient).toEqual(Float32Array.of(6, 0, 0));
  });

  it('gets its data by batch, by name or as a list', async () => {
    const theta = Float32Array.of(0, 0, 0);
    const mean = (...labels: number[]) => labels.reduce((sum, label) => sum + label ** 2, 0) / labels.length;
    expect(await linear().value(theta)).toBeCloseTo(mean(1, 2, 3, 5), 5);
    expect(await linear().value(theta, [1, 3])).toBeCloseTo(mean(2, 5), 5);
    const listed = lossFrom(
      (p, [x, y]) => tf.matMul(x, p.W).sub(y).square().mean(),
      { W: [2, 1] },
      { data: [x, y] },
    );
    expect(await listed.value(Float32Array.of(0, 0), [0])).toBeCloseTo(1, 6);
  });

  it('is the same in pieces of three rows', async () => {
    const theta = Float32Array.of(0.1, -0.2, 0.3);
    const [one, pieces] = [await linear().gradient(theta), await linear(3).gradient(theta)];
    expect(pieces.value).toBeCloseTo(one.value, 5);
    pieces.gradient.forEach((g, k) => {
      expect(g).toBeCloseTo(one.gradient[k] as number, 4);
    });
  });

  it('starts Glorot uniform with zero biases, by the seed', () => {
    const loss = lossFrom((p) => p.W.sum().add(p.b.sum()), { W: [30, 20], b: [20] }, { seed: 4 });
    const theta = loss.params();
    const bound = Math.sqrt(6 / 50);
    expect(Math.max(...theta)).toBeLessThanOrEqual(bound);
    expect(theta.reduce((sum, w) => sum + w * w, 0) / 600).toBeCloseTo(bound ** 2 / 3, 2);
    expect(new Set(theta.subarray(600))).toEqual(new Set([0]));
    expect(loss.params({ seed: 4 })).toEqual(theta);
    expect(loss.params({ seed: 0 })).toEqual(loss.params({ seed: 0 }));
    expect(loss.params({ seed: 0 })).not.toEqual(loss.params({ seed: 1 }));
  });

  it('starts where init says: by name, or drawn from the seed', () => {
    const named = lossFrom(
      (p) => p.W.sum(),
      { W: [2, 2], b: [1] },
      {
        init: {
          W: [
            [1, 2],
            [3, 4],
          ],
          b: tf.tensor1d([5]),
        },
      },
    );
    expect(named.params()).toEqual(Float32Array.of(1, 2, 3, 4, 5));
    const drawn = lossFrom((p) => p.a, { a: [] }, { init: (seed) => Float32Array.of(seed) });
    expect([drawn.params()[0], drawn.params({ seed: 9 })[0]]).toEqual([0, 9]);
  });

  it('remembers what was assigned, as its own copy', () => {
    const loss = bowl();
    const theta = Float32Array.of(7, 8, 9);
    loss.assign(theta);
    theta.fill(0);
    expect(loss.params()).toEqual(Float32Array.of(7, 8, 9));
    loss.params().fill(1);
    expect(loss.params()).toEqual(Float32Array.of(7, 8, 9));
  });

  it('leaves no tensor behind, not even when the function throws', async () => {
    const loss = linear();
    const failing = lossFrom(
      (p) => {
        p.a.tanh().square();
        throw new Error('no');
      },
      { a: [2] },
    );
    const tensors = tf.memory().numTensors;
    const theta = loss.params({ seed: 1 });
    await loss.value(theta, [0, 2]);
    await loss.gradient(theta);
    await expect(failing.value(failing.params())).rejects.toThrow('no');
    await expect(failing.gradient(failing.params())).rejects.toThrow('no');
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe('lossFrom refuses', () => {
  it('what is no scalar', async () => {
    const wide = lossFrom((p) => p.w, { w: [2] });
    await expect(wide.value(wide.params())).rejects.toThrow(
      'fn must return a scalar, got a tensor of shape [2]',
    );
    const none = lossFrom(() => 3 as unknown as tf.Tensor, { w: [2] });
    await expect(none.value(none.params())).rejects.toThrow('fn must return a scalar tensor, got 3');
    const whole = lossFrom((p) => p.w.sum().toInt(), { w: [2] });
    await expect(whole.gradient(whole.params())).rejects.toThrow(
      'fn must return a float32 scalar, got int32',
    );
  });

  it('shapes, data and initial values that do not fit', () => {
    const fn = (p: Record<string, tf.Tensor>) => tf.sum(p.w as tf.Tensor);
    expect(() => lossFrom(fn, undefined as never)).toThrow('shapes must be an object, such as { w: [2] }');
    expect(() => lossFrom(fn, {})).toThrow('shapes must name at least one parameter');
    expect(() => lossFrom(fn, { w: [2.5] })).toThrow('shapes.w must be a list of integers >= 1, got [2.5]');
    expect(() => lossFrom(fn, { w: [2] }, { init: Float32Array.of(1) })).toThrow(
      'init must have 2 numbers (one per parameter), got 1',
    );
    expect(() => lossFrom(fn, { w: [2] }, { init: { v: [1, 2] } })).toThrow('init.w must be given');
    expect(() => lossFrom(fn, { w: [2] }, { init: { w: [[1, 2]] } })).toThrow(
      'init.w must have the shape [2], got [1, 2]',
    );
    expect(() => lossFrom(fn, { w: [2] }, { data: { x: [1, 2], y: [1] } })).toThrow(
      'data.x and data.y must have equally many rows, got 2 and 1',
    );
    expect(() => lossFrom(fn, { w: [2] }, { seed: 0.5 })).toThrow(RangeError);
    expect(() => lossFrom(fn, { w: [2] }, { inital: 0 } as object)).toThrow(
      'unknown option inital; the options are data, init, seed, batchSize, name',
    );
    expect(() => lossFrom(fn, { w: [2] }, { batchSize: 0 })).toThrow(
      'batchSize must be an integer >= 1, got 0',
    );
  });

  it('a batch of a loss without data', async () => {
    await expect(bowl().value(Float32Array.of(1, 2, 3), [0])).rejects.toThrow('this loss has no data');
  });
});
