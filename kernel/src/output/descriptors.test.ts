import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/setup/paths.mjs';
import { nodesAtHand, onNode } from '../../../tests/kernel/onNode';

const READER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { captured, file } = workerData;
  let text = { stdout: '', stderr: '' };
  const reading = require(file).readDescriptors(captured, (stream, piece) => { text[stream] += piece; });
  parentPort.on('message', (drain) => {
    if (drain) reading.drain();
    parentPort.postMessage(text);
    text = { stdout: '', stderr: '' };
  });
  parentPort.postMessage('up');`;

const file = inRoot('kernel', 'dist', 'output', 'descriptors.js');

/** The threads of a kernel: main captures and runs `body`, where `read()` is what the other thread has read. */
const program = (body: string): string => `
  const { captureDescriptors } = kernel('output/descriptors');
  const captured = captureDescriptors();
  const { Worker } = require('node:worker_threads');
  const { execSync, spawn } = require('node:child_process');
  const fs = require('node:fs');
  const worker = new Worker(${JSON.stringify(READER)}, { eval: true, workerData: { captured, file: ${JSON.stringify(file)} } });
  const message = () => new Promise((resolve) => worker.once('message', resolve));
  const read = (drain = true) => { worker.postMessage(drain); return message(); };
  (async () => { await message(); ${body}; process.exit(0); })();`;

const reported = (body: string, node?: string): unknown[] => {
  const { reported, status } = onNode(program(body), node === undefined ? {} : { node });
  expect(status).toBe(0);
  return reported;
};

describe.runIf(process.platform !== 'win32')('captured descriptors', () => {
  it.each(nodesAtHand())('bring what native code and children write, on %s', (node) => {
    const body = `
      process._rawDebug('native');
      execSync('echo out; echo err >&2', { stdio: 'inherit' });
      report(await read());`;
    expect(reported(body, node)).toEqual([{ stdout: 'out\n', stderr: 'native\nerr\n' }]);
  });

  it('arrive while the main thread is blocked', () => {
    const body = `
      fs.writeSync(1, 'before ');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      report(await read(false));`;
    expect(reported(body)).toEqual([{ stdout: 'before ', stderr: '' }]);
  });

  it('take 100 MB that native code writes while the main thread is blocked', () => {
    const body = `
      execSync('head -c 100000000 /dev/zero', { stdio: 'inherit' });
      report((await read()).stdout.length);`;
    expect(reported(body)).toEqual([100_000_000]);
  });

  it('join characters that are cut between two reads', () => {
    const body = `
      const bytes = Buffer.from('é😀');
      fs.writeSync(1, bytes.subarray(0, 4)); report((await read()).stdout);
      fs.writeSync(1, bytes.subarray(4)); report((await read()).stdout);`;
    expect(reported(body)).toEqual(['é', '😀']);
  });

  it('are at once all there after a drain', () => {
    const body = `
      const lengths = [];
      for (let i = 1; i <= 50; i += 1) { fs.writeSync(2, 'x'.repeat(1000 * i)); lengths.push((await read()).stderr.length / i); }
      report([...new Set(lengths)]);`;
    expect(reported(body)).toEqual([[1000]]);
  });

  it('leave no file behind, and are not open in children', () => {
    const body = `
      const own = process.platform === 'linux' ? require('node:path').dirname(fs.readlinkSync('/proc/self/fd/1')) : '';
      const child = spawn('ls', ['-l', '/proc/self/fd'], { stdio: ['ignore', 'pipe', 'inherit'] });
      let open = ''; child.stdout.on('data', (text) => { open += text; });
      await new Promise((resolve) => child.on('close', resolve));
      report(fs.existsSync(own));
      report(open);`;
    const [left, open] = reported(body);
    expect(left).toBe(false);
    // Its own descriptor 2 alone.
    if (process.platform === 'linux') expect(`${open}`.match(/losslab-descriptors-/g)).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux')('leave no number below 3 to what other threads open', () => {
    expect(reported("report(fs.readlinkSync('/proc/self/fd/0'))")).toEqual(['/dev/null']);
  });

  it('leave the terminal open for last words, unless that is a socket', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'losslab-terminal-'));
    const log = path.join(folder, 'log');
    const body =
      "require('node:fs').writeSync(require(process.argv[1]).captureDescriptors().terminal, 'last words')";
    execFileSync('sh', ['-c', 'exec "$0" -e "$1" "$2" 2> "$3"', process.execPath, body, file, log]);
    expect(readFileSync(log, 'utf8')).toBe('last words');
    rmSync(folder, { recursive: true });
    expect(reported('report(captured.terminal ?? null)')).toEqual([null]);
  });

  it('are captured also when descriptor 0 is closed', () => {
    const body = `report([captured !== undefined, fs.fstatSync(1).isFIFO(), fs.fstatSync(2).isFIFO()])`;
    expect(reported(body)).toEqual([[true, true, true]]);
    const closing = onNode(`require('node:fs').closeSync(0); ${program(body)}`);
    expect(closing.reported).toEqual([[true, true, true]]);
  });

  it('do not hang a child that outlives the kernel', () => {
    const body = `
      const child = spawn('sh', ['-c', 'sleep 0.5; echo late; echo later; echo $$ > /dev/null'], { stdio: 'inherit', detached: true });
      report(child.pid)`;
    const [pid] = reported(body) as [number];
    const end = Date.now() + 3000;
    const isAlive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (isAlive() && Date.now() < end) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    expect(isAlive()).toBe(false);
  });
});
