import { execFile } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/setup/paths.mjs';
import { appendEntry, type Entry, type Limits, readEntries } from './file';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'losslab-history-'));
  file = path.join(folder, 'deep', 'history.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (line: number, life = 'a'): Entry => ({ life, line, source: `cell ${line} of ${life}` });
const LINE = Buffer.byteLength(JSON.stringify(entry(100))) + 1;
const small = (kept: number, cells = 1000): Limits => ({ bytes: 2 * kept * LINE, kept: kept * LINE, cells });

describe('the file', () => {
  it('gives back what was appended, any text, in order', () => {
    const sources = ['', 'two\nlines', '\u2028 😀 \ud800 "\\"', '}{'];
    for (const [line, source] of sources.entries()) appendEntry(file, { life: 'a', line, source });
    expect(readEntries(file).entries.map(({ source }) => source)).toEqual(sources);
  });

  it('that is not there has no cells', () => {
    expect(readEntries(file)).toEqual({ entries: [], dropped: 0 });
  });

  it.runIf(process.platform !== 'win32')('can be read by its user alone', () => {
    appendEntry(file, entry(1));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('loses a damaged line and no other', () => {
    appendEntry(file, entry(1));
    appendFileSync(file, '\n{"life":"a","line":2,"sou');
    appendEntry(file, entry(3));
    appendFileSync(file, '\n[1]\nnull\n7\n{"life":1,"line":4,"source":"x"}\n\0\0\n');
    appendEntry(file, entry(5));
    expect(readEntries(file).entries).toEqual([entry(1), entry(3), entry(5)]);
  });

  it('keeps the latest cells and says how many sessions went', () => {
    for (let line = 100; line < 103; line++) appendEntry(file, entry(line, 'b'), small(10));
    for (let line = 100; line < 160; line++) {
      appendEntry(file, entry(line), small(10));
      expect(statSync(file).size).toBeLessThan(21 * LINE);
    }
    const { entries, dropped } = readEntries(file);
    expect(dropped).toBe(1);
    expect(entries.length).toBeGreaterThanOrEqual(10);
    expect(entries).toEqual(entries.map((_, index) => entry(160 - entries.length + index)));
  });

  it('is bounded by the number of cells, too', () => {
    for (let line = 100; line < 121; line++) appendEntry(file, entry(line), small(10, 4));
    expect(readEntries(file).entries.map(({ line }) => line)).toEqual([117, 118, 119, 120]);
  });

  it('does not take a cell that would push most others out', () => {
    appendEntry(file, entry(1), small(10));
    appendEntry(file, { ...entry(2), source: 'x'.repeat(4 * LINE) }, small(10));
    expect(readEntries(file).entries).toEqual([entry(1)]);
  });

  it('is not shortened while another kernel does so, but after one died over it', () => {
    appendEntry(file, entry(100));
    const lock = `${file}.lock`;
    writeFileSync(lock, '');
    for (let line = 101; line < 130; line++) appendEntry(file, entry(line), small(10));
    expect(readEntries(file).entries).toHaveLength(30);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(lock, longAgo, longAgo);
    appendEntry(file, entry(130), small(10));
    appendEntry(file, entry(131), small(10));
    expect(readEntries(file).entries.map(({ line }) => line)).toEqual([
      122, 123, 124, 125, 126, 127, 128, 129, 130, 131,
    ]);
    expect(existsSync(lock)).toBe(false);
  });
});

describe('kernels at the same time', () => {
  const PROGRAM = `
    const { appendEntry } = require(${JSON.stringify(inRoot('kernel', 'dist', 'history', 'file.js'))});
    const [file, life, limits] = process.argv.slice(1);
    for (let line = 1; line <= 300; line++) appendEntry(file, { life, line, source: 'x' }, JSON.parse(limits));`;

  it('lose nothing, though each of them rewrites the file after each cell', async () => {
    const always: Limits = { bytes: 0, kept: 2 ** 22, cells: 1e6 };
    const lives = ['a', 'b', 'c', 'd'];
    const run = promisify(execFile);
    await Promise.all(
      lives.map((life) => run(process.execPath, ['-e', PROGRAM, file, life, JSON.stringify(always)])),
    );
    const { entries, dropped } = readEntries(file);
    for (const life of lives) {
      const lines = entries.filter((one) => one.life === life).map(({ line }) => line);
      expect(lines.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    }
    expect(dropped).toBe(0);
  });
});
