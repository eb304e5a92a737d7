import { afterAll, describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { statelessNormal, statelessTruncatedNormal } from './normal';
import { statelessUniform } from './uniform';

const started = tf.getBackend();
afterAll(() => void tf.setBackend(started));

type Draw = typeof statelessNormal;

function values(draw: Draw, shape: number[], seed: [number, number]): Float32Array {
  const at = tf.tensor1d(seed, 'int32');
  const drawn = draw(shape, at);
  const list = drawn.dataSync().slice() as Float32Array;
  tf.dispose([at, drawn]);
  return list;
}

/** erf x by its series (Abramowitz and Stegun 7.1.6). */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; k < 200; k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const phi = (z: number): number => (1 + erf(z / Math.SQRT2)) / 2;

/** √n times the largest distance between the empirical distribution and `cdf`. */
function kolmogorov(list: Float32Array, cdf: (z: number) => number): number {
  const n = list.length;
  const sorted = Float64Array.from(list).sort();
  const far = sorted.reduce((most, z, i) => Math.max(most, Math.abs(cdf(z) - (i + 0.5) / n)), 0);
  return far * Math.sqrt(n);
}

function moment(list: Float32Array, power: number): number {
  return list.reduce((sum, z) => sum + z ** power, 0) / list.length;
}

const n = 40_000;
const within = erf(Math.SQRT2);

describe('stateless normal draws', () => {
  it('follow the normal distribution: four moments and Kolmogorov-Smirnov distance', () => {
    const z = values(statelessNormal, [n], [1, 2]);
    expect(Math.abs(moment(z, 1)) * Math.sqrt(n)).toBeLessThan(4);
    expect(Math.abs(moment(z, 2) - 1) * Math.sqrt(n / 2)).toBeLessThan(4);
    expect(Math.abs(moment(z, 3)) * Math.sqrt(n / 15)).toBeLessThan(4);
    expect(Math.abs(moment(z, 4) - 3) * Math.sqrt(n / 96)).toBeLessThan(4);
    expect(kolmogorov(z, phi)).toBeLessThan(1.95);
  });

  it('follow the truncated one, its density φ(z)/erf √2 on [-2, 2]', () => {
    const z = values(statelessTruncatedNormal, [n], [1, 2]);
    // E z² = 1 − 2·2φ(2)/erf √2
    const variance = 1 - (4 * Math.exp(-2)) / Math.sqrt(2 * Math.PI) / within;
    expect(z.every((value) => Math.abs(value) <= 2.000001)).toBe(true);
    expect(Math.abs(moment(z, 1)) * Math.sqrt(n / variance)).toBeLessThan(4);
    expect(Math.abs(moment(z, 2) / variance - 1)).toBeLessThan(0.02);
    expect(kolmogorov(z, (value) => 0.5 + (phi(value) - 0.5) / within)).toBeLessThan(1.95);
  });

  it('truncated, invert the distribution function to float32 at every draw', () => {
    const seed: [number, number] = [3, 4];
    const z = values(statelessTruncatedNormal, [500], seed);
    const u = values(statelessUniform, [500], seed);
    z.forEach((value, i) => {
      const x = 2 * within * ((u[i] as number) - 0.5 + 2 ** -24);
      expect(Math.abs(erf(value / Math.SQRT2) - x)).toBeLessThan(3e-7);
    });
  });

  it.runIf(started === 'tensorflow')('are the same to rounding on TensorFlow and cpu', async () => {
    const draw = () =>
      [statelessNormal, statelessTruncatedNormal].flatMap((draw) => [...values(draw, [30, 7], [5, 6])]);
    const native = draw();
    await tf.setBackend('cpu');
    const plain = draw();
    await tf.setBackend(started);
    plain.forEach((z, i) => {
      expect(Math.abs(z - (native[i] as number))).toBeLessThan(2e-6);
    });
  });

  it('leave no tensor behind', () => {
    const seed = tf.tensor1d([1, 2], 'int32');
    const before = tf.memory().numTensors;
    for (const draw of [statelessNormal, statelessTruncatedNormal]) draw([4, 5], seed).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
