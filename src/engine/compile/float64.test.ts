import { beforeAll, describe, expect, it, vi } from 'vitest';
import { infoOf, numbers, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

/** Of the order of one, and the same each time. */
const points = Float64Array.from({ length: 40 }, (_, i) => (i - 19.5) / 4 + 1e-9 * i);

function inDouble(fn: (x: tf.Tensor) => tf.Tensor, x = points, name = 'in double'): Float64Array {
  return compile(fn, [tf.tensor1d(Float32Array.from(x))], { precision: 'float64', name })(x);
}

function expectWithin(got: ArrayLike<number>, wanted: (x: number) => number, relative = 1e-15): void {
  Array.from(points).forEach((x, i) => {
    const error = Math.abs((got[i] as number) - wanted(x));
    expect(error, `at ${x}`).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(wanted(x))));
  });
}

/** erf by its series and continued fraction, to the last digits. */
function erf(x: number): number {
  if (Math.abs(x) > 1.5) return Math.sign(x) * (1 - erfcFraction(Math.abs(x)));
  let [term, sum] = [x, x];
  for (let n = 1; n < 90; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function erfcFraction(x: number): number {
  let fraction = x;
  for (let k = 300; k > 0; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

describe('float64 restores what JavaScript wrote', () => {
  it('short decimals, √½, thirds', () => {
    expectWithin(
      inDouble((x) => x.mul(0.1)),
      (x) => x * 0.1,
    );
    expectWithin(
      inDouble((x) => x.mul(Math.SQRT1_2)),
      (x) => x * Math.SQRT1_2,
    );
    expectWithin(
      inDouble((x) => x.add(tf.tensor1d([1 / 3]))),
      (x) => x + 1 / 3,
    );
    expectWithin(
      inDouble((x) => x.mul(tf.scalar(1e-300)).mul(1e300)),
      (x) => x,
      1e-14,
    );
  });

  it('leakyRelu’s attribute', () => {
    expectWithin(
      inDouble((x) => tf.leakyRelu(x, 0.3)),
      (x) => (x > 0 ? x : 0.3 * x),
    );
    expectWithin(
      inDouble((x) => tf.leakyRelu(x)),
      (x) => (x > 0 ? x : 0.2 * x),
    );
    expectWithin(
      inDouble((x) => tf.grad((t) => tf.leakyRelu(t, 0.3).sum())(x)),
      (x) => (x > 0 ? 1 : 0.3),
    );
  });

  it('SELU’s two constants', () => {
    const [alpha, scale] = [1.7580993408473768, 1.0507009873554805];
    expectWithin(
      inDouble((x) => tf.selu(x)),
      (x) => (x > 0 ? scale * x : alpha * Math.expm1(x)),
      4e-16,
    );
    expectWithin(
      inDouble((x) => tf.grad((t) => tf.selu(t).sum())(x)),
      (x) => (x > 0 ? scale : alpha * Math.exp(x)),
      4e-16,
    );
  });

  it('gelu and its tanh form, as layers and as functions', () => {
    const gelu = (x: tf.Tensor): tf.Tensor => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1));
    expectWithin(inDouble(gelu), (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)));
    const layer = tf.layers.activation({ activation: 'gelu' });
    expectWithin(
      inDouble((x) => layer.apply(x) as tf.Tensor),
      (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
    );
    const fast = tf.layers.activation({ activation: 'gelu_new' });
    const inner = (x: number): number => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
    expectWithin(
      inDouble((x) => fast.apply(x) as tf.Tensor),
      (x) => 0.5 * x * (1 + Math.tanh(inner(x))),
    );
  });

  it('tanh, sigmoid, softplus, elu, swish and mish', () => {
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    expectWithin(inDouble(tf.tanh), Math.tanh, 4e-16);
    expectWithin(inDouble(tf.sigmoid), sigmoid, 4e-16);
    expectWithin(inDouble(tf.softplus), softplus, 1e-15);
    expectWithin(inDouble(tf.elu), (x) => (x > 0 ? x : Math.expm1(x)), 4e-16);
    expectWithin(
      inDouble((x) => x.mul(x.sigmoid())),
      (x) => x * sigmoid(x),
      4e-16,
    );
    expectWithin(
      inDouble((x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
      (x) => x * Math.tanh(softplus(x)),
      1e-15,
    );
  });

  it('losses with an epsilon of their own: logLoss at its true 1e-7', () => {
    const fn = compile((p: tf.Tensor) => tf.losses.logLoss(tf.ones([3]), p) as tf.Tensor, [tf.ones([3])], {
      precision: 'float64',
      name: 'logLoss',
    });
    const p = [0.3, 0.5, 0.9];
    const wanted = p.reduce((sum, x) => sum - Math.log(x + 1e-7) / 3, 0);
    expect(fn(Float64Array.from(p))[0]).toBeCloseTo(wanted, 15);
  });
});

describe('float64 takes and returns', () => {
  it('doubles exactly: the smallest, the largest, −0, ∞ and NaN', () => {
    const x = Float64Array.of(5e-324, 1.7976931348623157e308, -0, Infinity, Number.NaN, Math.PI);
    expect(Array.from(inDouble((t) => t.mul(1), x))).toEqual(Array.from(x));
  });

  it('results that the caller owns: a source changed after the call changes none', () => {
    const x = Float64Array.from({ length: 512 }, () => 1);
    const fn = compile((t: tf.Tensor) => t, [tf.ones([512])], { precision: 'float64' });
    const result = fn(x);
    x.fill(7);
    expect(result.every((value) => value === 1)).toBe(true);
  });

  it('arrays that lie at an odd place of their buffer', () => {
    const buffer = new ArrayBuffer(8 * 6);
    const view = new Float64Array(buffer, 8, 3);
    view.set([0.1, 0.2, 0.3]);
    const fn = compile((t: tf.Tensor) => t.mul(3), [tf.ones([3])], { precision: 'float64' });
    expect(Array.from(fn(view))).toEqual([0.1 * 3, 0.2 * 3, 0.3 * 3]);
  });

  it('tensors and Float32Arrays as what they are; int32 and bool as Int32Array and Uint8Array', () => {
    const fn = compile(
      (x: tf.Tensor, at: tf.Tensor) => ({
        y: x.gather(at),
        at: at.mul(tf.scalar(2, 'int32')),
        big: x.greater(0.15),
      }),
      [tensor([3]), tf.tensor1d([0, 0], 'int32')],
      { precision: 'float64', name: 'mixed' },
    ) as unknown as (...args: unknown[]) => Record<'y' | 'at' | 'big', unknown>;
    const at = tf.tensor1d([2, 1], 'int32');
    const got = fn(Float64Array.of(0.1, 0.2, 0.3), at);
    expect(got).toEqual({
      y: Float64Array.of(0.3, 0.2),
      at: Int32Array.of(4, 2),
      big: Uint8Array.of(0, 1, 1),
    });
    expect(fn(Float32Array.of(0.1, 0.2, 0.3), at).y).toEqual(
      Float64Array.of(Math.fround(0.3), Math.fround(0.2)),
    );
    expect(fn(tf.tensor1d([0.1, 0.2, 0.3]), at).y).toEqual(
      Float64Array.of(Math.fround(0.3), Math.fround(0.2)),
    );
  });

  it('products and gradients to the last digits: ½ xᵀAx', () => {
    const a = Float64Array.from(numbers(16), (x) => x / 3);
    const x = Float64Array.from(numbers(4, 2), (v) => v / 7);
    const fn = compile(
      (matrix: tf.Tensor, at: tf.Tensor) =>
        tf.grad((t) =>
          tf
            .matMul(t.reshape([1, 4]), tf.matMul(matrix as tf.Tensor2D, t.reshape([4, 1])))
            .sum()
            .div(2),
        )(at),
      [tensor([4, 4]), tensor([4])],
      { precision: 'float64' },
    );
    const got = fn(a, x);
    for (let i = 0; i < 4; i++) {
      let wanted = 0;
      for (let j = 0; j < 4; j++) wanted += ((a[4 * i + j]! + a[4 * j + i]!) / 2) * x[j]!;
      expect(got[i]).toBeCloseTo(wanted, 15);
    }
  });

  it('draws of float32, the same in both precisions', () => {
    const fn = (x: tf.Tensor): tf.Tensor => x.add(tf.randomUniform([40]));
    const single = compile(fn, [tf.zeros([40])], { seed: 3 });
    const double = compile(fn, [tf.zeros([40])], { seed: 3, precision: 'float64' });
    const zeros = new Float64Array(40);
    expect(Array.from(double(zeros))).toEqual(Array.from(single(tf.zeros([40])).dataSync()));
  });
});

describe('what float64 cannot do is said', () => {
  it('constants that are known as floats only: one warning and engineInfo()', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const single = Float32Array.of(0.1, 0.25);
    inDouble((x) => x.mul(tf.tensor1d(single).sum()), points, 'rounded');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(
      /rounded in float64 uses numbers of which only the float32 value is known/,
    );
    expect(infoOf('rounded').graphs[0]?.rounded[0]).toBe(Math.fround(0.1));
    warn.mockRestore();
  });

  it('only those numbers are named, once each: not what floats hold exactly, nor captured data', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const data = tf.tensor1d(Float32Array.of(0.3, 0.7, 0.9));
    const mixed = Float32Array.of(1, 0, 0.5, 0.1, 0.1, 0.2, 2 ** 20, Number.POSITIVE_INFINITY);
    const fn = (x: tf.Tensor): tf.Tensor =>
      x
        .mul(data.sum())
        .mul(tf.tensor1d(mixed).slice(3, 3).sum())
        .mul(tf.tensor1d(Float32Array.of(0, 1, 0.25)).sum());
    inDouble(fn, points, 'partly rounded');
    expect(infoOf('partly rounded').graphs[0]?.rounded).toEqual([0.1, 0.2].map(Math.fround));
    expect(warn.mock.calls[0]?.[0]).toContain(`known: ${Math.fround(0.1)}, ${Math.fround(0.2)}. Write`);
    warn.mockRestore();
  });

  it('captured data alone is not spoken of: what it holds is what it is', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const data = tf.tensor1d(Float32Array.of(0.3, 0.7, 0.9));
    inDouble((x) => x.mul(data.sum()), points, 'captured data');
    expect(warn).not.toHaveBeenCalled();
    expect(infoOf('captured data').graphs[0]?.rounded).toEqual([]);
    warn.mockRestore();
  });

  it('ops without a kernel for doubles: a TypeError that names them', () => {
    const images = tensor([1, 4, 4, 2]) as tf.Tensor4D;
    const box = [[0, 0, 0.5, 0.5]];
    const cases: [string, (x: tf.Tensor) => tf.Tensor][] = [
      ['CropAndResize', (x) => tf.image.cropAndResize(x as tf.Tensor4D, box, [0], [2, 2])],
      ['MaxPool3D', (x) => tf.maxPool3d(x.reshape([1, 2, 2, 2, 4]), 2, 1, 'same')],
    ];
    for (const [op, fn] of cases) {
      const call = () => {
        const compiled = compile(fn, [images], { precision: 'float64' });
        compiled(new Float64Array(32));
      };
      expect(call, op).toThrow(TypeError);
      expect(call, op).toThrow(`${op} has no kernel for double; use float32`);
    }
  });

  it('a wrong number of doubles: a RangeError, and the next call works', () => {
    const fn = compile((x: tf.Tensor) => x.sum(), [tensor([3, 2])], { precision: 'float64' });
    expect(() => fn(new Float64Array(5))).toThrow(RangeError);
    expect(fn(Float64Array.of(1, 2, 3, 4, 5, 6))[0]).toBe(21);
  });
});
