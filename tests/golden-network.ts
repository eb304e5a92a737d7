import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tf } from '../src/engine';
import type { Loss } from '../src/loss';
import { lossOf } from '../src/losses';

/** The float64 reference: its header says how the network is made. */
export const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'golden/mlp-mse.json'), 'utf8'),
) as {
  loss: number;
  filter_norm_dir1_first5: number[];
  filter_norm_dirs_norms: number[];
  'plane_5x5_[a][b]': number[][];
  'pgd_max_sharpness_rho.05': number;
  'sam_rho.05': { sharpness: number };
};

const ROWS = 20;
const table = (columns: number, entry: (row: number, column: number) => number): number[][] =>
  Array.from({ length: ROWS }, (_, i) => Array.from({ length: columns }, (_, j) => entry(i, j)));

/** The network of the reference, 3-5-2 with tanh, as a loss. */
export function goldenLoss(): Loss<Float32Array> {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, inputShape: [3], activation: 'tanh' }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  return lossOf(model, {
    x: table(3, (i, j) => Math.cos(0.7 * (i + 1) * (j + 1))),
    y: table(2, (i, c) => Math.sin(0.3 * (i + 1) + c)),
    loss: 'meanSquaredError',
  });
}

const vector = (entry: (k: number) => number) => Float32Array.from({ length: 32 }, (_, k) => entry(k));

export const goldenTheta: Float32Array = vector((k) => 0.5 * Math.sin(k + 1));

/** The two directions before filter normalisation. */
export const goldenDirections: [Float32Array, Float32Array] = [
  vector((k) => Math.cos(1.3 * (k + 1))),
  vector((k) => Math.sin(2.1 * (k + 1) + 0.5)),
];
