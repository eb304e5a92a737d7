import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, infoOf, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { hessianVectorProducts } from '../secondOrder';
import { compile } from './compile';

beforeAll(ready);

/** A small generator of its own (mulberry32): the same programs each time. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Step = (h: tf.Tensor, w: tf.Tensor, pick: (below: number) => number) => tf.Tensor;

/** Of matrices [n, 4] to matrices [n, 4]; w is [4, 4]. */
const STEPS: Record<string, Step> = {
  dense: (h, w) => tf.matMul(h as tf.Tensor2D, w as tf.Tensor2D),
  transposed: (h, w) => tf.matMul(h as tf.Tensor2D, w as tf.Tensor2D, false, true),
  bias: (h, w) => h.add(w.slice([1], [1])),
  relu: (h) => h.relu(),
  tanh: (h) => h.tanh(),
  selu: (h) => h.selu(),
  elu: (h) => h.elu(),
  sigmoid: (h) => h.sigmoid(),
  softplus: (h) => h.softplus(),
  leaky: (h) => h.leakyRelu(0.3),
  square: (h) => h.square().mul(0.1),
  softmax: (h) => h.softmax(),
  centred: (h) => h.sub(h.mean(1, true)),
  scaled: (h) => h.div(h.square().sum().add(1).sqrt()),
  clipped: (h) => h.clipByValue(-0.7, 0.6),
  reshaped: (h) => h.reshape([-1, 2, 2]).transpose([0, 2, 1]).reshape(h.shape),
  joined: (h) => tf.concat([h.slice([0, 0], [-1, 2]), h.slice([0, 2], [-1, 2]).exp().mul(0.2)], 1),
  reversed: (h) => h.reverse(1),
  chosen: (h, w) => tf.where(h.greater(0.05), h, h.mul(w.max())),
  maximum: (h) => tf.maximum(h, h.neg().mul(0.5)),
  padded: (h) =>
    h
      .pad([
        [0, 0],
        [1, 1],
      ])
      .slice([0, 1], [-1, 4]),
  gathered: (h) => tf.gather(h, tf.tensor1d([3, 1, 0, 2], 'int32'), 1),
  absolute: (h) => h.abs().add(0.1).log(),
  tiled: (h) => h.mean(0).reshape([1, 4]).tile([2, 1]).slice([0, 0], [1, 4]).add(h),
  whole: (h) => h.mul(3).round().cast('int32').cast('float32').mul(0.1).add(h),
  counted: (h) => h.mul(h.greater(0).cast('float32').mean()),
  stacked: (h) => tf.stack([h, h.mul(2)]).mean(0),
  spread: (h) =>
    tf
      .unstack(h, 1)
      .reduce((a, b) => a.add(b))
      .expandDims(1)
      .mul(h),
  powered: (h) => h.abs().add(0.5).pow(1.5).mul(0.2),
};
const NAMES = Object.keys(STEPS);

interface Program {
  names: string[];
  run: (x: tf.Tensor, ws: tf.Tensor[]) => tf.Tensor;
}

function program(seed: number): Program {
  const pick = generator(seed);
  const names = Array.from({ length: 3 + pick(8) }, () => NAMES[pick(NAMES.length)] as string);
  const run = (x: tf.Tensor, ws: tf.Tensor[]): tf.Tensor =>
    names.reduce((h, name, i) => (STEPS[name] as Step)(h, ws[i % ws.length] as tf.Tensor, pick), x);
  return { names, run };
}

const weights = (): tf.Tensor[] => [tensor([4, 4], 3), tensor([4, 4], 4)];

