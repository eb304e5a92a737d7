import { beforeAll, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

const double = (x: tf.Tensor): tf.Tensor => x.mul(2);

describe('a compiled function is typed as what it takes and gives', () => {
  it('typed arrays where they are asked for', () => {
    const fn = compile(double, [tf.ones([2])], { arrays: true });
    expectTypeOf(fn(tf.ones([2]))).toEqualTypeOf<Float32Array | Int32Array | Uint8Array>();
    expect(fn(tf.ones([2]))).toEqual(Float32Array.of(2, 2));
    expectTypeOf(compile(double)(tf.ones([2]))).toEqualTypeOf<tf.Tensor>();
  });

  it('doubles in float64, without examples too', () => {
    const fn = compile(double, undefined, { precision: 'float64' });
    expectTypeOf(fn(Float64Array.of(0.1))).toEqualTypeOf<Float64Array>();
    expect(fn(Float64Array.of(0.1))).toEqual(Float64Array.of(0.2));
  });

  it('whole numbers of a float64 function come as tensors', () => {
    const at = tf.tensor1d([1, 0], 'int32');
    const fn = compile((x: tf.Tensor, i: tf.Tensor) => ({ picked: x.gather(i) }), [tf.ones([2]), at], {
      precision: 'float64',
    });
    expect(fn(Float64Array.of(0.1, 0.2), at)).toEqual({ picked: Float64Array.of(0.2, 0.1) });
  });
});

it('the note on a function that reads values says what that does to gradients', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const fn = compile((x: tf.Tensor) => x.mul(x.dataSync()[0] as number), undefined, { after: 0 });
  fn(tf.ones([1]));
  expect(warn.mock.calls[0]?.[0]).toMatch(
    /reads the value of a tensor .*, through which no derivative goes$/,
  );
  warn.mockRestore();
});
