import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { execute, failures, notebookOf, printed } from '../notebooks/execute';
import { resultOf } from './debugger/dap';
import { startKernel } from './wire/client';

it('a cell finds TensorFlow’s library through the link to its addon, with a pipe as descriptor 0', async () => {
  const cells = [
    "import { tf } from 'losslab';",
    'console.log(tf.getBackend(), tf.scalar(3).square().dataSync()[0])',
  ];
  const done = await execute(notebookOf(cells));
  expect(failures(done)).toEqual([]);
  expect(printed(done.notebook.cells[1])).toBe(`${process.env.LOSSLAB_BACKEND ?? 'tensorflow'} 9\n`);
});

it('a mistake inside of the library names the line of the cell that made it', async () => {
  const cells = [
    "import { tf } from 'losslab';",
    'const a = 1;\ntf.tensor1d([1, 2]).add(tf.tensor1d([1, 2, 3]))',
  ];
  const done = await execute(notebookOf(cells));
  const [error] = (done.notebook.cells[1]?.outputs ?? []) as unknown as { traceback?: string[] }[];
  const last = error?.traceback?.at(-1) ?? '';
  expect(last).toMatch(/cell \[2\], line 2, column \d+/);
  expect(error?.traceback?.length).toBeLessThan(12);
});

it('a model whose training was interrupted can be trained again, and gradients are right', async () => {
  const kernel = await startKernel({ env: { NODE_PATH: inRoot('node_modules') } });
  const shown = async (code: string): Promise<unknown> =>
    (resultOf(await kernel.execute(code)) as Record<string, string>)['text/plain'];
  try {
    await kernel.execute(`import { createRequire } from 'node:module';
const { tf } = createRequire(${JSON.stringify(inRoot('package.json'))})('losslab') as any;
const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [4] }), tf.layers.dense({ units: 1 })] });
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const [x, y] = [tf.ones([32, 4]), tf.ones([32, 1])];`);
    await shown('await model.fit(x, y, { epochs: 2, verbose: 0 })');
    const tensors = await shown('tf.memory().numTensors');
    for (let round = 0; round < 3; round++) {
      const run = kernel.execute('await model.fit(x, y, { epochs: 1e6, verbose: 0 })');
      await sleep(500);
      await kernel.request('control', 'interrupt_request', {});
      expect((await run).reply.content.ename).toBe('KeyboardInterrupt');
      const history =
        "model.model.history.history.loss.map((value: unknown) => typeof value).every((type: string) => type === 'number')";
      expect(await shown(history)).toBe('true');
      expect(await shown('(await model.fit(x, y, { epochs: 2, verbose: 0 })).epoch.join()')).toBe("'0,1'");
      expect(await shown('tf.grad((v: any) => v.mul(v).sum())(tf.tensor1d([1, 2])).dataSync().join()')).toBe(
        "'2,4'",
      );
      expect(await shown('tf.engine().state.scopeStack.length')).toBe('0');
      // The batch that was interrupted leaves its rows, as every error in a fit does.
      expect(Number(await shown('tf.memory().numTensors'))).toBeLessThan(Number(tensors) + 5 * (round + 1));
    }
  } finally {
    await kernel.shutDown();
  }
});

const LONG = {
  'a slice': 'for (;;) await lossSlice2D(loss, theta, { points: 101 })',
  'Hessian-vector products of new losses': 'for (;;) await lossOf(model, data).hvp(theta, theta)',
  'new losses': 'for (;;) { const l = lossOf(model, data); await l.gradient(theta); await l.value(theta); }',
  'a minimisation': 'await minimize(loss, theta, sam(tf.train.adam(0.01)), { steps: 1e6, batchSize: 16 })',
  'SAM in a fit': 'await model.fit(x, y, { epochs: 1e6, verbose: 0 })',
};

it('what is interrupted inside of the library leaves models, gradients and random draws as they were', {
  timeout: 120_000,
}, async () => {
  const kernel = await startKernel({ env: { NODE_PATH: inRoot('node_modules') } });
  const shown = async (code: string): Promise<unknown> => {
    const run = await kernel.execute(code);
    return (resultOf(run) as Record<string, string> | undefined)?.['text/plain'] ?? run.reply.content.evalue;
  };
  try {
    const ready = await shown(`// @ts-nocheck
import { createRequire } from 'node:module';
const { tf, lossOf, lossSlice2D, minimize, sam } = createRequire(${JSON.stringify(inRoot('package.json'))})('losslab');
const dense = (options) => tf.layers.dense(options);
const model = tf.sequential({ layers: [dense({ units: 8, inputShape: [4], activation: 'tanh' }), tf.layers.dropout({ rate: 0.5 }), dense({ units: 1 })] });
model.compile({ optimizer: sam(tf.train.sgd(0), { rho: 0.5 }), loss: 'meanSquaredError' });
const [x, y] = [tf.randomNormal([64, 4]), tf.randomNormal([64, 1])];
const data = { x, y, loss: 'meanSquaredError' };
const loss = lossOf(model, data);
const theta = loss.params();
const seen = async () => JSON.stringify([
  ...model.getWeights().map((weight) => [...weight.dataSync()]),
  await loss.value(theta),
  tf.grad((v) => v.mul(v).sum())(tf.tensor1d([1, 2])).arraySync(),
  new Set(tf.randomUniform([20]).dataSync()).size > 10,
]);
const before = await seen(); 'ready'`);
    expect(ready).toBe("'ready'");
    for (const [name, code] of Object.entries(LONG))
      for (const after of [150, 370, 590]) {
        const run = kernel.execute(`// @ts-nocheck\n${code}`);
        await sleep(after);
        await kernel.request('control', 'interrupt_request', {});
        expect([name, (await run).reply.content.ename]).toEqual([name, 'KeyboardInterrupt']);
        expect([name, await shown('await seen() === before')]).toEqual([name, 'true']);
      }
  } finally {
    expect(await kernel.shutDown()).toEqual({ status: 0, signal: null });
  }
});

it('model.fit shows how far a long epoch is, in plain text afterwards, and writes nothing to stderr', async () => {
  const cells = [
    `import { tf } from 'losslab';
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const slow = { onBatchEnd: () => new Promise<void>((resolve) => setTimeout(resolve, 50)) };`,
    'const long = await model.fit(tf.ones([10, 1]), tf.ones([10, 1]), { batchSize: 1, epochs: 2, callbacks: slow });',
    'const short = await model.fit(tf.ones([10, 1]), tf.ones([10, 1]), { batchSize: 10, epochs: 1 });',
  ];
  const done = await execute(notebookOf(cells));
  expect(failures(done)).toEqual([]);
  const outputs = done.notebook.cells.map((cell) => (cell.outputs ?? []) as unknown as Output[]);
  expect(outputs.flat().filter(({ name }) => name === 'stderr')).toEqual([]);
  const [, long = [], short = []] = outputs;
  expect(long.flatMap(({ data }) => (data === undefined ? [] : [data]))).toEqual([
    { 'text/plain': [expect.stringMatching(/^batches {2}100 % {2}10 in \d\.\d s$/)] },
    { 'text/plain': [expect.stringMatching(/^batches {2}100 % {2}10 in \d\.\d s$/)] },
  ]);
  expect(short.filter(({ output_type }) => output_type !== 'stream')).toEqual([]);
});

interface Output {
  output_type: string;
  name?: string;
  data?: Record<string, string[]>;
}
