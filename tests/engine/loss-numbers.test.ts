import { describe, expect, it } from 'vitest';
import { tf } from '../../src/engine';
import { lossOf } from '../../src/losses';
import { numbers } from './loss-programs';

const ROWS = 2000;
const x = numbers(ROWS * 3, 1.3);
const y = numbers(ROWS, 0.7);
const [kernel, hidden] = [3 * 4, 4];

/** 3-4-1 with tanh, mean squared error, in double precision; θ as lossOf lays it out. */
function reference(theta: ArrayLike<number>): number {
  const w = (i: number): number => theta[i] as number;
  let sum = 0;
  for (let row = 0; row < ROWS; row++) {
    let out = w(kernel + 2 * hidden);
    for (let h = 0; h < hidden; h++) {
      let z = w(kernel + h);
      for (let j = 0; j < 3; j++) z += (x[row * 3 + j] as number) * w(j * hidden + h);
      out += Math.tanh(z) * w(kernel + hidden + h);
    }
    sum += (out - (y[row] as number)) ** 2;
  }
  return sum / ROWS;
}

function network(batchSize = 4096) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: hidden, activation: 'tanh', inputShape: [3] }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  return lossOf(model, { x, y, loss: 'meanSquaredError', batchSize });
}

const theta = numbers(21, 1.9).map((w) => 0.7 * w);
const rms = (list: number[]): number => Math.hypot(...list) / Math.sqrt(list.length);

describe('the loss beside a double precision reference', () => {
  it.each([4096, 300, 7])('resolves differences of a millionth, in pieces of %i rows', async (size) => {
    const loss = network(size);
    const at = reference(theta);
    expect(Math.floor(at)).toBe(1);
    const points = Array.from({ length: 40 }, (_, k) =>
      theta.map((w, i) => w + 1e-6 * Math.sin(i * (k + 1))),
    );
    const [value = 0, ...values] = await loss.values([theta, ...points]);
    const wanted = points.map((point) => reference(point) - at);
    expect(rms(wanted)).toBeGreaterThan(2e-7);
    expect(rms(wanted)).toBeLessThan(4e-6);
    // Two values rounded to float32, in steps of 2⁻²³ at 1, would differ by 2⁻²³/√6 too much or too little.
    const errors = wanted.map((difference, k) => (values[k] as number) - value - difference);
    expect(rms(errors)).toBeLessThan(2 ** -23 / Math.sqrt(6) / 2);
  });

  it('has gradients and products that pieces of the rows do not change', async () => {
    const [whole, pieces] = [network(), network(300)];
    const v = numbers(21, 0.4);
    const [a, b] = [await whole.gradient(theta), await pieces.gradient(theta)];
    expect(Math.abs(a.value - b.value)).toBeLessThan(2e-7);
    const [c, d] = [await whole.hvp(theta, v), await pieces.hvp(theta, v)];
    // Of the largest number; float32 sums of 300 and of 2,000 rows.
    const largest = (list: Float32Array): number => Math.max(...list.map(Math.abs));
    const apart = (p: Float32Array, q: Float32Array): number =>
      largest(p.map((n, k) => n - (q[k] as number))) / largest(p);
    expect(apart(a.gradient, b.gradient)).toBeLessThan(1e-6);
    expect(apart(c, d)).toBeLessThan(2e-6);
  });

  it('is at thousands of points at once what it is at each', async () => {
    const loss = network(700);
    const batch = Array.from({ length: 900 }, (_, i) => (i * 7) % ROWS);
    const coefficients = Array.from({ length: 3000 }, (_, i) => [i / 1500 - 1, Math.sin(i)]);
    const directions = [numbers(21, 0.3), numbers(21, 2.3)];
    const points = coefficients.map(([a = 0, b = 0]) =>
      theta.map((w, k) => w + a * (directions[0]?.[k] ?? 0) + b * (directions[1]?.[k] ?? 0)),
    );
    const [listed, along] = [
      await loss.values(points, batch),
      await loss.values({ at: theta, directions, coefficients }, batch),
    ];
    expect(listed).toHaveLength(3000);
    for (let i = 0; i < 3000; i += 97) {
      const one = await loss.value(points[i] as Float32Array, batch);
      expect(Math.abs((listed[i] as number) - one)).toBeLessThan(1e-6 * Math.max(1, one));
      expect(Math.abs((along[i] as number) - one)).toBeLessThan(2e-6 * Math.max(1, one));
    }
  });
});
