import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { losslabSpec } from '../../../kernel/src/install/spec';
import { readConnection } from '../../../kernel/src/wire/connection';
import { nodesAtHand } from '../onNode';
import { KernelClient, startKernel } from '../wire/client';
import { writeConnection } from '../wire/connections';

const BUSY = 'for (;;);';
const SWALLOWS = 'for (;;) { try { for (;;); } catch {} }';
const STATES: [name: string, cell: string | undefined][] = [
  ['idle', undefined],
  ['in a busy loop', BUSY],
  ['in a loop that swallows what is thrown', SWALLOWS],
  ['in a cell that awaits', 'await new Promise(() => {})'],
];

/** Begins a cell without waiting for its end. */
async function begin(kernel: KernelClient, code: string): Promise<void> {
  void kernel.request('shell', 'execute_request', { code: `console.log('begun'); ${code}` }).catch(() => {});
  await kernel.until(() => kernel.published.some(({ content }) => content.text === 'begun\n'));
}

describe.each(nodesAtHand().map((node) => [/losslab-nodes.(\d+)/.exec(node)?.[1] ?? 'here', node]))(
  'after a shutdown on Node %s',
  (_, node) => {
    it.each(STATES)('the kernel ends with status 0, %s', async (_name, cell) => {
      const kernel = await startKernel({ node: node! });
      if (cell !== undefined) await begin(kernel, cell);
      const below = processesBelow(kernel.child.pid!);
      expect(await kernel.shutDown()).toEqual({ status: 0, signal: null });
      expect(await leftOf(below)).toEqual([]);
    });
  },
);

describe.runIf(process.platform === 'linux')('when the program that started it is gone', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it.each(STATES)('the kernel ends too, %s', async (_name, cell) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'losslab-orphan-'));
    folders.push(folder);
    const file = path.join(folder, 'connection.json');
    await writeConnection(file);
    const { argv } = losslabSpec();
    const command = argv.map((part) => part.replace('{connection_file}', file));
    const parent = spawn(process.execPath, ['-e', STARTS, folder, ...command], { stdio: 'ignore' });
    const kernel = new KernelClient(parent, readConnection(file));
    await kernel.until(() => kernel.published.some(({ header }) => header.msg_type === 'iopub_welcome'));
    await kernel.request('shell', 'execute_request', { code: '1' });
    if (cell !== undefined) await begin(kernel, cell);
    const below = processesBelow(parent.pid!);
    expect(below.length).toBeGreaterThan(0);
    parent.kill('SIGKILL');
    const left = await leftOf(below);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    await kernel.shutDown();
    expect(left).toEqual([]);
  });
});

/** Starts the kernel in a group of its own, as Jupyter does, and stays. */
const STARTS = `
  const [folder, command, ...args] = process.argv.slice(1);
  const env = { ...process.env, JPY_PARENT_PID: String(process.pid), LOSSLAB_KERNEL_DATA: folder };
  require('node:child_process').spawn(command, args, { cwd: folder, env, stdio: 'ignore', detached: true });
  setInterval(() => {}, 1000);`;

/** Every process that one has started, and those have. */
function processesBelow(pid: number): number[] {
  if (!existsSync('/proc')) return [];
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const below = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(status.slice(status.lastIndexOf(')')).split(' ')[2]);
  } catch {
    return 0;
  }
}

/** Those of the processes that live on after some seconds. */
async function leftOf(pids: number[]): Promise<number[]> {
  const isAlive = (pid: number): boolean => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z';
    } catch {
      return false;
    }
  };
  for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) await pause(50);
  return pids.filter(isAlive);
}
