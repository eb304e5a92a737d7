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

/** The memory of a process, without that of its children. */
function megabytesOf(pid: number | undefined): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
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
    const begun = (): number => kernel.published.filter(({ content }) => content.text === 'begun\n').length;
    const before = begun();
    const run = kernel.execute(`console.log('begun');\n${code}`);
    await kernel.until(() => begun() > before);
    await sleep(200);
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
const others = [1, 2].map(() => createHook({ init() {} }).enable());
for (const other of others) other.disable();
const f = (): void => { try { f(); } catch { for (;;); } };
await null;
f();`,
    ],
  ])('ends a loop %s', async (_, code) => {
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    expect(await value('kept')).toBe('0');
  });

  it.each([
    ['displays', 'for (;;) display(1);'],
    ['displays and swallows errors', 'for (;;) { try { display(1); } catch {} }'],
    ['displays between awaits', 'for (;;) { await null; display(1); }'],
    ['sends to a comm', "const comm = jupyter.comm.open('nowhere'); for (;;) comm.send({ a: 1 });"],
    ['clears the output', 'for (;;) clearOutput();'],
    [
      'leaves promises that reject',
      "setInterval(() => { for (let i = 0; i < 1000; i++) void Promise.reject(new Error('a')); }, 1);\nawait new Promise(() => {});",
    ],
  ])('control is answered, and memory kept, while a cell without end %s', async (_, code) => {
    const run = kernel.execute(code);
    await sleep(1000);
    const asked = performance.now();
    await kernel.request('control', 'kernel_info_request', {});
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(megabytesOf(kernel.child.pid)).toBeLessThan(300);
    await kernel.request('control', 'interrupt_request', {});
    expect((await run).reply.content.ename).toBe('KeyboardInterrupt');
    expect(await value('kept')).toBe('0');
  });

  it('a kernel that displays without end can be shut down', async () => {
    void kernel.execute('for (;;) display(1);').catch(() => undefined);
    await sleep(1000);
    expect(await kernel.shutDown()).toEqual({ status: 0, signal: null });
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

  it('a loop that asks jupyter.signal ends by itself, and what follows it runs', async () => {
    expect(await interrupted('while (!jupyter.signal.aborted); kept = 1;')).toBe('KeyboardInterrupt');
    expect(await value('kept')).toBe('1');
  });

  it('what was declared stays, whatever it holds, and what is caught has no frames of the kernel', async () => {
    expect(await interrupted('let none, some = 1;\nfor (;;);\nlet later = 1;')).toBe('KeyboardInterrupt');
    expect(await value('String(none) + some')).toBe("'undefined1'");
    await interrupted(
      'let told = ""; try { await new Promise(() => {}); } catch (error: any) { told = error.stack; }',
    );
    expect(await value('told')).toMatch(/^'KeyboardInterrupt: [^\n]*'$/);
  });

  it.each([
    'throw new Proxy(new Error("a"), { get() { for (;;); } });',
    'throw { get cause() { for (;;); } };',
  ])('ends a cell that throws what never comes back: %s', async (code) => {
    const run = kernel.execute(code);
    await sleep(400);
    await kernel.request('control', 'interrupt_request', {});
    expect((await run).reply.content.status).toBe('error');
    expect(await value('kept')).toBe('0');
  });

  it('says where it found the cell', async () => {
    const code = 'const add = (to: number): void => {\n  for (;;) to++;\n};\nadd(1);';
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    const { traceback } =
      kernel.published.findLast(({ header }) => header.msg_type === 'error')?.content ?? {};
    expect(String(traceback)).toMatch(/at .*add.*cell \[\d+\], line 3, .*cell \[\d+\], line 5, /s);
  });

  it.each([
    ['a timer', "setInterval(() => console.log('beat'), 50);"],
    [
      'an async function',
      "void (async () => { for (;;) { await new Promise((resolve) => setTimeout(resolve, 50)); console.log('beat'); } })();",
    ],
    ['a server', "import net from 'node:net';\nconst server = net.createServer().listen(0);"],
  ])('while no cell runs is for what cells have left: %s', async (_, code) => {
    const { reply } = await kernel.execute(code);
    const told = () =>
      kernel.published.filter(
        ({ header, parentHeader }) =>
          header.msg_type === 'error' && parentHeader.msg_id === reply.parentHeader.msg_id,
      );
    await sleep(1200);
    await kernel.request('control', 'interrupt_request', {});
    await kernel.until(() => told().length > 0);
    expect(told()[0]?.content.evalue).toMatch(/^what this cell had left running was interrupted/);
    const before = kernel.published.length;
    await sleep(300);
    const later = kernel.published.slice(before).map(({ header }) => header.msg_type);
    expect(later.filter((type) => type !== 'status')).toEqual([]);
    await kernel.request('control', 'interrupt_request', {});
    expect(await value('kept')).toBe('0');
    expect(told()).toHaveLength(1);
  });

  it('of a cell, when it comes twice, leaves alone what others have left', async () => {
    await kernel.execute("import net from 'node:net';\nconst server = net.createServer().listen(0);");
    expect(await interrupted('for (;;);')).toBe('KeyboardInterrupt');
    await kernel.request('control', 'interrupt_request', {});
    expect(await value('server.listening')).toBe('true');
  });

  it('finally runs in a loop that calls a function of the cell', async () => {
    const code = 'const f = (): void => {}; try { for (;;) f(); } finally { kept = 2; }';
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    expect(await value('kept')).toBe('2');
  });

  it.each([
    [
      'callbacks',
      "import fs from 'node:fs';\nconst f = (): void => fs.stat('/', () => { kept++; f(); });\nf();",
    ],
    [
      'listeners',
      "import { EventEmitter } from 'node:events';\nimport fs from 'node:fs';\nconst events = new EventEmitter();\nevents.on('x', () => { kept++; fs.stat('/', events.emit.bind(events, 'x')); });\nevents.emit('x');",
    ],
    [
      'message ports',
      "import { MessageChannel } from 'node:worker_threads';\nconst { port1, port2 } = new MessageChannel();\nfor (const port of [port1, port2]) port.on('message', () => { kept++; port.postMessage(0); });\nport1.postMessage(0);",
    ],
    [
      'reactions to promises',
      "import fs from 'node:fs/promises';\nconst f = (): Promise<void> => fs.stat('/').then(() => { kept++; return f(); });\nvoid f();",
    ],
    [
      'a server',
      "import http from 'node:http';\nconst server = http.createServer((_, answer) => { kept++; answer.end(); }).listen(0, () => ask());\nconst ask = (): void => void http.get({ port: (server.address() as { port: number }).port }, (reply) => reply.resume().on('end', ask));",
    ],
  ])('ends what the cell has left: %s', async (_, code) => {
    expect(await interrupted(`${code}\nawait new Promise(() => {});`)).toBe('KeyboardInterrupt');
    const before = await value('kept');
    expect(Number(before)).toBeGreaterThan(1);
    await sleep(200);
    expect(await value('kept')).toBe(before);
  });

  it('closes servers that the cell has started, so that it can be run again', async () => {
    const code = (port: number): string => `import http from 'node:http';