describe('compiled equals eager for random programs', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'of seed %i: values and gradients, 6, 3, 1 and 9 rows',
    (seed) => {
      const { names, run } = program(seed);
      const fn = (x: tf.Tensor, ws: tf.Tensor[]): tf.Tensor[] => {
        const { value, grads } = tf.valueAndGrads((...all: tf.Tensor[]) =>
          run(all[0] as tf.Tensor, all.slice(1)).sum(),
        )([x, ...ws]);
        return [run(x, ws), value, ...grads];
      };
      const plain = (x: tf.Tensor, ws: tf.Tensor[]): tf.Tensor[] => [run(x, ws)];
      const differentiable = names.some((name) => name === 'dense' || name === 'transposed');
      const both = names.filter((name) => /dense|transposed|bias|chosen/.test(name)).length;
      const body = differentiable && usesBoth(names) && both > 0 ? fn : plain;
      const compiled = compile(body, undefined, { after: 0, name: `program ${seed}: ${names}` });
      for (const rows of [6, 3, 1, 9]) {
        tf.tidy(() => {
          const [x, ws] = [tensor([rows, 4], rows), weights()];
          const wanted = body(x, ws);
          // Inputs are of order one: where results cancel to nothing, what is left is the rounding of those.
          const most = Math.max(0.1, ...wanted.map((t) => t.abs().max().dataSync()[0] as number));
          compiled(x, ws).forEach((got, i) => {
            const one = tf.scalar(1 / most);
            expectClose(
              tf.concat([got.mul(one).flatten(), tf.ones([1])]),
              tf.concat([(wanted[i] as tf.Tensor).mul(one).flatten(), tf.ones([1])]),
              1e-5,
            );
          });
        });
      }
      expect(infoOf(`program ${seed}: ${names}`).eager).toBeUndefined();
      compiled.dispose();
    },
  );

  it.each(Array.from({ length: 15 }, (_, i) => 100 + i))(
    'of seed %i, in float64: as float32, to its rounding',
    (seed) => {
      const { run, names } = program(seed);
      const double = compile(run, [tensor([5, 4]), weights()], {
        precision: 'float64',
        name: `double ${names}`,
      });
      const [x, ws] = [tensor([5, 4]), weights()];
      const got = double(
        Float64Array.from(x.dataSync()),
        ws.map((w) => Float64Array.from(w.dataSync())),
      );
      // `whole` and comparisons jump: where a float32 rounding crosses a step nothing is promised.
      expectClose(tf.tensor(Float32Array.from(got), [5, 4]), run(x, ws), 1e-4);
      double.dispose();
    },
  );
});

/** Whether every weight matters: tfjs refuses gradients by what does not. */
function usesBoth(names: string[]): boolean {
  const used = new Set(names.flatMap((name, i) => (/dense|transposed|bias/.test(name) ? [i % 2] : [])));
  return used.size === 2;
}

describe('the rewritten gradient of relu', () => {
  it('is that of eager for every finite number, also 0 and −0, at first and second order', () => {
    const x = tf.tensor1d([-2, -0, 0, 1e-30, 3, Infinity, -Infinity]);
    const fn = (t: tf.Tensor): tf.Tensor[] => {
      const grad = tf.grad((u) => u.relu().mul(tf.range(1, 8)).sum())(t);
      const { products } = hessianVectorProducts(
        () => t.relu().square().sum() as tf.Scalar,
        [t],
        [[tf.ones([7])]],
      );
      return [grad, ...(products[0] as tf.Tensor[])];
    };
    const got = compile(fn, [x], { name: 'relu gradient' })(x);
    fn(x).forEach((wanted, i) => {
      expect(Array.from((got[i] as tf.Tensor).dataSync())).toEqual(Array.from(wanted.dataSync()));
    });
  });

  it('keeps a NaN visible: in the value, and in the gradient of what was computed from it', () => {
    const x = tf.tensor1d([Number.NaN, 1]);
    const fn = (t: tf.Tensor): tf.Tensor[] => {
      const square = tf.valueAndGrad((u: tf.Tensor) => u.relu().sub(3).square().sum())(t);
      return [square.value, square.grad, tf.grad((u) => u.relu().sum())(t)];
    };
    const [value, grad, alone] = compile(fn, [x])(x).map((t) => Array.from(t.dataSync()));
    expect(value).toEqual([Number.NaN]);
    expect(grad).toEqual([Number.NaN, -4]);
    // The one difference from eager: TensorFlow's ReluGrad takes NaN for "not above 0", where eager writes NaN.
    expect(alone).toEqual([0, 1]);
    expect(Array.from((fn(x)[2] as tf.Tensor).dataSync())).toEqual([Number.NaN, 1]);
  });
});
