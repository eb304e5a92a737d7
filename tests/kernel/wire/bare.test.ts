import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRoot, venvBin } from '../../../scripts/setup/paths.mjs';
import { writeConnection } from './connections';

const folder = mkdtempSync(path.join(tmpdir(), 'losslab-wire-'));
afterAll(() => rmSync(folder, { recursive: true }));

const here = (file: string): string => inRoot('tests', 'kernel', 'wire', file);

interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  problems: string;
}

async function run(program: string, args: string[]): Promise<Ended> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject).on('close', (...how) => resolve(how));
  });
  const [out, problems, [status, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  return { status, signal, out, problems };
}

describe('the wire, in a worker, as jupyter_client sees it', () => {
  const flood = { text: 'π-', times: 1000, count: 10_000 };
  let kernel: Ended;
  let client: Ended;
  beforeAll(async () => {
    const file = path.join(folder, 'connection.json');
    await writeConnection(file);
    [kernel, client] = await Promise.all([
      run(process.execPath, [here('bare.cjs'), file]),
      run(venvBin('python'), [here('bare.py'), file, JSON.stringify(flood)]),
    ]);
  });

  it('welcomes a subscriber, answers on each channel and drops what is forged', () => {
    expect(client.problems).toBe('');
    const reply = ['echo_reply', 'echo_request', '5.5'];
    expect(JSON.parse(client.out)).toMatchObject({
      welcome: ['iopub_welcome', { subscription: '' }],
      replies: [reply, reply, reply],
      dropped: { forged: 1, malformed: 0, garbled: 0, replayed: 0 },
    });
  });

  it('loses nothing of 10,000 messages and a reply that are sent right before the process ends', () => {
    expect(JSON.parse(client.out)).toMatchObject({
      inOrder: true,
      characters: 20_000_000,
      last: 'flood_reply',
    });
  });

  it('ends with status 0 and no abort, the main thread blocked until the sockets are closed', () => {
    expect(kernel).toEqual({ status: 0, signal: null, out: '', problems: '' });
  });
});