import net from 'node:net';
const servers = [http.createServer().listen(${port}), net.createServer().listen(0)];
await new Promise((resolve) => servers[1].once('listening', resolve));
const { port } = servers[0].address() as net.AddressInfo;
await new Promise(() => {});`;
    expect(await interrupted(code(0))).toBe('KeyboardInterrupt');
    expect(await value('servers.map(({ listening }) => listening).join()')).toBe("'false,false'");
    expect(await interrupted(code(Number(await value('port'))))).toBe('KeyboardInterrupt');
  });

  it('leaves servers of other cells open', async () => {
    await kernel.execute("import http from 'node:http';\nconst server = http.createServer().listen(0);");
    expect(await interrupted('await new Promise(() => {});')).toBe('KeyboardInterrupt');
    expect(await value('server.listening')).toBe('true');
  });

  it.each([
    ['a loop that calls functions', 'const f = (x: number): number => x + 1; for (;;) f(3);'],
    ['a loop of awaits', 'for (;;) await null;'],
  ])('ends what the cell has left, found in %s', async (_, code) => {
    const left =
      "import fs from 'node:fs';\nconst again = (): void => { kept++; fs.stat('.', again); };\nagain();\n";
    const begun = 'await new Promise((resume) => setTimeout(resume, 20));\n';
    expect(await interrupted(left + begun + code)).toBe('KeyboardInterrupt');
    const before = await value('kept');
    expect(Number(before)).toBeGreaterThan(1);
    await sleep(200);
    expect(await value('kept')).toBe(before);
  });

  it('spares what a later cell has put to something of the interrupted one', async () => {
    const code = `import { EventEmitter } from 'node:events';
