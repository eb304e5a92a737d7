import { afterAll, describe, expect, it, vi } from 'vitest';
import { tf } from '../backend';
import { openPool } from '../pool';
import { compile } from './compile';
import { remote } from './remote';

const pool = openPool({ processes: 2 });
afterAll(() => pool.close());

const w = tf.randomNormal([400, 300], 0, 1, 'float32', 1) as tf.Tensor2D;
/** Enough work that a child is worth it. */
const forward = (x: tf.Tensor2D, c: tf.Tensor1D, times: number): { sum: tf.Tensor; rows: tf.Tensor } => {
  const y = tf.tanh(tf.matMul(tf.mul(x, tf.sum(c)), w));
  return { sum: tf.mul(tf.sum(y), times), rows: tf.mean(y, 1) };
};
const x = tf.randomNormal([500, 400], 0, 1, 'float32', 2) as tf.Tensor2D;
const argsOf = (i: number) => [x, Float32Array.of(0.001 * i, 0.01), 2] as const;

describe('a compiled function in the hands of a pool', () => {
  it('gives what it gives here, call by call, and sends what comes again once', async () => {
    const compiled = compile(forward as never, [x, tf.tensor1d([0, 0]), 2] as never, {
      arrays: true,
    }) as never;
    const shipped = remote(pool, compiled, argsOf(0));
    const results = (await shipped?.map(600, argsOf)) as { sum: Float32Array; rows: Float32Array }[];
    expect(results).toHaveLength(600);
    for (const i of [0, 1, 299, 599]) {
      const here = (compiled as (...args: unknown[]) => { sum: Float32Array; rows: Float32Array })(
        ...argsOf(i),
      );
      expect(results[i]?.rows).toEqual(here.rows);
      expect(results[i]?.sum).toEqual(here.sum);
    }
    // Under load the child may come up after the last call.
    await vi.waitFor(() => expect(pool.children()).toHaveLength(1), 5000);
    shipped?.dispose();
  });

  it('is none where the function draws, assigns or cannot be traced', () => {
    const v = tf.variable(tf.scalar(1));
    const functions: ((x: tf.Tensor) => tf.Tensor)[] = [
      (x) => tf.add(x, tf.randomNormal([2])),
      (x) => {
        v.assign(tf.add(v, 1) as tf.Scalar);
        return tf.mul(x, v);
      },
      (x) => tf.scalar(x.dataSync()[0] as number),
    ];
    for (const one of functions) {
      const compiled = compile(one, [tf.tensor1d([1, 2])]);
      expect(remote(pool, compiled, [tf.tensor1d([1, 2])])).toBeUndefined();
      compiled.dispose();
    }
    v.dispose();
  });
});
