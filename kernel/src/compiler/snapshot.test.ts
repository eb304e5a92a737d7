import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CompileReply } from '../places/compiled';
import { type CompilerClient, startCompiler } from './client';
import { FLAGS } from './launch';
import { Builder } from './snapshotBuild';
import { hasFailed, removeOld, takeLock } from './snapshotFolder';
import { snapshotName } from './snapshotName';

const code = path.resolve(__dirname, '../../dist/compiler');
const server = path.join(code, 'server.js');
const { NODE_OPTIONS, NODE_V8_COVERAGE, ...env } = process.env;

let folder = '';
let cache = '';
let blob = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'losslab-snapshot-'));
  cache = path.join(folder, 'data', 'cache');
  blob = path.join(cache, `${snapshotName(code, FLAGS)}.blob`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const clients: CompilerClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function start(options: { cwd?: string; cache?: string; idle?: number } = {}): CompilerClient {
  const client = startCompiler({ cwd: folder, cache, server, env, idle: 3_600_000, ...options });
  clients.push(client);
  return client;
}

const compile = (client: CompilerClient, text: string): Promise<CompileReply> =>
  client.compile({ id: 1, code: text, check: true });

const isWarm = (client: CompilerClient): boolean =>
  readFileSync(`/proc/${client.pid}/cmdline`, 'utf8').includes('--snapshot-blob');

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 150_000; !condition(); await sleep(50))
    if (Date.now() > end) throw new Error('waited in vain');
}

describe.runIf(process.platform === 'linux')('the snapshot', () => {
  it('is built when nothing has been asked for a while, and leaves nothing else behind', async () => {
    const client = start({ idle: 100 });
    await client.ready;
    expect(isWarm(client)).toBe(false);
    await until(() => existsSync(blob));
    await until(() => readdirSync(cache).length === 1);
  }, 180_000);

  it('starts a compiler that knows any folder and its packages', async () => {
    const cwd = path.join(folder, 'notebooks');
    mkdirSync(path.join(cwd, 'node_modules', 'some-package'), { recursive: true });
    writeFileSync(
      path.join(cwd, 'node_modules', 'some-package', 'index.d.ts'),
      'export declare const packed: string;',
    );
    writeFileSync(
      path.join(cwd, 'node_modules', 'some-package', 'package.json'),
      '{ "name": "some-package", "types": "index.d.ts" }',
    );
    writeFileSync(path.join(cwd, 'near.ts'), 'export const near = 1;');
    writeFileSync(path.join(cwd, 'tsconfig.json'), '{ "compilerOptions": { "strict": true } }');
    const client = start({ cwd });
    const imports =
      'import { packed } from "some-package"; import { near } from "./near"; process.title = packed';
    expect(await compile(client, imports)).toMatchObject({
      ok: true,
      cell: { file: path.join(cwd, 'cell-1.ts') },
    });
    expect(isWarm(client)).toBe(true);
    expect(await compile(client, 'near = "a"')).toMatchObject({ ok: false });
    const strict = await compile(client, 'const x: string = undefined');
    expect(strict).toMatchObject({ ok: false, problems: [{ code: 2322, line: 1, column: 7 }] });
    const { items } = await client.complete('import "./ne', 12);
    expect(items.map(({ text }) => text)).toEqual(['near']);
  });

  it('starts it faster', async () => {
    const time = async (options: object): Promise<number> => {
      const times: number[] = [];
      for (let run = 0; run < 3; run += 1) {
        const before = performance.now();
        await start(options).ready;
        times.push(performance.now() - before);
      }
      return Math.min(...times);
    };
    const ordinary = await time({ cache: path.join(folder, 'none') });
    expect(await time({})).toBeLessThan(ordinary * 0.8);
  });

  it('is not built twice', async () => {
    const before = readFileSync(blob).length;
    const client = start({ idle: 0 });
    await compile(client, '1');
    await sleep(300);
    expect(readdirSync(cache)).toEqual([path.basename(blob)]);
    expect(readFileSync(blob).length).toBe(before);
  });

  it.each([
    ['cut off', () => readFileSync(blob).subarray(0, 1e6)],
    ['of something else', () => Buffer.from('no snapshot at all')],
    ['empty', () => Buffer.alloc(0)],
  ])('that is %s is removed, and the compiler starts without', async (_, broken) => {
    const sound = readFileSync(blob);
    writeFileSync(blob, broken());
    const client = start();
    expect(await compile(client, '1')).toMatchObject({ ok: true });
    expect(isWarm(client)).toBe(false);
    expect(existsSync(blob)).toBe(false);
    writeFileSync(blob, sound);
  });

  it('of other flags is of another name', () => {
    expect(snapshotName(code, [...FLAGS, '--jitless'])).not.toBe(snapshotName(code, FLAGS));
  });
});

