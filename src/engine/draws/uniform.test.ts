import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { afterAll, describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { wasmFolder } from '../node';
import { philoxUniform } from './philox';
import { statelessUniform } from './uniform';

const started = tf.getBackend();
afterAll(() => void tf.setBackend(started));

type Seed = [number, number];
const seeds: Seed[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [-1, 5],
  [7, -123456789],
  [2 ** 31 - 1, -(2 ** 31)],
];
const shapes = [[], [1], [3], [4], [5], [0], [2, 3], [7, 1, 5], [64, 33], [3, 2, 2, 2, 2]];

function uniform(shape: number[], seed: Seed): Float32Array {
  // Not read inside tf.tidy, which would walk over every number.
  const at = tf.tensor1d(seed, 'int32');
  const draw = statelessUniform(shape, at);
  const values = draw.dataSync().slice() as Float32Array;
  tf.dispose([at, draw]);
  return values;
}

const PRINTED = [7080492, 1610993, 8356926, 1345427, 2281619];

const all = () => seeds.flatMap((seed) => shapes.map((shape) => uniform(shape, seed)));

function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  const list = Array.from(values);
  const mean = list.reduce((sum, u) => sum + u, 0) / list.length;
  return { mean, variance: list.reduce((sum, u) => sum + (u - mean) ** 2, 0) / list.length };
}

describe('stateless uniform draws', () => {
  it.runIf(started === 'tensorflow')('have the same bits on TensorFlow, cpu and WebAssembly', async () => {
    const native = all();
    setWasmPaths(wasmFolder());
    for (const backend of ['cpu', 'wasm']) {
      expect(await tf.setBackend(backend)).toBe(true);
      expect(all()).toEqual(native);
    }
    await tf.setBackend(started);
  });

  it.runIf(started === 'tensorflow')('have them for a tensor TensorFlow fills with several threads', () => {
    const [ours, theirs] = [philoxUniform([3, 4], 1_000_003), uniform([1_000_003], [3, 4])];
    expect(ours.findIndex((u, i) => u !== theirs[i])).toBe(-1);
  });

  it('begin with the mantissas that TensorFlow 2.21 prints for the seed (1, 2)', () => {
    expect(Array.from(philoxUniform([1, 2], 5), (u) => u * 2 ** 23)).toEqual(PRINTED);
  });

  it('fill [0, 1) evenly: mean, variance and Kolmogorov-Smirnov distance', () => {
    const n = 100_000;
    const values = uniform([n], [11, 12]).sort();
    const { mean, variance } = moments(values);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
    const distance = values.reduce((far, u, i) => Math.max(far, Math.abs(u - (i + 0.5) / n)), 0);
    // P(√n·D > 1.95) < 0.001
    expect(distance * Math.sqrt(n)).toBeLessThan(1.95);
    expect(values[0]).toBeGreaterThanOrEqual(0);
    expect(values[n - 1]).toBeLessThan(1);
  });

  it('of neighbouring seeds are uncorrelated', () => {
    const n = 50_000;
    const first = uniform([n], [5, 5]);
    for (const seed of [
      [6, 5],
      [5, 6],
      [-6, 5],
    ] as Seed[]) {
      const other = uniform([n], seed);
      const covariance = first.reduce((sum, u, i) => sum + (u - 0.5) * ((other[i] as number) - 0.5), 0) / n;
      expect(Math.abs(covariance * 12) * Math.sqrt(n)).toBeLessThan(4);
    }
  });

  it('have no gradient and are not on the tape', () => {
    const seed = tf.tensor1d([1, 2], 'int32');
    const x = tf.tensor1d([2, 3]);
    const slope = tf.grad((at: tf.Tensor) => {
      const u = statelessUniform([2], seed);
      expect(tf.engine().state.activeTape).toHaveLength(0);
      return tf.sum(tf.mul(at, u));
    })(x);
    expect(slope.dataSync()).toEqual(statelessUniform([2], seed).dataSync());
  });

  it('leave no tensor behind', () => {
    const seed = tf.tensor1d([1, 2], 'int32');
    const before = tf.memory().numTensors;
    for (let i = 0; i < 10; i++) statelessUniform([3, i], seed).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuse a seed of another type or shape', () => {
    const wrong = [tf.tensor1d([1, 2]), tf.tensor1d([1, 2, 3], 'int32'), tf.scalar(1, 'int32')];
    for (const seed of wrong)
      expect(() => statelessUniform([2], seed as tf.Tensor1D)).toThrow(
        /seed must be an int32 tensor of shape \[2\], got/,
      );
  });
});
