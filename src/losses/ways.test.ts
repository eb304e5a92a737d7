import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { goldenLoss, goldenTheta } from '../../tests/fixtures/golden';
import { engineInfo } from '../engine';

const directions = [0.3, 0.7].map((f) => Float64Array.from({ length: 32 }, (_, i) => Math.sin(f * (i + 1))));
const coefficients = Array.from({ length: 700 }, (_, k) => [Math.sin(k), Math.cos(2 * k)]);
const along = { at: goldenTheta, directions, coefficients };

describe('points along directions, when many more are to come', () => {
  it('of a chain of dense layers are computed by XLA: the same to rounding, the same bits again', async () => {
    const loss = goldenLoss();
    const here = await loss.values(along);
    const quick = await loss.values({ ...along, planned: 1e12 });
    quick.forEach((value, i) => {
      expect(Math.abs(value / (here[i] as number) - 1)).toBeLessThan(2e-6);
    });
    expect(await loss.values({ ...along, planned: 1e12 })).toEqual(quick);
    const modes = engineInfo().functions.flatMap(({ graphs }) => graphs.map(({ mode }) => mode));
    expect(modes).toContain('XLA');
  });

  it('of another model are shared by processes: the same bits for one, two and three of them', () => {
    const runs = [1, 2, 3].map((processes) => planeWith(processes));
    expect(runs.map(({ children }) => children)).toEqual([0, 1, 2]);
    for (const { values } of runs) {
      expect(values).toHaveLength(40);
      expect(values).toEqual(runs[0]?.values);
    }
    const { values, here } = runs[1] as Plane;
    values.forEach((value, i) => {
      expect(Math.abs(value / (here[i] as number) - 1)).toBeLessThan(2e-6);
    });
  }, 120_000);
});

interface Plane {
  /** By the pool, and without it. */
  values: number[];
  here: number[];
  children: number;
}

const PROGRAM = `
const { engineInfo, lossOf, tf } = require(process.argv[1]);
const { conv2d, dense, flatten } = tf.layers;
const model = tf.sequential({ layers: [
  conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [20, 20, 3] }), flatten(), dense({ units: 3 }),
] });
const x = tf.randomNormal([150, 20, 20, 3], 0, 1, 'float32', 1);
const y = tf.randomNormal([150, 3], 0, 1, 'float32', 2);
const loss = lossOf(model, { x, y, loss: 'meanSquaredError', batchSize: 100 });
const at = loss.params({ seed: 1 });
const directions = [loss.params({ seed: 2 }), loss.params({ seed: 3 })];
const coefficients = Array.from({ length: 40 }, (_, k) => [Math.sin(k), Math.cos(2 * k)]);
(async () => {
  const here = await loss.values({ at, directions, coefficients });
  const long = () => loss.values({ at, directions, coefficients, planned: 1e9 });
  const childrenNow = () => engineInfo().pools[0]?.children ?? 0;
  // Children take a moment to start; the values that count are computed with all of them.
  for (let i = 0; i < 100 && childrenNow() < Number(process.env.LOSSLAB_PROCESSES) - 1; i++) await long();
  const values = await long();
  const children = childrenNow();
  console.log(JSON.stringify({ values: Array.from(values), here: Array.from(here), children }));
})();
`;

function planeWith(processes: number): Plane {
  const env = { ...process.env, LOSSLAB_PROCESSES: String(processes) };
  const args = ['-e', PROGRAM, inRoot('dist', 'index.js')];
  const output = execFileSync(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Plane;
}