import fs from 'node:fs';
const events = new EventEmitter();
const beat = (): void => fs.stat('/', events.emit.bind(events, 'beat'));
await new Promise(() => {});`;
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    const later =
      "await new Promise((resume) => { events.once('beat', () => { kept = 7; resume(0); }); beat(); }); kept";
    expect(await value(later)).toBe('7');
  });

  it('lets reactions and iterators clean up', async () => {
    const code = `const seen: string[] = [];
const forever = (): Promise<never> => new Promise(() => {});
const closing: AsyncIterable<number> = {
  [Symbol.asyncIterator]: () => ({
    next: forever,
    return: async () => { seen.push('closed'); return { done: true, value: 0 }; },
  }),
};
const wait = async (): Promise<void> => { await forever(); };
void wait().finally(() => seen.push('finally'));
for await (const _ of closing);`;
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    expect(await value('seen.sort().join()')).toBe("'closed,finally'");
  });

  it('lets clean-up call what it needs', async () => {
    const code = `const seen: string[] = [];
const clean = (what: string): void => { seen.push(what); };
jupyter.signal.addEventListener('abort', () => clean('abort'));
using held = { [Symbol.dispose]() { ['using'].forEach((what) => clean(what)); } };
try { await new Promise(() => {}); } finally { clean('finally'); }`;
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    expect(await value('seen.join()')).toBe("'abort,finally,using'");
  });

  it('ends worker threads that the cell has started', async () => {
    const code = `import { Worker } from 'node:worker_threads';
let exit: number | undefined;
const worker = new Worker('for (;;);', { eval: true });
worker.on('exit', (status) => { exit = status; });
await new Promise(() => {});`;
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    await sleep(200);
    expect(await value('worker.threadId')).toBe('-1');
  });

  it('is what process.exit is to its cell, also in a timer that fires after it', async () => {
    const { content } = (await kernel.execute('process.exit(3)')).reply;
    expect(content).toMatchObject({ ename: 'ExitError', evalue: expect.stringContaining('process.exit(3)') });
    await kernel.execute('setTimeout(() => process.exit(2), 20);');
    const late = (): object[] =>
      kernel.published
        .filter(({ header }) => header.msg_type === 'error')
        .map(({ content: { ename, evalue } }) => ({ ename, evalue }));
    await kernel.until(() => late().length === 2);
    expect(late()[1]).toMatchObject({
      ename: 'ExitError',
      evalue: expect.stringContaining('process.exit(2)'),
    });
    expect(await value('kept')).toBe('0');
  });

  it('reaches child processes that run beside the cell', async () => {
    const code =
      "import { spawn } from 'node:child_process';\nconst child = spawn('sleep', ['47']);\nawait new Promise((resume) => child.on('exit', resume));";
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    await sleep(200);
    expect(await value('child.signalCode')).toBe("'SIGINT'");
  });

  it('reaches what a shell beside the cell has started', async () => {
    const code = `import { exec, execSync } from 'node:child_process';
exec('sleep 4701; echo over');
await new Promise(() => {});`;
    expect(await interrupted(code)).toBe('KeyboardInterrupt');
    await sleep(200);
    expect(await value('execSync(\'pgrep -fx "sleep 4701" || echo none\').toString().trim()')).toBe("'none'");
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
