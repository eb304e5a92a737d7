import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CompileReply } from '../places/compiled';
import { type CompilerClient, startCompiler } from './client';
import type { LaunchOptions } from './launch';

const DIST = path.resolve(__dirname, '../../dist/compiler');
const server = path.join(DIST, 'server.js');

/** All orders of eight things, twenty times over: minutes of work for TypeScript. */
const MONSTER = [
  'type Orders<T, K = T> = [T] extends [never] ? [] : K extends K ? [K, ...Orders<Exclude<T, K>>] : never;',
  ...Array.from({ length: 20 }, (_, at) => {
    const things = Array.from({ length: 8 }, (_, thing) => `'${at}-${thing}'`);
    return `let orders${at}: Orders<${things.join(' | ')}>;`;
  }),
].join('\n');

let folder = '';
let client: CompilerClient;
let id = 0;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'losslab-client-'));
});
afterEach(() => client.close());
afterAll(() => rmSync(folder, { recursive: true }));

function start(options: LaunchOptions = {}): void {
  client = startCompiler({ cwd: folder, server, ...options });
}

function compile(code: string): Promise<CompileReply> {
  id += 1;
  return client.compile({ id, code, check: true });
}

/** Compiles a cell and says that it has run. */
async function run(code: string): Promise<void> {
  const reply = await compile(code);
  if (!reply.ok) throw new Error(reply.text);
  client.commit(reply.cell.id, reply.cell.names);
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function untilGone(pid: number): Promise<void> {
  for (const end = Date.now() + 20_000; isAlive(pid); await sleep(20))
    if (Date.now() > end) throw new Error(`process ${pid} is still there`);
}

describe('the compiler', () => {
  it('answers what is asked at once, before it is warm', async () => {
    start();
    expect(client.version).toMatch(/^6\.0\./);
    const [reply, complete] = await Promise.all([compile('const a: number = 1'), client.isComplete('f(')]);
    expect(reply).toMatchObject({ ok: true, cell: { id, names: ['a'], source: 'const a: number = 1' } });
    expect(complete).toEqual({ status: 'incomplete', indent: '  ' });
  });

  it('knows what has run', async () => {
    start();
    await run('const a = 1; function f(x: string) { return x.length; }');
    const reply = await compile('f(a)');
    expect(reply).toMatchObject({ ok: false, problems: [{ kind: 'type', code: 2345, line: 1, column: 3 }] });
    expect(await client.complete('f("").toFi', 10)).toMatchObject({ start: 6, items: [{ text: 'toFixed' }] });
    expect((await client.inspect('f', 1, 0))?.['text/plain']).toBe('function f(x: string): number');
    expect(await client.inspect('nobody', 6, 0)).toBeUndefined();
  });

  it('takes cells of a megabyte and lone surrogates', async () => {
    start();
    const long = `const text = "${'x'.repeat(1e6)}\ud800";`;
    const reply = await compile(long);
    expect(reply.ok && reply.cell.source === long).toBe(true);
  });

  it('is told nothing of the flags that are meant for the user', async () => {
    start({ env: { ...process.env, NODE_OPTIONS: '--require ./there-is-no-such-file.js' } });
    expect(await compile('1')).toMatchObject({ ok: true });
  });
});

describe('a process that is killed', () => {
  it('is replaced by one that knows the same cells', async () => {
    start();
    await run('const a = 1; interface Shape { size: number }');
    await run('const b = a + 1; class Box<T> { constructor(readonly inner: T) {} }');
    await run('import { join } from "node:path"; namespace Types { export type T = string } enum E { A }');
    // Threw before `late` had a value.
    await run('let a2 = 2');
    const thrown = await compile('const a2 = "text", late = 1');
    client.commit(id, []);
    expect(thrown.ok).toBe(true);
    process.kill(client.pid!, 'SIGKILL');
    const uses =
      'const s: Shape = { size: b }; const t: Types.T = join("a", E[E.A]); new Box(a2).inner.toFixed()';
    expect(await compile(uses)).toMatchObject({ ok: true });
    expect(await compile('late')).toMatchObject({ ok: false, problems: [{ code: 2304 }] });
  });

  it('is asked again what it was asked', async () => {
    start();
    await client.ready;
    const answers = Promise.all([compile('const a = 1'), client.isComplete('f('), client.complete('Mat', 3)]);
    process.kill(client.pid!, 'SIGKILL');
    const [compiled, complete, { items }] = await answers;
    expect(compiled).toMatchObject({ ok: true });
    expect(complete.status).toBe('incomplete');
    expect(items.map(({ text }) => text)).toContain('Math');
  });

  it('over the same question twice is its answer; what waited behind it is answered', async () => {
    start();
    const monster = compile(MONSTER);
    const next = client.isComplete('1');
    for (let times = 0; times < 2; times += 1) {
      await sleep(1500);
      process.kill(client.pid!, 'SIGKILL');
    }
    const reply = await monster;
    expect(reply).toMatchObject({ ok: false, problems: [{ line: 1, column: 1 }] });
    expect(!reply.ok && reply.text).toBe("TypeScript's process ended (SIGKILL).");
    expect(await next).toEqual({ status: 'complete' });
  });
});

/** Programs that speak like the compiler and then fail, as the compiler would in states that no cell brings about. */
function failing(then: string): string {
  const file = path.join(mkdtempSync(path.join(folder, 'failing-')), 'server.js');
  writeFileSync(
    file,
    `const lines = require(${JSON.stringify(path.join(DIST, 'lines.js'))});
     const replies = new (require('node:net').Socket)({ fd: 3 });
     lines.readLines(process.stdin, (message) => {
       if (message.type === 'start') lines.writeLine(replies, { type: 'ready' });
       if (message.type === 'ask') { ${then} }
     });`,
  );
  return file;
}

describe('a compiler that fails', () => {
  it('for want of memory says so, and is not asked the same again', async () => {
    const grows = `require('v8').setFlagsFromString('--max-old-space-size=40');
      for (const all = []; ; ) all.push(new Array(4e6).fill(0));`;
    start({ server: failing(grows) });
    const reply = await compile('1');
    expect(!reply.ok && reply.text).toBe("TypeScript's process ended (out of memory).");
  });

  it('by an error of TypeScript itself says which, and is replaced', async () => {
    const fails =
      "lines.writeLine(replies, { type: 'failed', number: message.number, error: 'Debug Failure.' })";
    start({ server: failing(fails) });
    await client.ready;
    const { pid } = client;
    const reply = await compile('1');
    expect(!reply.ok && reply.text).toBe('Debug Failure.');
    expect(client.pid).not.toBe(pid);
    await untilGone(pid!);
  });

  it('at every start answers so, and is tried again for the next question only', async () => {
    const file = path.join(folder, 'no-server.js');
    writeFileSync(file, "console.error('no such thing'); process.exit(7)");
    start({ server: file });
    const reply = await compile('1');
    expect(!reply.ok && reply.text).toBe("TypeScript's process ended (exit status 7: no such thing).");
    await sleep(500);
    expect(client.pid).toBeUndefined();
    writeFileSync(
      file,
      readFileSync(
        failing(
          "lines.writeLine(replies, { type: 'answer', number: message.number, answer: { status: 'complete' } })",
        ),
      ),
    );
    expect(await client.isComplete('1')).toEqual({ status: 'complete' });
  });

  it('prints what it likes', async () => {
    const noise = `console.log('\\n{}\\n'); console.error('{}');
      lines.writeLine(replies, { type: 'answer', number: message.number, answer: { status: 'complete' } })`;
    start({ server: failing(noise) });
    expect(await client.isComplete('1')).toEqual({ status: 'complete' });
  });
});

describe('an interrupt', () => {
  it('answers the compile at once, and the next cell knows what the ones before it had', async () => {
    start();
    await run('const a = 1');
    const { pid } = client;
    const monster = compile(MONSTER);
    const waiting = client.isComplete('f(');
    await sleep(200);
    const before = performance.now();
    client.abandon(100);
    expect(await monster).toMatchObject({ ok: false, text: 'The compilation was interrupted.' });
    expect(performance.now() - before).toBeLessThan(100);
    expect(await compile('a.toFixed()')).toMatchObject({ ok: true });
    expect(await waiting).toMatchObject({ status: 'incomplete' });
    await untilGone(pid!);
  });

  it('of a compile that is nearly through keeps the process', async () => {
    start();
    await client.ready;
    const { pid } = client;
    const quick = compile('const a = 1');
    client.abandon(10_000);
    expect(await quick).toMatchObject({ ok: false });
    expect(await compile('1')).toMatchObject({ ok: true });
    expect(client.pid).toBe(pid);
  });

  it('of nothing does nothing', async () => {
    start();
    await client.ready;
    const { pid } = client;
    const complete = client.isComplete('1');
    client.abandon(0);
    expect(await complete).toEqual({ status: 'complete' });
    await sleep(50);
    expect(client.pid).toBe(pid);
  });
});

describe('the end', () => {
  it('by close is at once, also of a process that computes', async () => {
    start();
    await client.ready;
    const pid = client.pid!;
    const monster = compile(MONSTER);
    await sleep(200);
    await client.close();
    expect(isAlive(pid)).toBe(false);
    expect(await monster).toMatchObject({ ok: false, text: 'The kernel is shutting down.' });
    expect(await client.isComplete('1')).toEqual({ status: 'unknown' });
  });

  it("in a worker it works while the main thread is busy, and ends with the kernel's SIGKILL", async () => {
    start();
    const worker = `
      const { startCompiler } = require(${JSON.stringify(path.join(DIST, 'client.js'))});
      const { writeSync } = require('node:fs');
      const compiler = startCompiler({ cwd: ${JSON.stringify(folder)} });
      compiler.compile({ id: 1, code: 'const a = 1', check: true }).then(async (first) => {
        compiler.commit(1, ['a']);
        process.kill(compiler.pid, 'SIGKILL');
        const second = await compiler.compile({ id: 2, code: 'a.toFixed()', check: true });
        writeSync(1, JSON.stringify([first.ok, second.ok, compiler.pid]) + '\\n');
      });`;
    const main = `new (require('node:worker_threads').Worker)(${JSON.stringify(worker)}, { eval: true });
      setTimeout(() => { for (;;); }, 50);`;
    const kernel = spawn(process.execPath, ['-e', main], { stdio: ['ignore', 'pipe', 'inherit'] });
    const printed = await new Promise<string>((resolve) =>
      kernel.stdout.once('data', (data) => resolve(`${data}`)),
    );
    kernel.kill('SIGKILL');
    const [first, second, pid] = JSON.parse(printed) as [boolean, boolean, number];
    expect([first, second]).toEqual([true, true]);
    await untilGone(pid);
  });

  it('does not come with Control-C in the terminal', async () => {
    start();
    await client.ready;
    process.kill(client.pid!, 'SIGINT');
    const { pid } = client;
    expect(await compile('1')).toMatchObject({ ok: true });
    expect(client.pid).toBe(pid);
  });

  it('keeps no process alive that has nothing else to do', () => {
    const program = `const { startCompiler } = require(${JSON.stringify(path.join(DIST, 'client.js'))});
      const compiler = startCompiler({ cwd: ${JSON.stringify(folder)} });
      compiler.isComplete('1').then(() => compiler.close());`;
    start();
    execFileSync(process.execPath, ['-e', program], { timeout: 30_000 });
  });
});
