import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { losslabSpec } from '../../../kernel/src/install/spec';
import { inRoot, jupyterEnvironment, venvBin } from '../../../scripts/setup/paths.mjs';

interface Shown {
  type: string;
  content: Record<string, unknown>;
}

/** What `protocol.py` says of each of its scenarios. */
let results: Record<string, unknown>;

let folder = '';
const typesOf = (published: Shown[]): string[] => published.map(({ type }) => type);

describe('at the wire', () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'losslab-protocol-'));
    const spec = path.join(folder, 'kernels', 'losslab');
    mkdirSync(spec, { recursive: true });
    writeFileSync(path.join(spec, 'kernel.json'), JSON.stringify(losslabSpec()));
    const python = spawn(venvBin('python'), [inRoot('tests', 'kernel', 'wire', 'protocol.py')], {
      cwd: folder,
      env: { ...process.env, ...jupyterEnvironment(), JUPYTER_PATH: folder, LOSSLAB_KERNEL_DATA: folder },
    });
    const [out, problems] = await Promise.all([text(python.stdout), text(python.stderr)]);
    if (out === '') throw new Error(problems);
    results = JSON.parse(out);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a subscriber of iopub is welcomed', () => {
    expect(results.welcome).toEqual({ type: 'iopub_welcome', content: { subscription: '' } });
  });

  it('a cell shows its input, its streams and its value', () => {
    const { reply, published } = results.cell as { reply: object; published: Shown[] };
    expect(reply).toMatchObject({ status: 'ok', user_expressions: {} });
    expect(typesOf(published)).toEqual(['execute_input', 'stream', 'stream', 'execute_result']);
    expect(published[1]?.content).toEqual({ name: 'stdout', text: 'out\n' });
    expect(published[2]?.content).toEqual({ name: 'stderr', text: 'err\n' });
    expect(published[3]?.content.data).toMatchObject({ 'text/plain': '2' });
  });

  it('the kernel is shown busy until its cell ends, whatever it answers in between', () => {
    const states = (results.states as [string, string][]).map((state) => state.join(' '));
    expect(states[0]).toBe('cell busy');
    expect(states.indexOf('comm_info idle')).toBeGreaterThan(0);
    expect(states.indexOf('cell busy', states.indexOf('comm_info idle'))).toBeGreaterThan(0);
    expect(states.at(-1)).toBe('cell idle');
  });

  it('an error has its name, its message and the line of the cell, in the reply as on iopub', () => {
    const { reply, published } = results.error as { reply: Record<string, unknown>; published: Shown[] };
    const error = published.find(({ type }) => type === 'error')?.content ?? {};
    expect(error).toMatchObject({ ename: 'RangeError', evalue: 'too far' });
    expect(reply).toMatchObject({ status: 'error', ...error });
    expect((error.traceback as string[]).join('\n')).toContain('cell [3], line 2, column 7');
  });

  it('cells are counted, but for those that are silent or not to be stored', () => {
    expect((results.counts as number[]).slice(1)).toEqual([1, 1, 1, 2]);
  });

  it('a silent cell shows what it prints and nothing else', () => {
    const { reply, published } = results.silent as { reply: object; published: Shown[] };
    expect(reply).toMatchObject({ status: 'ok' });
    expect(typesOf(published)).toEqual(['stream']);
  });

  it('user expressions are values or errors, each by itself', () => {
    const { good, bad } = results.expressions as Record<string, Record<string, unknown>>;
    expect(good).toMatchObject({ status: 'ok', data: { 'text/plain': '42' } });
    expect(bad).toMatchObject({ status: 'error', ename: expect.any(String), traceback: expect.any(Array) });
  });

  it('cells behind an error are aborted, unless they are not to be', () => {
    expect(results.aborted).toEqual({
      stop: ['error', 'aborted', 'aborted'],
      'go on': ['error', 'ok', 'ok'],
      next: 'ok',
    });
  });

  it('what is printed late belongs to the cell that caused it', () => {
    expect(results.late).toEqual([
      ['first', 'late\n'],
      ['second', 'second\n'],
    ]);
  });

  it('streams and displays come in the order of the code', () => {
    const texts = (results.order as string[]).map((text) => text.replace(/['\n]/g, ''));
    expect(texts).toEqual(['o0', 'd0', 'e0', 'o1', 'd1', 'e1', 'o2', 'd2', 'e2']);
  });

  it('cursors count code points', () => {
    expect(results.code_points).toEqual({
      length: 9,
      start: 5,
      end: 9,
      matches: expect.arrayContaining(['length']),
    });
  });

  it('the kernel answers while a cell computes', () => {
    const { taken, stillBusy, status } = results.while_computing as {
      taken: Record<string, number>;
      stillBusy: boolean;
      status: string;
    };
    expect(stillBusy).toBe(true);
    expect(status).toBe('ok');
    for (const seconds of Object.values(taken)) expect(seconds).toBeLessThan(0.3);
  });

  it('comms carry data and buffers both ways', () => {
    expect(results.comm).toEqual({
      content: { comm_id: 'c1', data: { got: { π: 1 } } },
      buffers: [Array.from({ length: 256 }, (_, byte) => byte), []],
      info: { c1: { target_name: 'echo' } },
    });
  });

  it('a comm to an unknown target is closed', () => {
    expect(results.unknown_comm).toMatchObject([{ type: 'comm_close', content: { comm_id: 'c2' } }]);
  });

  it('prompt asks the front end that ran the cell, and fails where there is nobody', () => {
    expect(results.asking).toEqual({
      question: {
        type: 'input_request',
        content: { prompt: expect.stringContaining('Who?'), password: false },
      },
      parent: true,
      status: 'ok',
      result: '3',
      unattended: 'error',
    });
  });

  it('an interrupt_request ends the cell in every state and keeps the session', () => {
    const { taken, ...rest } = results.interrupted as {
      taken: Record<string, [string, string, string, number]>;
    };
    expect(Object.keys(taken)).toHaveLength(3);
    for (const [answer, status, ename, seconds] of Object.values(taken)) {
      expect([answer, status, ename]).toEqual(['ok', 'error', 'KeyboardInterrupt']);
      expect(seconds).toBeLessThan(1);
    }
    expect(Object.values(rest)).toEqual([expect.stringContaining('kept')]);
  });

  it('the history has the tail, a range and what is searched', () => {
    expect(results.history).toEqual({
      tail: ["'second remembered'", "'first remembered'"],
      unique: ["'second remembered'", "'first remembered'"],
      last: ["'first remembered'"],
      wrong: 'error',
    });
  });

  it('a forged message and the second of two equal ones get no answer', () => {
    expect(results.forged).toEqual({ replies: ['kernel_info_reply'], ofForged: false });
  });

  it('a shutdown is answered in a busy loop, and the process ends with status 0', () => {
    expect(results.shutdown).toEqual({
      reply: { status: 'ok', restart: false },
      exit: 0,
      seconds: expect.any(Number),
    });
    expect((results.shutdown as { seconds: number }).seconds).toBeLessThan(5);
  });
});
