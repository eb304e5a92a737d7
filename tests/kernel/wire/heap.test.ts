import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../kernel/src/wire/message';
import { resultOf } from '../debugger/dap';
import { nodesAtHand } from '../onNode';
import { type KernelClient, startKernel } from './client';

const FILLING = [
  [
    'slowly, between awaits',
    'for (let i = 0; ; i++) { held.push({ i, s: "x" + i }); if (i % 1e5 === 0) await 0; }',
  ],
  [
    'by leaps of its size',
    'let o: unknown[] = [{}]; for (;;) o = o.concat(o.map(() => ({ x: 1 })), o.map(() => ({ y: 2 })));',
  ],
  ['with large strings', "for (let i = 0; ; i++) held.push(Buffer.alloc(1e6, 'a').toString('latin1') + i);"],
] as const;

/** What runs on after its cell has ended. */
const LEFT = [
  [
    'an interval',
    "setInterval(() => held.push(Buffer.alloc(1e6, 'a').toString('latin1') + held.length), 1);",
  ],
  ['a callback that loops', 'setTimeout(() => { for (let i = 0; ; i++) held.push({ i }); }, 100);'],
  [
    'an async function that nobody awaits',
    'void (async () => { for (;;) { held.push(new Array(1e5).fill(0.5)); await new Promise(setImmediate); } })();',
  ],
  [
    'a chain of promises',
    'const f = (): Promise<void> => { held.push(new Array(1000).fill(0.5)); return Promise.resolve().then(f); };\nsetTimeout(f, 200);',
  ],
  [
    'a worker that sends without end',
    `import { Worker } from 'node:worker_threads';
const worker = new Worker("const { parentPort } = require('node:worker_threads'); for (;;) parentPort.postMessage('a'.repeat(1000));", { eval: true });
worker.on('message', (text) => held.push(text));`,
  ],
] as const;

describe.each(nodesAtHand())('a heap that a cell fills, on %s', (node) => {
  let kernel: KernelClient;
  beforeEach(async () => {
    kernel = await startKernel({ node, nodeOptions: ['--max-old-space-size=300'] });
    await kernel.execute('let held: unknown[] = [];');
  });
  afterEach(async () => {
    expect(await kernel.shutDown()).toEqual({ status: 0, signal: null });
  });

  it.each(FILLING)('%s is the end of that cell alone, and again', async (_, code) => {
    for (let round = 0; round < 2; round++) {
      const { content } = (await kernel.execute(code)).reply;
      expect(content).toMatchObject({
        ename: 'HeapLimitError',
        evalue: expect.stringMatching(/limit of \d{3} MB/),
      });
      // What is full is not held against the next cell, which may be about to empty it.
      const next = await kernel.execute('held = []; 6 * 7');
      expect(next.reply.content).toMatchObject({ status: 'ok' });
      expect(resultOf(next)).toMatchObject({ 'text/plain': '42' });
    }
  });

  it.each(LEFT)('%s that its cell has left behind is ended, and its cell says so', async (_, code) => {
    for (let round = 0; round < 2; round++) {
      const { reply } = await kernel.execute(`${code} 'left'`);
      expect(reply.content).toMatchObject({ status: 'ok' });
      const told = (): Message[] =>
        kernel.published.filter(
          ({ header, parentHeader }) =>
            header.msg_type === 'error' && parentHeader.msg_id === reply.parentHeader.msg_id,
        );
      await kernel.until(() => told().length > 0);
      expect(told().map(({ content }) => content)).toEqual([
        expect.objectContaining({
          ename: 'HeapLimitError',
          evalue: expect.stringMatching(
            /^what this cell had left running came close to the limit of \d{3} MB/,
          ),
        }),
      ]);
      const next = await kernel.execute('held = []; 6 * 7');
      expect(next.reply.content).toMatchObject({ status: 'ok' });
    }
  });

  it.each([
    ['only awaits', 'await new Promise((resolve) => setTimeout(resolve, 5000)); held = [];'],
    [
      'computes in short pieces',
      'for (const end = Date.now() + 5000; Date.now() < end; ) { await new Promise((resolve) => setTimeout(resolve, 2)); for (let i = 0; i < 1e5; i++); }\nheld = [];',
    ],
  ])('by what an earlier cell has left does not end a cell that %s', async (_, code) => {
    const { reply } = await kernel.execute(
      'setInterval(() => held.push(Array.from({ length: 4e4 }, (_, i) => ({ i }))), 5);',
    );
    expect((await kernel.execute(code)).reply.content.status).toBe('ok');
    const told = kernel.published.filter(({ header }) => header.msg_type === 'error');
    expect(told.map(({ parentHeader }) => parentHeader.msg_id)).toEqual([reply.parentHeader.msg_id]);
  });

  it('is not laid to what an earlier cell has left running', async () => {
    const { reply } = await kernel.execute('let beats = 0; setInterval(() => { beats++; }, 5);');
    const run = await kernel.execute('for (;;) held.push(new Array(1e4).fill(0.5));');
    expect(run.reply.content.ename).toBe('HeapLimitError');
    const next = await kernel.execute(
      'const before = beats; await new Promise((resolve) => setTimeout(resolve, 200)); beats > before',
    );
    expect(resultOf(next)).toEqual({ 'text/plain': 'true' });
    const { msg_id } = reply.parentHeader;
    const told = kernel.published.filter(({ parentHeader }) => parentHeader.msg_id === msg_id);
    expect(told.map(({ header }) => header.msg_type)).not.toContain('error');
  });
});
