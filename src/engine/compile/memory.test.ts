import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, expectEqual, infoOf, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';
import { loadedCount, MOST_LOADED } from './loaded';

beforeAll(ready);

const MB = 2 ** 20;
const LIBRARY = path.resolve(__dirname, '../../../dist/engine');
const ENV = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };

/** A process of its own that runs on the built library; what it prints is JSON. */
function script(body: string): string[] {
  const start = `const { tf, compile, ready } = require(${JSON.stringify(LIBRARY)});`;
  return ['--expose-gc', '-e', `${start} ready().then(async () => { ${body} });`];
}

function inProcess(body: string): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, script(body), {
    encoding: 'utf8',
    env: ENV,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('memory', () => {
  it('20,000 calls leave no tensor and no memory', () => {
    const x = tf.ones([8, 8]);
    const theta = new Float32Array(64).fill(0.5);
    const w = tf.variable(tf.ones([8, 8]));
    const fn = compile(
      (a: tf.Tensor, b: tf.Tensor) => {
        w.assign(w.mul(0.5));
        return tf.matMul(a as tf.Tensor2D, b.reshape([8, 8])).add(w);
      },
      [x, tf.ones([64])],
    );
    const call = (): void => fn(x, theta as unknown as tf.Tensor).dispose();
    for (let i = 0; i < 2000; i++) call();
    const before = { tensors: tf.memory().numTensors, rss: process.memoryUsage().rss };
    for (let i = 0; i < 20_000; i++) call();
    expect(tf.memory().numTensors).toBe(before.tensors);
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(20 * MB);
  });

  it('200 failing calls of a graph leave no tensor and no memory: indices out of range, beside 4 MB', () => {
    const fn = compile((big: tf.Tensor, at: tf.Tensor) => tf.gather(big, at).sum(), undefined, { after: 0 });
    const [big, good, bad] = [tf.ones([1024, 1024]), tf.tensor1d([1], 'int32'), tf.tensor1d([5000], 'int32')];
    fn(big, good).dispose();
    for (let i = 0; i < 20; i++) expect(() => fn(big, bad)).toThrow(/GatherV2/);
    const before = { tensors: tf.memory().numTensors, rss: process.memoryUsage().rss };
    for (let i = 0; i < 200; i++) expect(() => fn(big, bad)).toThrow(/GatherV2/);
    expect(tf.memory().numTensors).toBe(before.tensors);
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(20 * MB);
    expect(fn(big, good).dataSync()[0]).toBe(1024);
  });

  it('200 failing traces leave no tensor', () => {
    const outside = tensor([64, 64]);
    const fn = compile((x: tf.Tensor) => tf.matMul(outside as tf.Tensor2D, x as tf.Tensor2D), undefined, {
      after: 0,
    });
    const wrong = tensor([3, 3]);
    expect(() => fn(wrong)).toThrow(/incompatible/);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 200; i++) expect(() => fn(wrong)).toThrow(/incompatible/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a function called with ever new numbers keeps a bounded number of graphs', () => {
    const fn = compile((x: tf.Tensor, by: number) => x.mul(by), undefined, { after: 0, name: 'ever new' });
    const x = tf.ones([2]);
    for (let i = 0; i < 400; i++) fn(x, i).dispose();
    expect(infoOf('ever new').graphs.length).toBeLessThanOrEqual(256);
    expectEqual(fn(x, 0), tf.zeros([2]));
    expectEqual(fn(x, 399), tf.fill([2], 399));
  });

  it('least recently used graphs are unloaded and loaded again when they are called', () => {
    const x = tf.ones([2]);
    const functions = Array.from({ length: MOST_LOADED + 10 }, (_, i) => {
      const outside = tf.scalar(i);
      return compile((t: tf.Tensor) => t.mul(outside), [x]);
    });
    for (let round = 0; round < 2; round++)
      functions.forEach((fn, i) => {
        expectEqual(fn(x), tf.fill([2], i));
        expect(loadedCount()).toBeLessThanOrEqual(MOST_LOADED);
      });
    for (const fn of functions) fn.dispose();
  });

  it('of a function that is forgotten is freed: its graph, its captures', () => {
    const result = inProcess(`
      const binding = tf.backend().binding;
      const make = (i) => {
        const outside = tf.ones([256, 1024]);
        const fn = compile((x) => x.mul(outside), [tf.ones([1024])]);
        fn(tf.ones([1024])).dispose();
        outside.dispose();
      };
      for (let i = 0; i < 40; i++) tf.tidy(() => make(i));
      for (let i = 0; i < 20; i++) { gc(); await new Promise((r) => setTimeout(r, 20)); }
      const tensors = tf.memory().numTensors;
      console.log(JSON.stringify({ graphs: binding.getNumOfSavedModels(), tensors }));
    `) as { graphs: number; tensors: number };
    expect(result.graphs).toBeLessThanOrEqual(2);
    expect(result.tensors).toBe(0);
  });

  it('forgotten functions are freed also where they can reach themselves', () => {
    const graphs = inProcess(`
      const { binding } = tf.backend();
      const make = () => {
        const own = {};
        own.fn = compile((x) => x.mul(own.fn === undefined ? 1 : 2), undefined, { after: 0 });
        own.fn(tf.ones([2])).dispose();
      };
      for (let i = 0; i < 40; i++) tf.tidy(make);
      for (let i = 0; i < 20; i++) { gc(); await new Promise((r) => setTimeout(r, 20)); }
      console.log(JSON.stringify(binding.getNumOfSavedModels()));
    `);
    expect(graphs).toBeLessThanOrEqual(2);
  });
});

describe('processes', () => {
  it('two that compile at the same time do not meet', async () => {
    const body = `
      for (let i = 0; i < 30; i++) {
        const fn = compile((x) => x.mul(i), [tf.ones([2])]);
        if (fn(tf.ones([2])).dataSync()[1] !== i) throw new Error('wrong');
      }
      console.log('"done"');
    `;
    const runs = [0, 1].map(
      () =>
        new Promise<string>((resolve) => {
          const child = spawn(process.execPath, script(body), { env: ENV });
          let text = '';
          child.stdout.on('data', (part: Buffer) => {
            text += part.toString();
          });
          child.on('close', (code) => resolve(`${code} ${text.trim()}`));
        }),
    );
    expect(await Promise.all(runs)).toEqual(['0 "done"', '0 "done"']);
  });
});

describe('a graph of 40,000 nodes', () => {
  it('is traced, loaded and run: no recursion is as deep as it is long', () => {
    const steps = 20_000;
    const fn = compile(
      (x: tf.Tensor) => {
        let y = x;
        for (let i = 0; i < steps; i++) y = tf.tidy(() => y.mul(0.5).add(x));
        return y;
      },
      [tf.ones([2])],
      { name: 'long' },
    );
    expectClose(fn(tf.tensor1d([1, 3])), tf.tensor1d([2, 6]));
    expect(infoOf('long').graphs[0]?.nodes).toBeGreaterThan(2 * steps);
  });

  it('without examples runs eagerly once more when it has 10,000 nodes', () => {
    let runs = 0;
    const fn = compile(
      (x: tf.Tensor) => {
        runs++;
        let y = x;
        for (let i = 0; i < 5500; i++) y = tf.tidy(() => y.mul(0.5).add(x));
        return y;
      },
      undefined,
      { name: 'patient' },
    );
    for (let i = 0; i < 8; i++) expectClose(fn(tf.tensor1d([1, 3])), tf.tensor1d([2, 6]));
    const nodes = infoOf('patient').graphs[0]?.nodes as number;
    expect(nodes).toBeGreaterThan(10_000);
    // One at first, the trace, and one before it is loaded.
    expect(runs).toBe(1 + 1 + 1);
  });
});
