import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TestSession } from '../../../tests/kernel/cells';
import { inspect } from './inspect';
import { shownFile, withoutPaths } from './paths';

const folder = mkdtempSync(path.join(tmpdir(), 'losslab-paths-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(path.join(folder, 'node_modules', 'shapes'), { recursive: true });
const write = (file: string, text: string): void => writeFileSync(path.join(folder, file), text);
write('helper.ts', 'export const half = (x: number): number => x / 2;');
write('node_modules/shapes/package.json', '{ "name": "shapes", "types": "index.d.ts" }');
write('node_modules/shapes/index.d.ts', 'export declare const sides: number;');
write('node_modules/shapes/index.js', 'exports.sides = 4;');

const session = new TestSession(folder);
const lookAt = (code: string): string =>
  inspect(session.compiler, code, code.length, 1)?.['text/plain'] ?? '';

describe('a file', () => {
  it.each([
    ['/home/me/nb/helper.ts', 'helper.ts'],
    ['/home/me/lib/up.ts', '../lib/up.ts'],
    ['/home/me/nb/node_modules/foo/dist/a.d.ts', 'foo/dist/a.d.ts'],
    ['/x/node_modules/a/node_modules/@b/c/index.d.ts', '@b/c/index.d.ts'],
  ])('%s is told as %s', (file, told) => {
    expect(shownFile(file, '/home/me/nb')).toBe(told);
  });
});

describe('a type', () => {
  it.each([
    ['typeof import("/x/node_modules/foo/dist/index")', 'typeof import("foo")'],
    ['import("/x/node_modules/@types/node/fs").Stats', 'import("node").Stats'],
    ['import("/x/node_modules/@types/a__b/index").C', 'import("@a/b").C'],
    ['typeof import("/home/me/nb/helper")', 'typeof import("./helper")'],
    ['typeof import("/home/me/lib/up")', 'typeof import("../lib/up")'],
    ['import("/home/me/nb/cell-12_").Shape', 'Shape'],
    ["'/x/node_modules/foo/index.js' is untyped", "'foo/index.js' is untyped"],
    ['"/not/a/module" | \'/nor/a/file\'', '"/not/a/module" | \'/nor/a/file\''],
  ])('%s is told as %s', (type, told) => {
    expect(withoutPaths(type, '/home/me/nb')).toBe(told);
  });

  it('has no path of this machine in an error or where it is looked up', async () => {
    await session.run("import * as helper from './helper'; import * as shapes from 'shapes'; const x = 1;");
    expect(session.problems('const a: string = helper').join()).toContain('typeof import("./helper")');
    expect(session.problems('const a: string = shapes').join()).toContain('typeof import("shapes")');
    expect(lookAt('helper')).toContain('helper: typeof import("./helper")\n\nDeclared in helper.ts:1');
    expect(lookAt('shapes')).toContain('Declared in shapes/index.d.ts:1');
    expect(lookAt('x')).toBe('const x: 1\n\nDeclared in an earlier cell, line 1\n\nconst x = 1;');
    for (const name of ['helper', 'shapes', 'x', 'Array']) expect(lookAt(name)).not.toContain(folder);
  });
});
