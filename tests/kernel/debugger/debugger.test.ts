import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodesAtHand } from '../onNode';
import { type CellRun, type KernelClient, startKernel } from '../wire/client';
import { DebugClient, resultOf } from './dap';

const CELL = `// Twice and half
type Count = number;
const total: Count = base + 1;

async function twice(n: Count) {
  await sleep(5);
  const result = n * 2;
  return result;
}
const doubled = await twice(total);
for (let i = 0; i < 2; i++) {
  base += half(i);
}
doubled + 1`;

const status = ({ reply }: CellRun): unknown => reply.content.status;

describe.each(nodesAtHand())('the debugger on %s', (node) => {
  let kernel: KernelClient;
  let debug: DebugClient;

  beforeAll(async () => {
    kernel = await startKernel({ node });
    debug = new DebugClient(kernel);
    await kernel.execute('const sleep = (ms: number) => new Promise((resume) => setTimeout(resume, ms));');
    await kernel.execute('function half(n: number) {\n  const h = n / 2;\n  return h;\n}');
  });

  afterAll(async () => {
    expect(await kernel.shutDown()).toEqual({ status: 0, signal: null });
  });

  beforeEach(async () => {
    await debug.get('disconnect');
    await debug.attach();
    await kernel.execute('let base = 40;');
  });

  it('stops at a line of the cell, shows its variables, and goes on', async () => {
    expect(await debug.setBreakpoints(CELL, 12)).toEqual([12]);
    const run = kernel.execute(CELL);
    expect(await debug.stop()).toBe('breakpoint');
    expect((await debug.stack())[0]).toMatch(/^cell \[\d+\]:12$/);
    const { Local, Notebook } = await debug.scopes();
    expect(Local).toEqual({ i: '0' });
    expect(Notebook).toMatchObject({ base: '40', total: '41', doubled: '82', half: '[Function: half]' });
    await debug.get('continue');
    expect(await debug.stop()).toBe('breakpoint');
    expect((await debug.scopes()).Local).toEqual({ i: '1' });
    await debug.get('continue');
    expect(resultOf(await run)).toEqual({ 'text/plain': '83' });
    expect(debug.events('continued').length).toBeGreaterThan(0);
  });

  it('stops in a cell that is run again, and in functions of earlier cells', async () => {
    await debug.setBreakpoints('function half(n: number) {\n  const h = n / 2;\n  return h;\n}', 3);
    for (const n of [1, 2]) {
      const run = kernel.execute(`half(${n})`);
      expect(await debug.stop()).toBe('breakpoint');
      expect((await debug.stack())[0]).toBe('half:3');
      expect((await debug.stack())[1]).toMatch(/^cell \[\d+\]:1$/);
      expect((await debug.scopes()).Local).toEqual({ n: String(n), h: String(n / 2) });
      await debug.get('continue');
      expect(resultOf(await run)).toEqual({ 'text/plain': String(n / 2) });
    }
  });

  it('puts a breakpoint where nothing happens on the next line, and after the last one on that', async () => {
    expect(await debug.setBreakpoints(CELL, 1, 5, 14, 99)).toEqual([3, 6, 14, 14]);
    expect(await debug.setBreakpoints('// nothing\ntype T = string;', 1)).toEqual([]);
    expect(await debug.setBreakpoints(CELL, { line: 3, condition: 'base >' })).toEqual([]);
    const nowhere = { source: { path: '/nowhere/at-all.ts' }, breakpoints: [{ line: 1 }] };
    expect(await debug.get('setBreakpoints', nowhere)).toMatchObject({ breakpoints: [{ verified: false }] });
  });

  it('steps over lines and awaits, into functions and out of them', async () => {
    await debug.setBreakpoints(CELL, 10);
    const run = kernel.execute(CELL);
    await debug.stop();
    const walked: string[] = [];
    for (const step of ['stepIn', 'next', 'next', 'stepOut', 'next', 'stepIn', 'stepOut']) {
      await debug.get(step);
      expect(await debug.stop()).toBe('step');
      walked.push((await debug.stack())[0]?.replace(/ \[\d+\]/, '') ?? '');
    }
    expect(walked).toEqual(['twice:6', 'twice:7', 'twice:8', 'cell:11', 'cell:12', 'half:2', 'cell:11']);
    await debug.get('continue');
    expect(status(await run)).toBe('ok');
  });

  it('a step past the end of a cell stops nowhere, neither in it nor in the next', async () => {
    await debug.setBreakpoints('base + 2', 1);
    const run = kernel.execute('base + 2');
    await debug.stop();
    await debug.get('stepIn');
    expect(resultOf(await run)).toEqual({ 'text/plain': '42' });
    expect(resultOf(await kernel.execute('half(base)'))).toEqual({ 'text/plain': '20' });
  });

  it('stops only where a condition holds, which may name variables of the notebook and have types', async () => {
    const code = 'for (let i = 0; i < 100; i++) {\n  base += i;\n}';
    await debug.setBreakpoints(code, { line: 2, condition: '(i as number) === 7 && base > 40' });
    const run = kernel.execute(code);
    await debug.stop();
    expect((await debug.scopes()).Local).toEqual({ i: '7' });
    await debug.get('continue');
    expect(status(await run)).toBe('ok');
  });

  it('stops where an error is thrown, when asked to', async () => {
    const code = 'function fails() {\n  throw new TypeError("wrong");\n}\nfails();';
    await debug.get('setExceptionBreakpoints', { filters: ['all'] });
    const run = kernel.execute(code);
    expect(await debug.stop()).toBe('exception');
    expect((await debug.stack())[0]).toBe('fails:2');
    expect(debug.events('stopped').at(-1)?.text).toBe('TypeError: wrong');
    await debug.get('continue');
    expect((await run).reply.content.ename).toBe('TypeError');
    await debug.get('setExceptionBreakpoints', { filters: [] });
    expect((await kernel.execute(code)).reply.content.ename).toBe('TypeError');
  });

  it('stops at a debugger statement', async () => {
    const run = kernel.execute('const before = 1;\ndebugger;\nbefore');
    expect(await debug.stop()).toBe('breakpoint');
    expect((await debug.stack())[0]).toMatch(/:2$/);
    await debug.get('continue');
    expect(status(await run)).toBe('ok');
  });

  it.each([
    ['a loop', 'while (spins >= 0) {\n  spins += 1;\n}'],
    ['a loop of awaits', 'while (spins >= 0) {\n  spins += 1;\n  await sleep(30);\n}'],
  ])('pauses %s when asked to', async (_, code) => {
    await kernel.execute('let spins = 0;');
    const run = kernel.execute(code);
    await debug.get('pause');
    expect(await debug.stop()).toBe('pause');
    expect((await debug.stack())[0]).toMatch(/^cell \[\d+\]:\d$/);
    await debug.get('evaluate', { expression: 'spins = -2', frameId: (await debug.frames())[0]?.id });
    await debug.get('continue');
    expect(status(await run)).toBe('ok');
  });

  it('stops in a file beside the notebook', async () => {
    const { published } = await kernel.execute('process.cwd()');
    const folder = String((resultOf({ published }) as Record<string, string>)['text/plain']).slice(1, -1);
    const file = path.join(folder, 'helper.ts');
    writeFileSync(
      file,
      'export interface Point { x: number }\n\nexport function norm({ x }: Point): number {\n  return Math.abs(x);\n}\n',
    );
    await kernel.execute("import { norm } from './helper';");
    const set = await debug.get('setBreakpoints', { source: { path: file }, breakpoints: [{ line: 3 }] });
    expect(set).toMatchObject({ breakpoints: [{ line: 4, verified: true }] });
    const run = kernel.execute('norm({ x: -2 })');
    await debug.stop();
    expect((await debug.stack())[0]).toBe('norm:4');
    expect((await debug.frames())[0]?.source.path).toBe(file);
    await debug.get('continue');
    expect(resultOf(await run)).toEqual({ 'text/plain': '2' });
    const { modules } = await debug.get<{ modules: { path: string }[] }>('modules');
    expect(modules.map(({ path }) => path)).toContain(file);
  });

  it('answers everything else while the program stands', async () => {
    await debug.setBreakpoints('base + 3', 1);
    const run = kernel.execute('base + 3');
    await debug.stop();
    const { content } = await kernel.request('shell', 'complete_request', { code: 'bas', cursor_pos: 3 });
    expect(content.matches).toContain('base');
    expect((await kernel.request('control', 'kernel_info_request', {})).content.supported_features).toContain(
      'debugger',
    );
    expect(await kernel.beats()).toBe(true);
    await debug.get('continue');
    expect(status(await run)).toBe('ok');
  });

  it('is interrupted at a breakpoint: nothing of the cell runs on, its variables stay', async () => {
    const code =
      'let reached = base;\nreached = 1;\nreached = 2;\ntry { await sleep(1); } finally { reached = 3; }';
    for (let round = 0; round < 5; round++) {
      await debug.setBreakpoints(code, 3);
      const run = kernel.execute(code);
      await debug.stop();
      const begin = performance.now();
      await kernel.request('control', 'interrupt_request', {});
      expect((await run).reply.content.ename).toBe('KeyboardInterrupt');
      expect(performance.now() - begin).toBeLessThan(1000);
      expect(resultOf(await kernel.execute('reached'))).toEqual({ 'text/plain': '1' });
    }
  });

  it('is interrupted in loops and in awaits while the debugger is attached', async () => {
    for (const code of ['for (;;);', 'await new Promise(() => {});', 'for (;;) await 1;']) {
      const run = kernel.execute(code);
      await sleep(150);
      await kernel.request('control', 'interrupt_request', {});
      expect((await run).reply.content.ename).toBe('KeyboardInterrupt');
    }
    expect(resultOf(await kernel.execute('base'))).toEqual({ 'text/plain': '40' });
  });

  it('lets a cell that stands run to its end when it is disconnected, and stops nowhere after', async () => {
    await debug.setBreakpoints('base + 4', 1);
    const run = kernel.execute('base + 4');
    await debug.stop();
    await debug.get('disconnect');
    expect(resultOf(await run)).toEqual({ 'text/plain': '44' });
    expect(resultOf(await kernel.execute('debugger;\nbase + 4'))).toEqual({ 'text/plain': '44' });
    expect(await debug.get('debugInfo')).toMatchObject({
      isStarted: false,
      breakpoints: [],
      stoppedThreads: [],
    });
  });

  it('slows awaits down only while it is attached', async () => {
    const code =
      'const begin = performance.now();\nfor (let i = 0; i < 2e5; i++) await i;\nperformance.now() - begin';
    const time = async (): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 4; round++)
        times.push(Number((resultOf(await kernel.execute(code)) as Record<string, string>)['text/plain']));
      // What else the machine does makes it longer, never shorter.
      return Math.min(...times);
    };
    const attached = await time();
    await debug.get('disconnect');
    expect(await time()).toBeLessThan(attached / 2);
  });

  it('says what is wrong with a request', async () => {
    expect(await debug.ask('dance')).toMatchObject({
      success: false,
      message: 'The debugger knows no request dance.',
    });
    expect(await debug.ask('next')).toMatchObject({
      success: false,
      message: expect.stringContaining('The program runs'),
    });
    expect(await debug.ask('scopes', { frameId: 1 })).toMatchObject({
      success: false,
      message: expect.stringContaining('no frame 1'),
    });
    await debug.get('disconnect');
    expect(await debug.ask('inspectVariables')).toMatchObject({
      success: false,
      message: expect.stringContaining('not attached'),
    });
  });

  it('is shut down at a breakpoint', async () => {
    const other = await startKernel({ node });
    const itsDebug = new DebugClient(other);
    await itsDebug.attach();
    await itsDebug.setBreakpoints('const stays = 1;', 1);
    void other.execute('const stays = 1;').catch(() => undefined);
    await itsDebug.stop();
    const begin = performance.now();
    expect(await other.shutDown()).toEqual({ status: 0, signal: null });
    expect(performance.now() - begin).toBeLessThan(2000);
  });
});

const sleep = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds));