describe('a folder that can not be written to', () => {
  it('is no error', async () => {
    const file = path.join(folder, 'a-file');
    writeFileSync(file, '');
    const client = start({ cache: path.join(file, 'below'), idle: 0 });
    expect(await compile(client, '1')).toMatchObject({ ok: true });
    await sleep(300);
    expect(await compile(client, '2')).toMatchObject({ ok: true });
  });

  it.runIf(process.getuid?.() !== 0)('for want of permission is none, either', async () => {
    const locked = path.join(folder, 'locked');
    mkdirSync(locked, { mode: 0o500 });
    const builder = new Builder({ file: path.join(locked, 'a.blob'), code, flags: FLAGS, env });
    expect(await builder.run()).toBe(false);
    chmodSync(locked, 0o700);
  });
});

describe('the builder', () => {
  it('says of a snapshot that does not start that it failed, and removes it', async () => {
    const place = path.join(folder, 'failing');
    mkdirSync(place);
    writeFileSync(
      path.join(place, 'snapshotEntry.js'),
      'require("node:v8").startupSnapshot.setDeserializeMainFunction(() => process.exit(3))',
    );
    const file = path.join(place, 'typescript-x.blob');
    expect(await new Builder({ file, code: place, flags: FLAGS, env }).run()).toBe(false);
    expect(readdirSync(place).sort()).toEqual(['snapshotEntry.js', 'typescript-x.blob.failed']);
  });

  it('is tried again on another day', () => {
    const mark = path.join(folder, 'a.failed');
    expect(hasFailed(mark)).toBe(false);
    writeFileSync(mark, '');
    expect(hasFailed(mark)).toBe(true);
    const earlier = new Date(Date.now() - 25 * 3_600_000);
    utimesSync(mark, earlier, earlier);
    expect(hasFailed(mark)).toBe(false);
  });

  it('that is closed leaves nothing, and no mark', async () => {
    const place = path.join(folder, 'closed');
    const builder = new Builder({ file: path.join(place, 'typescript-x.blob'), code, flags: FLAGS, env });
    const run = builder.run();
    await sleep(200);
    await builder.close();
    expect(await run).toBe(false);
    expect(readdirSync(place)).toEqual([]);
  });

  it('does nothing while another one builds', async () => {
    const place = path.join(folder, 'locked-by-another');
    mkdirSync(place);
    const file = path.join(place, 'typescript-x.blob');
    const unlock = takeLock(`${file}.lock`, 1000)!;
    expect(await new Builder({ file, code, flags: FLAGS, env }).run()).toBe(false);
    expect(readdirSync(place)).toEqual(['typescript-x.blob.lock']);
    unlock();
  });

  it('takes the place of one that has died', () => {
    const lock = path.join(folder, 'lock');
    expect(takeLock(lock, 1000)).toBeDefined();
    expect(takeLock(lock, 1000)).toBeUndefined();
    const earlier = new Date(Date.now() - 5000);
    utimesSync(lock, earlier, earlier);
    expect(takeLock(lock, 1000)).toBeDefined();
  });

  it('keeps the snapshots of three Nodes, those that were used last', () => {
    const place = path.join(folder, 'old');
    mkdirSync(place);
    const age = (name: string, minutes: number): void => {
      const file = path.join(place, name);
      writeFileSync(file, '');
      const then = new Date(Date.now() - minutes * 60_000);
      utimesSync(file, then, then);
    };
    for (let minutes = 1; minutes <= 5; minutes += 1) age(`typescript-${minutes}.blob`, minutes);
    age('typescript-0.blob.123.tmp', 30);
    age('typescript-1.blob.124.tmp', 1);
    age('history.jsonl', 10_000);
    removeOld(path.join(place, 'typescript-5.blob'));
    const kept = [
      'history.jsonl',
      'typescript-1.blob',
      'typescript-1.blob.124.tmp',
      'typescript-2.blob',
      'typescript-5.blob',
    ];
    expect(readdirSync(place).sort()).toEqual(kept);
  });
});
