import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../scripts/setup/paths.mjs';

/** What a program prints, as JSON, on a backend that is asked for. */
function on(backend: string, program: string): unknown {
  const output = execFileSync(process.execPath, ['-e', program, inRoot('dist', 'index.js')], {
    env: { ...process.env, LOSSLAB_BACKEND: backend },
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

const FIRST_LINES = `
const { lossOf, ready, tf } = require(process.argv[1]);
const x = tf.tensor2d([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]);
const y = tf.oneHot(tf.tensor1d([0, 1, 2], 'int32'), 3).toFloat();
const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
const loss = lossOf(model, { x, y: [0, 1, 2], loss: 'softmaxCrossEntropy' });
const theta = Float32Array.from({ length: 9 }, (_, i) => Math.sin(i));
const before = tf.getBackend();
(async () => {
  const value = await loss.value(theta);
  await ready();
  const sum = y.mul(2).sum().dataSync()[0];
  console.log(JSON.stringify({ before, after: tf.getBackend(), value, sum }));
})();
`;

describe('WebAssembly, which starts while the first lines run', () => {
  it('takes over what was made before, labels too', () => {
    const wasm = on('wasm', FIRST_LINES) as { value: number };
    const native = on('tensorflow', FIRST_LINES) as { value: number };
    expect(wasm).toMatchObject({ before: 'cpu', after: 'wasm', sum: 6 });
    expect(wasm.value).toBeCloseTo(native.value, 5);
  });

  it('leaves every moment of its start to the cpu backend', () => {
    const program = `
      const { ready, tf } = require(process.argv[1]);
      const x = tf.ones([3]);
      (async () => {
        const sums = [];
        let done = false;
        ready().then(() => { done = true; });
        while (!done) {
          sums.push(x.add(1).sum().dataSync()[0]);
          await new Promise((next) => setImmediate(next));
        }
        console.log(JSON.stringify({ turns: sums.length, sums: [...new Set(sums)] }));
      })();
    `;
    const { turns, sums } = on('wasm', program) as { turns: number; sums: number[] };
    expect(turns).toBeGreaterThan(1);
    expect(sums).toEqual([6]);
  });
});
