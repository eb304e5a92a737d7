import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

// How children end when the program does that has the pool: programs of their own, on the compiled library.

const dist = path.resolve(__dirname, '../../../dist/engine');

const PROGRAM = `
  require('${dist}/backend');
  const { openPool } = require('${dist}/pool');
  const { serialize } = require('${dist}/graph/savedModel');
  const { DType } = require('${dist}/graph/graph');
  const outputs = [{ shape: [300, 300], dtype: DType.float }];
  const x = { op: 'Placeholder', inputs: [], attrs: {}, outputs };
  const nodes = [x];
  const to = (node) => ({ node, index: 0 });
  while (nodes.length < 4) nodes.push({ op: 'MatMul', inputs: [to(nodes.at(-1)), to(x)], attrs: {}, outputs });
  const graph = serialize({ feeds: [x], nodes, fetches: [to(nodes.at(-1))] }, { callerThread: true });
  const pool = openPool({ processes: 3 });
  const kept = pool.keep({ values: new Float32Array(9e4).fill(1e-3), shape: [300, 300] });
  const shipped = pool.load({ graph, work: 1e15 });
  const run = (count) => shipped.map(count, () => [kept]);
  const children = async () => {
    while (pool.children().length < 2) await run(1);
    console.log(JSON.stringify(pool.children()));
  };`;

function start(then: string): ChildProcess {
  const code = `${PROGRAM}\n(async () => { ${then} })();`;
  return spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function childrenOf(program: ChildProcess): Promise<number[]> {
  const [line] = (await once(program.stdout!, 'data')) as [Buffer];
  return JSON.parse(String(line)) as number[];
}

/** Not gone, nor ended and waiting for somebody to ask how. */
function isAlive(pid: number): boolean {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0);
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Fails with the test's time limit when they stay. */
async function untilGone(pids: number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(20);
}

describe('children end with their parent', () => {
  it('when it has no more to do, which an idle pool does not hinder', async () => {
    const program = start('await children();');
    const children = await childrenOf(program);
    const began = performance.now();
    const [code] = await once(program, 'exit');
    expect(code).toBe(0);
    expect(performance.now() - began).toBeLessThan(5000);
    await untilGone(children);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('when it is ended by %s, idle', async (signal) => {
    const program = start('await children(); setInterval(() => {}, 1000);');
    const children = await childrenOf(program);
    expect(children.map(isAlive)).toEqual([true, true]);
    program.kill(signal);
    await untilGone(children);
  });

  it('when it is killed at work', async () => {
    const program = start('await children(); await run(1e6);');
    const children = await childrenOf(program);
    await sleep(200);
    program.kill('SIGKILL');
    await untilGone(children);
  });

  it('when it throws, and when it calls process.exit', async () => {
    for (const end of ['throw new Error("end")', 'process.exit(3)']) {
      const program = start(`await children(); ${end}`);
      await untilGone(await childrenOf(program));
    }
  });

  it('and an interrupt that reaches all of them leaves the decision to it', async () => {
    const program = start(`process.on('SIGINT', () => {}); await children();
      for (const pid of pool.children()) process.kill(pid, 'SIGINT');
      await run(50);
      console.log(JSON.stringify(pool.children()));`);
    let text = '';
    program.stdout!.on('data', (data) => {
      text += data;
    });
    await once(program, 'exit');
    const [before, after] = text.trim().split('\n');
    expect(JSON.parse(before!)).toHaveLength(2);
    expect(after).toBe(before);
  });

  it('and a work under way keeps its parent running until it is done', async () => {
    const program = start('run(20).then((results) => console.log(results.length));');
    const [line] = (await once(program.stdout!, 'data')) as [Buffer];
    expect(String(line).trim()).toBe('20');
    await once(program, 'exit');
  });

  it('and TensorFlow’s start-up lines in them are not shown', async () => {
    const program = start('await children();');
    let shown = '';
    program.stderr!.on('data', (data) => {
      shown += data;
    });
    await once(program, 'exit');
    expect(shown).not.toContain('oneDNN custom operations');
  });
});
