import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../debugger/dap';
import { nodesAtHand } from '../onNode';
import { type KernelClient, startKernel } from './client';

describe.each(nodesAtHand())('what a cell shows, on %s', (node) => {
  let kernel: KernelClient;

  beforeAll(async () => {
    kernel = await startKernel({ node });
  });

  afterAll(async () => {
    await kernel.shutDown();
  });

  const printed = async (code: string): Promise<string> => {
    const { published } = await kernel.execute(code);
    const streams = published.filter(({ header }) => header.msg_type === 'stream');
    return streams.map(({ content }) => content.text).join('');
  };

  it('of a promise is its state, and nothing of the kernel', async () => {
    const code = 'const promise = Promise.resolve(1);\nconsole.log(promise, { promise });\n[promise]';
    const lines = (text: string): string => text.replace(/\s+/g, ' ').trim();
    expect(lines(await printed(code))).toBe('Promise { 1 } { promise: Promise { 1 } }');
    const { 'text/plain': plain = '' } = resultOf(await kernel.execute('[promise]')) as Record<
      string,
      string
    >;
    expect(lines(plain)).toBe('[ Promise { 1 } ]');
  });

  it('what a child process wrote stands between what was printed before and after it', async () => {
    const code = `import { execSync } from 'node:child_process';
for (let i = 0; i < 20; i++) {
  console.log('before ' + i);
  execSync('echo between ' + i, { stdio: 'inherit' });
  console.log('after ' + i);
}`;
    const expected = Array.from({ length: 20 }, (_, i) => `before ${i}\nbetween ${i}\nafter ${i}\n`).join('');
    expect(await printed(code)).toBe(expected);
  });

  it('of a mistake names variables as they are written', async () => {
    await kernel.execute('const anything: any = 1;');
    const { reply } = await kernel.execute('anything.toUpper()');
    expect(reply.content.evalue).toBe('anything.toUpper is not a function');
  });

  it('of a stack in a text has the lines of the cell', async () => {
    const code = `const fail = () => { throw new Error('no'); };
let stack = '';
try { fail(); } catch (error) { stack = error.stack; }
console.log(JSON.stringify({ stack }));
throw new Error('again');`;
    const run = await kernel.execute(code);
    const [stream] = run.published.filter(({ header }) => header.msg_type === 'stream');
    const { stack } = JSON.parse(String(stream?.content.text));
    expect(stack).toMatch(
      /^Error: no\n {4}at fail \(cell \[\d+\], line 1, column 28\)\n {4}at cell \[\d+\], line 3, column 11$/,
    );
    expect(JSON.stringify(run.reply.content.traceback)).toContain('line 5, column 7');
  });

  it('of a loop that makes stacks ends with an interrupt', async () => {
    const run = kernel.execute('for (;;) { try { throw new Error("x"); } catch (error) { error.stack; } }');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await kernel.request('control', 'interrupt_request', {});
    expect((await run).reply.content.ename).toBe('KeyboardInterrupt');
  });

  it('printed of a tensor are its values', async () => {
    const tensor = `const tensor = { dtype: 'float32', shape: [2], size: 2, isDisposed: false, dispose() {},
  dataSync: () => new Float32Array([1, 2]), kept: false };`;
    await kernel.execute(tensor);
    expect(await printed('console.log("t", tensor)')).toMatch(/^t Tensor float32 \[2\]\n.*1.*2/);
  });
});
