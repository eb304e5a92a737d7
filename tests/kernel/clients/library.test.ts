import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/setup/paths.mjs';
import { makeHome, python } from './client';

const LONG = {
  minimize: 'await minimize(loss, start, tf.train.sgd(0.01), { steps: 1e7 })',
  lossSlice2D: 'await lossSlice2D(loss, start, { points: 2001 })',
  interpolate: 'await interpolate(loss, start, other, { points: 1_000_001 })',
  sharpnessCurve: 'await sharpnessCurve(loss, start, { steps: 1e6 })',
};

interface Interrupted {
  status: string;
  ename: string;
  seconds: number;
  text: string;
}

describe("the library's long functions in a cell", () => {
  const home = makeHome();
  let done: { cells: Interrupted[]; after: string };

  beforeAll(async () => {
    const before = [
      `import { datasets, interpolate, lossOf, lossSlice2D, minimize, sharpnessCurve, tf } from 'losslab';
const layers = [tf.layers.dense({ units: 32, activation: 'relu', inputShape: [64] }), tf.layers.dense({ units: 10 })];
const loss = lossOf(tf.sequential({ layers }), { ...datasets.digits().train, loss: 'softmaxCrossEntropy' });
const start = loss.params({ seed: 1 }), other = loss.params({ seed: 2 });`,
    ];
    const cells = Object.values(LONG).map((call) => `console.log('begun');\n${call}`);
    const after = '(await minimize(loss, start, tf.train.sgd(0.01), { steps: 2 })).steps';
    const task = JSON.stringify({ before, cells, after });
    const inCheckout = { ...home, folder: inRoot('notebooks') };
    const ended = await python(inCheckout, [path.join(__dirname, 'interrupt.py')], task);
    if (ended.stdout === '') throw new Error(ended.stderr);
    done = JSON.parse(ended.stdout);
  });
  afterAll(home.remove);

  it.each(Object.keys(LONG).map((name, i) => ({ name, i })))(
    '$name shows how far it is, and is aborted by an interrupt',
    ({ name, i }) => {
      const cell = done.cells[i];
      expect(cell).toMatchObject({ status: 'error', ename: 'KeyboardInterrupt' });
      expect(cell?.seconds).toBeLessThan(1);
      expect(cell?.text).toMatch(new RegExp(`${name}  \\d+ %`));
      expect(cell?.text).toContain('interrupted after');
    },
  );

  it('run in the same session afterwards', () => {
    expect(done.after).toContain('2');
  });
});
