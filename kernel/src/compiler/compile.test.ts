import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { TestSession } from '../../../tests/kernel/cells';

const root = mkdtempSync(path.join(tmpdir(), 'losslab-compile-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
let folder = '';
let session: TestSession;

function open(files: Record<string, string> = {}): TestSession {
  folder = path.join(root, `${count++}`);
  mkdirSync(folder);
  write({ 'package.json': '{}', ...files });
  return new TestSession(folder);
}

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

const textOf = (code: string, check = true): string => {
  const reply = session.compile(code, check);
  return reply.ok ? '' : stripVTControlCharacters(reply.text);
};

describe('types', () => {
  beforeEach(() => {
    session = open();
  });

  it('flow from cell to cell', async () => {
    await session.run('const xs = [1, 2].map((n) => ({ n }))');
    await session.run('interface Named { name: string }\nconst f = <T extends Named>(t: T) => t');
    expect(session.problems('const s: string = xs[0].n')).toEqual([
      "1:7 TS2322 Type 'number' is not assignable to type 'string'.",
    ]);
    expect(session.problems('f({ nam: "x" })')[0]).toMatch(/^1:5 TS2561 .*Did you mean to write 'name'\?$/);
  });

  it('of an earlier variable hold for what is assigned to it', async () => {
    await session.run('let n = 1; const c = 2; function f() {} class K {} enum E { A }');
    expect(session.problems('n = "a"')).toEqual([
      "1:1 TS2322 Type 'string' is not assignable to type 'number'.",
    ]);
    expect(session.problems('[n] = ["a"]')[0]).toMatch('TS2322');
    expect(session.problems('c = 3')).toEqual(["1:1 TS2588 Cannot assign to 'c' because it is a constant."]);
    expect(session.problems('\n f = 3 as any')).toEqual([
      "2:2 TS2630 Cannot assign to 'f' because it is a function.",
    ]);
    expect(session.problems('K = 3 as any')[0]).toMatch('TS2629');
    expect(session.problems('E = 3 as any')[0]).toMatch('TS2628');
  });

  it('of a cell are those of its time: a redeclared name does not change what was made from it', async () => {
    await session.run('const x = 1');
    await session.run('const y = x');
    await session.run('const x = "s"');
    expect(session.problems('const n: number = y; const s: string = x')).toEqual([]);
  });

  it('of a cell that was wrong are forgotten', async () => {
    await session.run('const x = 1');
    expect(session.problems('const x = "s"; const y: number = x')).toHaveLength(1);
    expect(session.problems('const n: number = x')).toEqual([]);
    expect(session.problems('y')[0]).toMatch("TS2304 Cannot find name 'y'");
  });

  it('live at once, values only when the cell has come to them', () => {
    const reply = session.compile('interface A { a: number }\nconst one = 1, two = 2');
    if (!reply.ok) throw new Error(reply.text);
    session.compiler.commit(reply.cell.id, ['one']);
    expect(session.problems('const a: A = { a: one }')).toEqual([]);
    expect(session.problems('two')[0]).toMatch("TS2304 Cannot find name 'two'");
  });

  it('are not strict, and @types/node is always there', () => {
    expect(
      session.problems('function f(a) { return a } let s: string = null; console.log(Buffer.from(s))'),
    ).toEqual([]);
    expect(session.problems('document.title')[0]).toMatch('TS2584');
  });

  it('survive a name declared for all modules, and its cell', async () => {
    await session.run('declare global { interface Array<T> { lastOne?: T } }');
    for (let n = 0; n < 3; n++) await session.run(`${n}`);
    expect(session.problems('const n: number = [1].lastOne')).toEqual([]);
    expect(session.problems('const n: string = [1].lastOne')).toHaveLength(1);
  });
});

describe('what is wrong with a cell', () => {
  beforeEach(() => {
    session = open();
  });

  it('is said with its exact line and column, whatever the cell uses', async () => {
    await session.run('const a = 1');
    expect(session.problems('a; const s: string = a')).toEqual([
      "1:10 TS2322 Type 'number' is not assignable to type 'string'.",
    ]);
    expect(session.problems('\r\n\r\n  const s: string = a;\r\n')[0]).toMatch(/^3:9 TS2322/);
    expect(session.problems('"\uD83D\uDE00"; nowhere')[0]).toMatch(/^1:7 TS2304/);
  });

  it('is printed with the words and codes of tsc, laid out as errors of running cells are', () => {
    const reply = session.compile('const x: number =\n  "a"');
    expect(reply.ok ? '' : reply.text).toContain('\u001b[31merror TS2322\u001b[39m');
    expect(textOf('const x: number = "a"').split('\n')).toEqual([
      "cell, line 1, column 7 - error TS2322: Type 'string' is not assignable to type 'number'.",
      '> 1 | const x: number = "a"',
      '    |       ^',
    ]);
  });

  it('is named with the cell where two places are to blame', () => {
    expect(textOf('type T = { q: 1 };\nconst a: T = { q: 2 }')).toContain('cell, line 1, column 12');
  });

  it('counts as syntax even when nothing is checked', () => {
    for (const check of [true, false]) {
      const reply = session.compile('const = 4', check);
      expect(reply.ok || reply.problems[0]).toMatchObject({ kind: 'syntax', line: 1, column: 7 });
    }
    expect(session.problems('f(')[0]).toMatch(/^1:3 TS1005/);
    expect(session.problems('`a')[0]).toMatch(/^1:3 TS1160/);
    expect(session.problems('/* a')[0]).toMatch(/^1:5 TS1010/);
    expect(session.problems('return 4')[0]).toMatch(/^1:1 TS1108/);
    expect(session.problems('const arguments = 1')[0]).toMatch(/^1:7 TS1\d\d\d/);
  });

  it('is nothing when types are not checked', async () => {
    expect(session.problems('const x: number = "a"', false)).toEqual([]);
    expect(await session.value('// @ts-nocheck\nconst x: number = "a"; x')).toBe('a');
    expect(session.problems('// @ts-expect-error\nconst x: number = "a"')).toEqual([]);
  });

  it('comes with the npm i that would help', () => {
    expect(textOf('import x from "no-such-thing/deep"')).toContain('npm i no-such-thing\n');
    expect(textOf('const m = await import("@no/such/deep")')).toContain('npm i @no/such\n');
    expect(textOf('import "node:nothing"')).not.toContain('npm i');
  });

  it('comes with the files that were looked for', () => {
    write({ 'lib/other.ts': '' });
    expect(textOf('import x from "./lib/helper"')).toContain('Looked for lib/helper.ts, ');
    const named = textOf('import x from "./lib/helper.ts"');
    expect(named).toContain('Looked for lib/helper.ts, ');
    expect(named).not.toContain('helper.ts.');
  });

  it('comes with what a package that is installed has not', () => {
    write({
      'node_modules/here/package.json': '{ "name": "here", "types": "i.d.ts" }',
      'node_modules/here/i.d.ts': 'export declare const here: number;',
      'node_modules/@one/empty/package.json': '{ "name": "@one/empty" }',
    });
    expect(textOf('import x from "here/deep/nope"')).toContain(
      'here is installed, but has nothing to import under deep/nope',
    );
    expect(textOf('import x from "@one/empty"')).toContain('@one/empty is installed, but');
    expect(textOf('import x from "@one/other"')).toContain('npm i @one/other');
  });

  it('comes with how a file is read that is no code', () => {
    write({ 'data/notes.txt': 'a' });
    const text = textOf('import notes from "./data/notes.txt"');
    expect(text).toContain("fs.readFileSync('data/notes.txt', 'utf8')");
    expect(text).not.toContain('Looked for');
  });

  it('is gone when the package has been installed', () => {
    expect(session.problems('import { late } from "late"')[0]).toMatch('TS2307');
    write({
      'node_modules/late/package.json': '{ "name": "late", "types": "i.d.ts" }',
      'node_modules/late/i.d.ts': 'export declare const late: number;',
    });
    expect(session.problems('import { late } from "late"')).toEqual([]);
  });

  it('is not the length of a sum', async () => {
    expect(await session.value(`const k = 2; ${Array(2000).fill('k').join(' + ')}`)).toBe(4000);
  });

  it('may be its depth', () => {
    const reply = session.compile(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(reply.ok || reply.problems[0]!.message).toMatch('nested too deeply');
    expect(session.problems('1 + 1')).toEqual([]);
  });
});

describe('a tsconfig.json', () => {
  it('is honoured, and what it extends', () => {
    session = open({
      'tsconfig.json':
        '{ "extends": "./base.json", "compilerOptions": { "noUnusedLocals": true, "module": "commonjs", "target": "es5" } }',
      'base.json': '{ "compilerOptions": { "strict": true, "outDir": "dist", "composite": true } }',
    });
    expect(session.problems('let s: string = null')[0]).toMatch('TS2322');
    expect(session.problems('await Promise.resolve([..."a"])')).toEqual([]);
  });

  it('is looked for upwards, within the project', () => {
    session = open({ 'tsconfig.json': '{ "compilerOptions": { "strict": true } }', 'deep/x.txt': '' });
    session = new TestSession(path.join(folder, 'deep'));
    expect(session.problems('let s: string = null')[0]).toMatch('TS2322');
    write({ 'deep/package.json': '{}' });
    session = new TestSession(path.join(folder, 'deep'));
    expect(session.problems('let s: string = null')).toEqual([]);
  });

  it('is read again when it changes', () => {
    session = open({ 'tsconfig.json': '{}' });
    expect(session.problems('let s: string = null')).toEqual([]);
    write({ 'tsconfig.json': '{ "compilerOptions": { "strict": true } }' });
    expect(session.problems('let s: string = null')[0]).toMatch('TS2322');
  });

  it('that is wrong is said to be', () => {
    session = open({ 'tsconfig.json': '{\n  "compilerOptions": { "strict": "yes" }\n}' });
    expect(textOf('1')).toMatch(/strict/);
    session = open({ 'tsconfig.json': '{ "compilerOptions": ' });
    expect(textOf('1')).toMatch(/^tsconfig\.json, line 1, column 21 - error TS/);
    expect(textOf('1', false)).toBe('');
  });

  it('may ask for the older decorators, with metadata', async () => {
    session = open({
      'tsconfig.json':
        '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }',
    });
    await session.run(
      'const seen: unknown[] = []; (Reflect as any).metadata = (k: string, v: any) => () => { seen.push(v) }',
    );
    await session.run('class Earlier {}; const log = (target: any, key: string) => {}');
    const cell =
      'import { URL as U } from "node:url"; class Own {}; class K { @log m(a: Earlier, b: U, c: Own) {} }; seen.find(Array.isArray)';
    const [first, second, third] = (await session.value(cell)) as { name: string }[];
    expect([first?.name, second?.name, third?.name]).toEqual(['Earlier', 'URL', 'Own']);
    expect(
      await session.value(
        'function tag(c: any) { c.n = 1 } @tag class Q { static n: number; static q = Q } Q.n',
      ),
    ).toBe(1);
  });

  it('may have paths', async () => {
    session = open({
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }',
      'lib/h.ts': 'export const h = 5;',
    });
    expect(await session.value('import { h } from "@/h"; h')).toBe(5);
  });
});

describe('neighbours', () => {
  it('come compiled, each after what it imports, and only when they have changed', async () => {
    session = open({
      'a.ts':
        'import { b } from "./lib/b.js"; export const a: number = b + 1; export const dir = import.meta.url;',
      'lib/b.ts': 'import data from "../d.json"; export const b = data.k; await null; export enum E { X }',
      'd.json': '{ "k": 4 }',
    });
    const { value, cell } = await session.run('import { a } from "./a"; a');
    expect(value).toBe(5);
    expect(cell.neighbours.map(({ file }) => path.relative(folder, file))).toEqual([
      'd.json',
      'lib/b.ts',
      'a.ts',
    ]);
    expect(cell.neighbours[2]!.imports).toEqual({ './lib/b.js': path.join(folder, 'lib/b.ts') });
    expect((await session.run('import { a } from "./a"; a')).cell.neighbours).toEqual([]);
    write({ 'lib/b.ts': 'export const b = 40;' });
    const again = await session.run('import { a } from "./a"; a');
    expect(again.value).toBe(41);
    expect(again.cell.neighbours.map(({ file }) => path.basename(file))).toEqual(['b.ts']);
  });

  it('come again when the cell that brought them never ran', async () => {
    session = open({ 'a.ts': 'export const a = 1;' });
    for (let n = 0; n < 2; n++) {
      const reply = session.compile('import { a } from "./a"; a');
      expect(reply.ok && reply.cell.neighbours).toHaveLength(1);
    }
    await session.run('import { a } from "./a"; a');
    expect((await session.run('import { a } from "./a"; a')).cell.neighbours).toEqual([]);
  });

  it('using hides a variable of the session', async () => {
    session = open({});
    await session.run('let held: any = { v: 1 };');
    expect(await session.value('using held = { v: 5, [Symbol.dispose]() {} }; held.v')).toBe(5);
    expect(await session.value('held.v')).toBe(1);
  });

  it.each([
    ['in one cell', ['type Opt = { a: number }; let Opt: Opt = { a: 1 };']],
    ['in two', ['interface Opt { a: number }', 'let Opt: Opt = { a: 1 };']],
  ])('a name that is a type and a variable, %s, stays both where it is assigned', async (_, cells) => {
    session = open({});
    for (const cell of cells) await session.run(cell);
    expect(await session.value('Opt = { a: 2 }; const copy: Opt = Opt; copy.a')).toBe(2);
  });

  it('an error that speaks of an earlier cell quotes the user’s own lines of it', async () => {
    session = open({});
    await session.run('interface Opt { a: number }');
    const reply = session.compile("const opt: Opt = { a: 'x' }");
    expect(!reply.ok && reply.text).toContain('an earlier cell, line 1');
    expect(!reply.ok && reply.text).not.toContain('declare global');
  });

  it('may be called like cells', async () => {
    session = open({ 'cell-1.ts': 'export const mine = 1;', 'cell-2.ts': 'export const mine = 2;' });
    expect(await session.value('import { mine } from "./cell-2"; mine')).toBe(2);
    expect(await session.value('import * as one from "./cell-1"; one.mine + mine')).toBe(3);
  });

  it('may import each other in a circle', async () => {
    session = open({
      'even.ts':
        'import { odd } from "./odd"; export const even = (n: number): boolean => n === 0 || odd(n - 1);',
      'odd.ts':
        'import { even } from "./even"; export const odd = (n: number): boolean => n !== 0 && even(n - 1);',
    });
    expect(await session.value('import { even } from "./even"; even(10)')).toBe(true);
  });

  it('may be JavaScript: modules, CommonJS, with types beside it', async () => {
    session = open({
      'm.js': 'export const m = 1;',
      'e.mjs': 'export default 2;',
      'c.cjs':
        'const path = require("node:path"); module.exports = { c: 3, here: path.basename(__filename) };',
      'p.js': 'exports.p = 4;',
      't.js': 'exports.t = 5;',
      't.d.ts': 'export declare const t: number;',
    });
    const imports =
      'import { m } from "./m"; import e from "./e.mjs"; import c from "./c.cjs"; import { p } from "./p"; import { t } from "./t.js";';
    expect(await session.value(`${imports} [m, e, c.c, c.here, p, t]`)).toEqual([1, 2, 3, 'c.cjs', 4, 5]);
  });

  it('are reached by import() too', async () => {
    session = open({ 'a.ts': 'export const a = 1;' });
    expect(await session.value('const m = await import("./a"); const n: number = m.a; n')).toBe(1);
  });

  it('of types alone are not loaded', async () => {
    session = open({ 't.ts': 'export interface T { a: number }', 'd.d.ts': 'export type D = string;' });
    const { cell } = await session.run(
      'import type { T } from "./t"; import { D } from "./d"; const t: T = { a: 1 }',
    );
    expect(cell.neighbours).toEqual([]);
    expect(session.asked).toEqual([]);
  });

  it('are checked: what is wrong is named with file, line and column', () => {
    session = open({ 'a.ts': 'export const a = 1;\nexport const s: string = a;' });
    expect(textOf('import { a } from "./a"')).toMatch(/^a\.ts, line 2, column 14 - error TS2322/);
    expect(session.problems('import { a } from "./a"')[0]).toMatch(/^1:1 TS2322 a\.ts:2:14: /);
    expect(session.problems('import { a } from "./a"', false)).toEqual([]);
    write({ 'a.ts': 'export const a = ;' });
    expect(session.problems('import { a } from "./a"', false)[0]).toMatch(/a\.ts:1:18: Expression expected/);
    write({ 'a.ts': 'export const a = 1;' });
    expect(session.problems('import { a } from "./a"')).toEqual([]);
  });

  it('that miss a file find it when it is there', () => {
    session = open({ 'a.ts': 'export { b } from "./b";' });
    expect(session.problems('import { b } from "./a"')[0]).toMatch('TS2307');
    write({ 'b.ts': 'export const b = 1;' });
    expect(session.problems('import { b } from "./a"; b.toFixed()')).toEqual([]);
  });

  it('have source maps to their own lines', () => {
    session = open({
      'a.ts': 'interface I { a: 1 }\nexport function f() {\n  throw new Error("here");\n}\n',
    });
    const reply = session.compile('import { f } from "./a"');
    if (!reply.ok) throw new Error(reply.text);
    const { script, map, file } = reply.cell.neighbours[0]!;
    const line = script.split('\n').findIndex((text) => text.includes('new Error'));
    const entry = new SourceMap(JSON.parse(map)).findEntry(
      line,
      script.split('\n')[line]!.indexOf('new Error'),
    );
    expect(entry).toMatchObject({ originalLine: 2, originalColumn: 8, originalSource: file });
  });
});

describe('the source map', () => {
  it.each([
    ['throw new Error("x")', 'new Error', 1, 7],
    ['const a = 1; a; nowhere.x', 'nowhere.x', 1, 17],
    [
      'type T = 1;\n\nconst f = (n: number) => {\n  // here\n  if (n) throw new Error("y");\n};\nf(1)',
      'new Error',
      5,
      16,
    ],
    ['import { EOL } from "os";\nconst { a, b = boom() } = {} as any;', 'boom', 2, 16],
    ['for (var i = 0; i < 3; i++) {\n  await null;\n  oops(i as any);\n}', 'oops', 3, 3],
  ])('says where %j is', (code, what, line, column) => {
    session = open();
    const reply = session.compile(code, false);
    if (!reply.ok) throw new Error(reply.text);
    const lines = reply.cell.script.split('\n');
    const at = lines.findIndex((text) => text.includes(what));
    const map = new SourceMap(JSON.parse(reply.cell.map));
    expect(map.findEntry(at, lines[at]!.indexOf(what))).toMatchObject({
      originalLine: line - 1,
      originalColumn: column - 1,
      originalSource: reply.cell.file,
    });
  });
});

describe('in a long session', () => {
  beforeEach(() => {
    session = open();
  });

  it('a cell that is run again is not compiled again', async () => {
    const first = session.compile('let twice = 2; twice');
    const script = first.ok && first.cell.script;
    const times: number[] = [];
    for (let n = 0; n < 20; n++) {
      const start = performance.now();
      const { cell } = await session.run('let twice = 2; twice');
      times.push(performance.now() - start);
      expect(cell.script).toBe(script);
      expect(cell.file).toBe(path.join(folder, `cell-${cell.id}.ts`));
    }
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(3);
  });

  it('a cell is compiled again when a name that it uses means something else', async () => {
    await session.run('const x = 1');
    await session.run('const y = x');
    await session.run('const x = "s"');
    await session.run('const y = x');
    expect(session.problems('const s: string = y')).toEqual([]);
    expect(session.problems('z')).toHaveLength(1);
    await session.run('const z = 1');
    expect(session.problems('z')).toEqual([]);
  });

  it('cells that nobody can see leave the program', async () => {
    await session.run('const kept = 1');
    await session.run('const user = () => kept');
    for (let n = 0; n < 150; n++) await session.run(`const x = ${n}; x + kept`);
    const program = session.compiler.service.program();
    const texts = program
      .getSourceFiles()
      .filter(({ fileName, text }) => /cell-\d+\.ts$/.test(fileName) && text.includes('$cell'));
    expect(texts.map(({ text }) => text.split('\n')[0])).toEqual([
      'const x = 149; x + kept',
      'const kept = 1',
      'const user = () => kept',
    ]);
    expect(session.problems('const n: number = user() + x')).toEqual([]);
  });

  it('a cell of a megabyte is compiled', async () => {
    const code = `const big = [\n${'  { a: 1, b: "two", c: [3] },\n'.repeat(35_000)}];\nbig.length`;
    expect(code.length).toBeGreaterThan(1e6);
    expect(await session.value(code)).toBe(35_000);
    expect(session.problems('const s: string = big[0].b; const n: string = big[0].a')[0]).toMatch(
      /^1:35 TS2322/,
    );
  });
});
