import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resultOf } from '../debugger/dap';
import { nodesAtHand } from '../onNode';
import { type KernelClient, startKernel } from './client';

/** A process that nobody has asked for its end is a zombie (`Z`). */
function runs(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const sleep = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds));

describe.each(nodesAtHand())('an interrupt at the wire, on %s', (node) => {
  let kernel: KernelClient;

  beforeEach(async () => {
    kernel = await startKernel({ node });
    await kernel.execute('let kept = 0;');
  });

  afterEach(async () => {
    await kernel.shutDown();
  });

  const interrupted = async (code: string): Promise<unknown> => {
    const run = kernel.execute(code);
    await sleep(400);
    await kernel.request('control', 'interrupt_request', {});
    return (await run).reply.content.ename;
  };
  const value = async (code: string): Promise<unknown> =>
    (resultOf(await kernel.execute(code)) as Record<string, string> | undefined)?.['text/plain'];

  it.each([
    ['that has frozen Error', 'Object.freeze(Error); for (;;);'],
    [
      'that allows no stacks',
      "Object.defineProperty(Error, 'stackTraceLimit', { value: 0, writable: false }); for (;;);",
    ],
    ['where the stack has overflowed', 'const f = (): void => { try { f(); } catch { for (;;); } }; f();'],
    [
      'where the stack of a timer has, with AsyncLocalStorage',
      `import { AsyncLocalStorage } from 'node:async_hooks';
const f = (): void => { try { f(); } catch { for (;;); } };
setTimeout(() => new AsyncLocalStorage().run(1, f));
await new Promise(() => {});`,
    ],
    [
      'where the stack has, below hooks of its own',
      `import { createHook } from 'node:async_hooks';
createHook({ init() {}, before() {} }).enable();
const f = (): void => { try { f(); } catch { for (;;); } };
await null;
f();`,
    ],
  ])('ends a loop %s', async (_, code) => {
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    expect(await value('kept')).toBe('0');
  });

  it.each([
    [
      'timers of node:timers/promises',
      "import { setTimeout as rest } from 'node:timers/promises';\nconst f = (): Promise<void> => rest(10).then(() => { kept++; return f(); });\nawait f();",
    ],
    [
      'promisified timers',
      "import { promisify } from 'node:util';\nconst rest = promisify(setTimeout);\nconst f = (): Promise<void> => rest(10).then(() => { kept++; return f(); });\nawait f();",
    ],
  ])('ends %s', async (_, code) => {
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    const before = await value('kept');
    expect(Number(before)).toBeGreaterThan(0);
    await sleep(200);
    expect(await value('kept')).toBe(before);
  });

  it('reaches child processes that run beside the cell', async () => {
    const code =
      "import { spawn } from 'node:child_process';\nconst child = spawn('sleep', ['47']);\nawait new Promise((resume) => child.on('exit', resume));";
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    await sleep(200);
    expect(await value('child.signalCode')).toBe("'SIGINT'");
  });

  it('is not needed at the end: child processes end with the kernel', async () => {
    await kernel.execute(
      "import { spawn } from 'node:child_process';\nconst child = spawn('sleep', ['48']);",
    );
    const pid = Number(await value('child.pid'));
    await kernel.shutDown();
    await sleep(200);
    expect(runs(pid)).toBe(false);
  });
});
