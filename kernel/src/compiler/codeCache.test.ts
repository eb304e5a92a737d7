import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCompiler } from './client';
import { ORDINARY } from './launch';

const KERNEL = path.resolve(__dirname, '../..');

let folder = '';
let compiler = '';
let start = '';

/** A kernel of its own, as others may be starting from the one that was built. */
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'losslab-code-'));
  for (const part of ['dist', 'types', 'package.json'])
    cpSync(path.join(KERNEL, part), path.join(folder, part), {
      recursive: true,
      filter: (file) => !file.endsWith('.code'),
    });
  symlinkSync(path.resolve(KERNEL, '..', 'node_modules'), path.join(folder, 'node_modules'));
  compiler = path.join(folder, 'dist', 'compiler');
  start = path.join(compiler, 'start.js');
});
afterAll(() => rmSync(folder, { recursive: true }));

const kept = (): string[] => readdirSync(compiler).filter((file) => file.endsWith('.code'));

function isTaken(flags: readonly string[] = ORDINARY): string {
  const load = `console.log(require(${JSON.stringify(path.join(compiler, 'codeCache.js'))}).loadTypeScript())`;
  return execFileSync(process.execPath, [...flags, '-e', load], { encoding: 'utf8' }).trim();
}

async function firstCell(): Promise<boolean> {
  const client = startCompiler({ cwd: folder, server: start });
  try {
    return (await client.compile({ id: 1, code: 'const x: number = 1; x + 1', check: true })).ok;
  } finally {
    await client.close();
  }
}

describe("TypeScript's code", () => {
  it('is taken by V8 once it has been kept, and cells are compiled with it', async () => {
    expect(isTaken()).toBe('false');
    execFileSync(process.execPath, [...ORDINARY, start, 'keep']);
    expect(kept()).toHaveLength(1);
    expect(isTaken()).toBe('true');
    expect(await firstCell()).toBe(true);
  });

  it('of other flags is not looked at', () => {
    expect(isTaken(['--max-semi-space-size=1'])).toBe('false');
  });

  it('that is broken is refused, and cells are compiled without it', async () => {
    for (const file of kept()) writeFileSync(path.join(compiler, file), 'no code at all');
    expect(isTaken()).toBe('false');
    expect(await firstCell()).toBe(true);
  });
});
