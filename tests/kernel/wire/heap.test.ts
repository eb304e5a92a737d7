import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
});
