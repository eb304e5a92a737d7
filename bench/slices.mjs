import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { installPeers, pythonPeer, TORCH } from './peers.mjs';
import { race } from './timing.mjs';

const POINTS = 51;

/** A 51×51 plane over all 1,797 digits (64-32-10 network): ours, torch's loop and torch's hand-batched form. */
export async function measure() {
  const work = prepare();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'losslab-bench-'));
  const data = path.join(folder, 'plane.json');
  writeFileSync(data, JSON.stringify(work.plain));
  /** @type {[import("./timing.mjs").Contender, ...import("./timing.mjs").Contender[]]} */
  const contenders = [work.ours];
  if (await installPeers([`torch==${TORCH}`, 'numpy'])) {
    contenders.push(pythonPeer('torch, one point at a time', 'slices.py', [data, 'loop']));
    contenders.push(pythonPeer('torch, weights stacked by hand', 'slices.py', [data, 'stacked']));
  }
  try {
    return {
      rows: await race(`digits 64-32-10, ${POINTS}×${POINTS}`, contenders),
      versions: { torch: TORCH },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare() {
  /** @type {typeof import('losslab')} */
  const { datasets, filterNormalized, lossOf, lossSlice2D, tf } = createRequire(import.meta.url)('losslab');
  const { x, y } = datasets.digits({ test: 0 }).train;
  const layers = [
    tf.layers.dense({ units: 32, activation: 'relu', inputShape: [64] }),
    tf.layers.dense({ units: 10 }),
  ];
  const loss = lossOf(tf.sequential({ layers }), { x, y, loss: 'softmaxCrossEntropy' });
  const theta = loss.params({ seed: 1 });
  const directions = filterNormalized(loss, theta, { seed: 1 });
  const ours = {
    name: `losslab, lossSlice2D ${POINTS}×${POINTS}`,
    async run() {
      const start = performance.now();
      await lossSlice2D(loss, theta, { directions, points: POINTS });
      return (performance.now() - start) / 1000;
    },
  };
  const list = (/** @type {ArrayLike<number>} */ numbers) => Array.from(numbers);
  const plain = {
    x: x.arraySync(),
    y: list(y.argMax(1).dataSync()),
    theta: list(theta),
    directions: directions.vectors.map(list),
    points: POINTS,
  };
  return { ours, plain };
}
