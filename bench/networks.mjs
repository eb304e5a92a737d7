import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

/** @type {typeof import('losslab')} */
const losslab = createRequire(import.meta.url)('losslab');
const { filterNormalized, lossOf, tf } = losslab;

export { losslab };

export const BATCH = 128;

/**
 * A network with random, fixed data: `loss` is the one trained and differentiated, `whole` the one slices are taken of.
 * @typedef {ReturnType<typeof network>} Network
 */

/** 784-128-64-10, ReLU, on 10,000 rows; trained on 1,280 of them, so that a run's last look at all of them costs little. */
export function mlp() {
  const relu = /** @type {const} */ ({ activation: 'relu' });
  const layers = [
    tf.layers.dense({ units: 128, ...relu, inputShape: [784] }),
    tf.layers.dense({ units: 64, ...relu }),
    tf.layers.dense({ units: 10 }),
  ];
  return network({ name: 'mlp', layers, trained: 1280, sliced: 10_000, classes: 10 });
}

/** conv 3×3×16, pool, conv 3×3×32, dense 10, ReLU, on 512 images of 28×28. */
export function cnn() {
  const relu = /** @type {const} */ ({ activation: 'relu' });
  const layers = [
    tf.layers.conv2d({ filters: 16, kernelSize: 3, ...relu, inputShape: [28, 28, 1] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.conv2d({ filters: 32, kernelSize: 3, ...relu }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10 }),
  ];
  return network({ name: 'cnn', layers, trained: 512, sliced: 512, classes: 10, flattened: [11, 11, 32] });
}

/** 2-16-16-1, tanh, sliced over 200 rows: where calls cost more than arithmetic. */
export function tiny() {
  const tanh = /** @type {const} */ ({ activation: 'tanh' });
  const layers = [
    tf.layers.dense({ units: 16, ...tanh, inputShape: [2] }),
    tf.layers.dense({ units: 16, ...tanh }),
    tf.layers.dense({ units: 1 }),
  ];
  return network({ name: 'tiny', layers, trained: 256, sliced: 200, classes: 0 });
}

/**
 * @param {{ name: string, layers: import('losslab').tf.layers.Layer[], trained: number, sliced: number, classes: number, flattened?: number[] }} recipe
 *   `trained`, `sliced`: how many rows; `classes`: 0 for a regression; `flattened`: what a dense layer reads of images
 */
function network({ name, layers, trained, sliced, classes, flattened }) {
  const rows = Math.max(trained, sliced);
  const model = tf.sequential({ layers });
  const input = /** @type {number[]} */ (model.inputs[0]?.shape.slice(1));
  const x = tf.randomUniform([rows, ...input], -1, 1, 'float32', 1);
  const y = labels(rows, classes);
  const kind = classes > 0 ? 'softmaxCrossEntropy' : 'meanSquaredError';
  const over = (/** @type {number} */ count) =>
    lossOf(model, { x: x.slice(0, count), y: y.slice(0, count), loss: kind });
  const loss = over(trained);
  const theta = loss.params({ seed: 1 });
  const directions = filterNormalized(loss, theta, { seed: 1 });
  const batch = Int32Array.from({ length: BATCH }, (_, i) => (i * 7) % trained);
  const v = /** @type {Float32Array} */ (filterNormalized(loss, theta, { seed: 2 }).vectors[0]);
  const shapes = loss.layout.params.map(({ shape }) => shape);
  const meta = { input, classes, trained, sliced, flattened, shapes };
  return { name, model, loss, whole: over(sliced), theta, v, directions, batch, x, y, meta };
}

/** Class numbers, or numbers between −1 and 1. @param {number} rows @param {number} classes */
function labels(rows, classes) {
  if (classes === 0) return tf.randomUniform([rows, 1], -1, 1, 'float32', 2);
  return tf.tensor1d(Array.from({ length: rows }, (_, i) => (i * 31) % classes));
}

/** Writes networks where a peer reads them, for as long as `use` runs. @template T @param {Network[]} networks @param {(folder: string) => Promise<T>} use */
export async function withFiles(networks, use) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'losslab-bench-'));
  try {
    for (const network of networks) writeFiles(folder, network);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder @param {Network} network */
function writeFiles(folder, { name, theta, v, directions, batch, x, y, meta }) {
  const [d1, d2] = directions.vectors;
  const numbers = { theta, v, d1, d2, batch, x: x.dataSync(), y: y.dataSync() };
  for (const [part, list] of Object.entries(numbers))
    writeFileSync(path.join(folder, `${name}.${part}`), /** @type {Float32Array} */ (list));
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(meta));
}
