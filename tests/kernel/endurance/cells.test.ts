import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagesOf, run, text, types } from '../output/run';
import { type KernelClient, startKernel } from '../wire/client';

/** What lives in the user's heap, in bytes, when all that is garbage is gone. */
const LIVE = `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  // What is ended in one turn is only garbage in the next one.
  for (let turn = 0; turn < 3; turn++) { collect(); await new Promise((resume) => setTimeout(resume, 20)); }
  console.log(process.memoryUsage().heapUsed);`;

describe('200 cells in a row', () => {
  let kernel: KernelClient;
  let before = 0;
  let after = 0;
  /** Cells whose output was not exactly theirs. */
  const wrong: unknown[] = [];
  const live = async () => Number(text(messagesOf(await run(kernel, LIVE))));

  beforeAll(async () => {
    kernel = await startKernel();
    for (let n = -20; n < 200; n++) {
      if (n === 0) before = await live();
      const ran = await run(
        kernel,
        `const data${n + 20} = Array.from({ length: 1000 }, (_, i) => i + ${n});
        function total(numbers: number[]): number { return numbers.reduce((sum, x) => sum + x, 0); }
        const big = new Float64Array(100_000).fill(${n});
        console.log('line of', ${n}); console.error('complaint of', ${n});
        await new Promise((resume) => setTimeout(resume, 1));
        console.log('last of', ${n});
        total(data${n + 20}.slice(0, 2)) + big.length`,
      );
      const messages = messagesOf(ran);
      const seen = [types(ran), text(messages), text(messages, 'stderr')];
      const wanted = [
        ['stream', 'stream', 'stream', 'execute_result'],
        `line of ${n}\nlast of ${n}\n`,
        `complaint of ${n}\n`,
      ];
      if (JSON.stringify(seen) !== JSON.stringify(wanted)) wrong.push({ n, seen });
    }
    after = await live();
  });
  afterAll(async () => {
    await kernel.shutDown();
  });

  it('lose no output, and none comes late', () => {
    expect(wrong).toEqual([]);
  });

  it('leave nothing in the heap but their variables and the text that tracebacks quote', () => {
    // 1,000 small integers a cell are 8 KB, its text and source map a few more.
    expect((after - before) / 200 / 1024).toBeLessThan(20);
  });
});
