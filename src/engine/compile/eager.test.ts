import { beforeAll, describe, expect, it } from 'vitest';
import { watchWarnings } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

watchWarnings();

const tensors = (): number => tf.memory().numTensors;

describe('a call that runs eagerly leaves what it returns and nothing else', () => {
  it.each([
    ['before the trace', (y: tf.Tensor) => y.mul(2).add(1)],
    [
      'since it reads a value',
      (y: tf.Tensor) => {
        const t = y.mul(2);
        t.dataSync();
        return t.add(1);
      },
    ],
  ])('%s', (_, fn) => {
    const [compiled, x] = [compile(fn), tf.ones([2])];
    const before = tensors();
    for (let i = 1; i < 4; i++) {
      const y = compiled(x);
      expect(Array.from(y.dataSync())).toEqual([3, 3]);
      y.dispose();
      expect(tensors()).toBe(before);
    }
  });

  it('an argument that is returned stays the caller’s', () => {
    const [compiled, x] = [compile((y: tf.Tensor) => ({ y, z: y.mul(2).mul(2) })), tf.ones([2])];
    const { y, z } = compiled(x);
    expect(y).toBe(x);
    expect([...x.dataSync(), ...z.dataSync()]).toEqual([1, 1, 4, 4]);
  });

  it('typed arrays in and out, and errors', () => {
    const compiled = compile(
      (y: tf.Tensor) => {
        if (y.mul(2).dataSync()[0] === 2) throw new Error('two');
        return y.add(1).add(1);
      },
      undefined,
      { arrays: true, after: 0 },
    ) as unknown as (y: Float32Array) => Float32Array;
    const before = tensors();
    for (let i = 0; i < 3; i++) {
      expect(compiled(Float32Array.of(5))).toEqual(Float32Array.of(7));
      expect(() => compiled(Float32Array.of(1))).toThrow('two');
    }
    expect(tensors()).toBe(before);
  });

  it('but for an async function, whose tensors live on', async () => {
    const compiled = compile(async (y: tf.Tensor) => {
      const t = y.mul(2);
      await Promise.resolve();
      return t.add(1);
    });
    expect(Array.from((await compiled(tf.ones([1]))).dataSync())).toEqual([3]);
  });

  it('gradients through it are right', () => {
    const compiled = compile((y: tf.Tensor) => y.square().mul(y).sum() as tf.Scalar);
    expect(
      Array.from(
        tf
          .grad(compiled)(tf.tensor1d([2, 3]))
          .dataSync(),
      ),
    ).toEqual([12, 27]);
  });
});
