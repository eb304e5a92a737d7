import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { candidateFolders, withFolder } from './folder';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'losslab-test-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const files = { 'saved_model.pb': Uint8Array.of(1, 2, 3), 'config.pb': Uint8Array.of(4) };
const left = () => readdirSync(parent);
const compiled = path.resolve(__dirname, '../../../dist/engine/graph/folder.js');

/** Another process that opens a folder below `parent` and does `use` in it. */
function inChild(use: string): number | string | null {
  const script = `require(${JSON.stringify(compiled)}).withFolder('pool', { 'saved_model.pb': new Uint8Array(9) }, () => { ${use} }, [${JSON.stringify(parent)}])`;
  const { status, signal } = spawnSync(process.execPath, ['-e', script]);
  return signal ?? status;
}

describe('the folder of a graph', () => {
  it('holds the files, is readable for this user only and says what it is for', () => {
    const seen = withFolder(
      '1thread',
      files,
      (folder) => ({
        folder,
        model: [...readFileSync(path.join(folder, 'saved_model.pb'))],
        config: [...readFileSync(path.join(folder, 'config.pb'))],
        mode: statSync(folder).mode & 0o077,
      }),
      [parent],
    );
    expect(path.dirname(seen.folder)).toBe(parent);
    expect(seen.folder).toContain(`-${process.pid}-1thread-`);
    expect(seen).toMatchObject({
      model: [1, 2, 3],
      config: [4],
      ...(process.platform === 'win32' ? {} : { mode: 0 }),
    });
  });

  it('is gone afterwards, and after an error, which passes', () => {
    withFolder('pool', files, () => expect(left()).toHaveLength(1), [parent]);
    expect(left()).toEqual([]);
    const fail = () => {
      throw new Error('not a graph');
    };
    expect(() => withFolder('pool', files, fail, [parent])).toThrow('not a graph');
    expect(left()).toEqual([]);
  });

  it('is one of its own for each of two at once', () => {
    const inner = (folder: string) =>
      withFolder('pool', files, (other) => other !== folder && left().length, [parent]);
    expect(withFolder('pool', files, inner, [parent])).toBe(2);
  });

  it('lies in memory where the system has it, else with the temporary files', () => {
    expect(candidateFolders()).toContain(os.tmpdir());
    if (process.platform === 'linux') expect(candidateFolders()[0]).toBe('/dev/shm');
  });
});

describe('a folder that cannot be written to', () => {
  it('is passed over for the next', () => {
    const absent = path.join(parent, 'absent');
    const room = path.join(parent, 'room');
    mkdirSync(room);
    expect(path.dirname(withFolder('pool', files, (folder) => folder, [absent, room]))).toBe(room);
  });

  it('is not passed over when what is done in it fails', () => {
    let calls = 0;
    const fail = () => {
      calls++;
      throw new Error('not a graph');
    };
    expect(() => withFolder('pool', files, fail, [parent, os.tmpdir()])).toThrow('not a graph');
    expect(calls).toBe(1);
  });

  it('is named, with the reason and what to do, when there is no other; half a graph does not stay', () => {
    const wrong = { 'saved_model.pb': Uint8Array.of(1), 'absent/config.pb': Uint8Array.of(1) };
    expect(() => withFolder('pool', wrong, () => {}, [parent, '/nowhere/at/all'])).toThrow(
      new RegExp(
        `a folder for a graph of 1 KB was expected in ${parent} or /nowhere/at/all, got ENOENT.*; ENOENT.*set TMPDIR`,
      ),
    );
    expect(left()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('because the disk is full is named so', () => {
    const full = { [path.relative(path.join(parent, 'folder'), '/dev/full')]: Uint8Array.of(1) };
    expect(() => withFolder('pool', full, () => {}, [parent])).toThrow(
      /ENOSPC.*Free space there, or set TMPDIR/,
    );
    expect(left()).toEqual([]);
  });
});

describe('the folder of a process that was killed while it loaded', () => {
  const killed = () => inChild("process.kill(process.pid, 'SIGKILL')");

  it('is removed by the next process', () => {
    expect(killed()).toBe('SIGKILL');
    expect(left()).toHaveLength(1);
    expect(inChild('')).toBe(0);
    expect(left()).toEqual([]);
  });

  it('is told from that of a process that still loads', () => {
    withFolder(
      'pool',
      files,
      () => {
        expect(inChild('')).toBe(0);
        expect(left()).toHaveLength(1);
      },
      [parent],
    );
  });

  it('is told from what others put there', () => {
    const others = ['losslab-graph-notes.txt', 'losslab', 'pulse-shm-1'];
    for (const name of others) writeFileSync(path.join(parent, name), '');
    expect(inChild('')).toBe(0);
    expect(left().sort()).toEqual(others.sort());
  });

  it('of another container, whose processes cannot be seen, is removed after an hour only', () => {
    const [fresh, old] = ['fresh', 'old'].map((name) =>
      path.join(parent, `losslab-graph-00000000-1-pool-${name}`),
    );
    for (const folder of [fresh!, old!]) mkdirSync(folder);
    const before = new Date(Date.now() - 3_700_000);
    utimesSync(old!, before, before);
    expect(inChild('')).toBe(0);
    expect([fresh!, old!].map((folder) => existsSync(folder))).toEqual([true, false]);
  });
});
