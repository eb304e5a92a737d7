import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TestSession } from '../../../tests/kernel/cells';

const folder = mkdtempSync(path.join(tmpdir(), 'losslab-cells-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

write({
  'node_modules/esm-only/package.json':
    '{ "name": "esm-only", "type": "module", "exports": { ".": "./index.js", "./sub": { "types": "./lib/sub.d.ts", "default": "./lib/sub.js" } } }',
  'node_modules/esm-only/index.js': 'export const hello = (name) => "hello " + name; export default 7;',
  'node_modules/esm-only/index.d.ts':
    'export declare const hello: (name: string) => string; declare const seven: number; export default seven; export interface Shape { sides: number }',
  'node_modules/esm-only/lib/sub.js': 'export const answer = 42;',
  'node_modules/esm-only/lib/sub.d.ts': 'export declare const answer: number;',
  'node_modules/cjs/package.json': '{ "name": "cjs", "main": "index.js" }',
  'node_modules/cjs/index.js': 'exports.two = 2;',
  'node_modules/cjs/data.json': '{ "deep": [1, 2] }',
  'data.json': '{ "k": 5 }',
});
symlinkSync(
  path.resolve(__dirname, '../../../node_modules/@types'),
  path.join(folder, 'node_modules', '@types'),
);

/** What it is, the cells, the value of the last. */
const FORMS: readonly (readonly [string, readonly string[], unknown])[] = [
  ['an expression', ['1 + 1'], 2],
  ['an expression with a semicolon', ['1 + 1;'], 2],
  ['an expression and empty statements', ['1 + 1;;\n;'], 2],
  ['an object in parentheses', ['({ a: 1 })'], { a: 1 }],
  ['a string that looks like a directive', ['"use nothing"'], 'use nothing'],
  ['an assignment', ['let x; x = 4'], 4],
  ['nothing after a declaration', ['const x = 4'], undefined],
  ['nothing after an if', ['if (true) 4'], undefined],
  ['nothing in an empty cell', [''], undefined],
  ['nothing in a comment', ['// 1\n/* 2 */'], undefined],
  ['a comment after the value', ['3 // three'], 3],
  ['a byte order mark', ['\uFEFF3'], 3],
  ['line ends of Windows', ['const a = 1;\r\nconst b = 2;\r\na + b\r\n'], 3],
  ['a line for the shell', ['#!/usr/bin/env node\n3'], 3],
  ['await at the end', ['await Promise.resolve(3)'], 3],
  ['await of parentheses', ['const w = await (async () => 5)(); w'], 5],
  ['await of brackets', ['const w = await [1, 2]; w'], [1, 2]],
  ['for await', ['let sum = 0; for await (const z of [1, Promise.resolve(2)]) sum += z; sum'], 3],
  ['for await with a var', ['for await (var z of [1, 2]) {} z'], 2],
  ['await in a nested function', ['const f = async () => { await null; return 4; }; await f()'], 4],
  ['variables of earlier cells', ['const a = 1; let b = 2; var c = 3', 'a + b + c'], 6],
  ['assigning an earlier let', ['let n = 1', 'n += 1; n++', 'n'], 3],
  ['a redeclared name', ['const x = 1', 'const x = "s"; x.length', 'x'], 's'],
  ['earlier functions see new values', ['let k = 1; const get = () => k', 'k = 5', 'get()'], 5],
  ['earlier functions see redeclared values', ['let k = 1; const get = () => k', 'let k = 6', 'get()'], 6],
  ['several declarations in one statement', ['const a = 1, b = a + 1, c = b + 1', '[a, b, c]'], [1, 2, 3]],
  ['a let without a value', ['let x = 1', 'let x: number | undefined; x'], undefined],
  ['var is there from the start', ['const before = y; var y = 2; [before, y]'], [undefined, 2]],
  ['var in a block', ['{ var inside = 3 }', 'inside'], 3],
  ['var in a loop', ['for (var i = 0, j = 9; i < 3; i++) j--;', '[i, j]'], [3, 6]],
  ['var over an object', ['for (var key in { a: 1, b: 2 }) {}', 'key'], 'b'],
  ['var with a pattern in a loop', ['for (var [p, { q }] of [[1, { q: 2 }]] as const) {}', '[p, q]'], [1, 2]],
  ['var in a function is its own', ['var v1 = 1; function f() { var v1 = 2; return v1; } [f(), v1]'], [2, 1]],
  ['let in a loop is its own', ['let i = 7; for (let i = 0; i < 3; i++) {} i'], 7],
  ['a loop over an earlier variable', ['let q = 0', 'for (q of [1, 2]) {} q'], 2],
  [
    'object patterns',
    ['const { a, b: { c = 3 }, ...rest } = { a: 1, b: {} as { c?: number }, d: 4, e: 5 }', '[a, c, rest]'],
    [1, 3, { d: 4, e: 5 }],
  ],
  [
    'array patterns',
    ['const [a, , b = 2, ...more] = [1, 0, undefined, 3, 4]', '[a, b, more]'],
    [1, 2, [3, 4]],
  ],
  [
    'a default that uses what is bound before',
    ['const { a, b = a } = { a: 1 } as { a: number; b?: number }', 'b'],
    1,
  ],
  ['a computed key', ['const key = "z"; const { [key]: value } = { z: 9 }', 'value'], 9],
  [
    'assignment patterns',
    ['let a = 1, b = 2', '[a, b] = [b, a]; ({ a, b: [b = 7] } = { a: a * 10, b: [] as number[] }); [a, b]'],
    [20, 7],
  ],
  ['a shorthand with a default', ['let a = 1', '({ a = 5 } = {} as { a?: number }); a'], 5],
  ['shorthand properties', ['const a = 1', '({ a, b: a })'], { a: 1, b: 1 }],
  [
    'names of functions',
    ['const f = () => {}; let g = function () {}; var h = class {}; [f.name, g.name, h.name]'],
    ['f', 'g', 'h'],
  ],
  ['names of assigned functions', ['let f: Function; f = () => {}; f.name'], 'f'],
  [
    'names of default functions',
    ['const { f = () => 1, g = (class {}) } = {} as any; [f.name, g.name]'],
    ['f', 'g'],
  ],
  [
    'a variable called __proto__',
    ['const __proto__ = () => 1; [typeof __proto__, __proto__.name]'],
    ['function', '__proto__'],
  ],
  ['typeof', ['const t = 1', 'typeof t'], 'number'],
  ['typeof what is not there', ['typeof (globalThis as any).nowhere'], 'undefined'],
  [
    'a labelled loop',
    ['const outer = 1; outer: for (const a of [1, 2]) { for (;;) continue outer; } outer'],
    1,
  ],
  [
    'calls without this',
    ['function f(this: unknown) { return this }', '[f(), (f)(), f!()]'],
    [undefined, undefined, undefined],
  ],
  ['optional calls', ['let f: undefined | (() => number)', 'f?.()', 'f = () => 2; f?.()'], 2],
  ['methods keep this', ['const o = { v: 3, get() { return this.v } }', 'o.get()'], 3],
  [
    'tagged templates',
    [
      'function tag(this: unknown, s: TemplateStringsArray, ...v: number[]) { return [this, s.raw.join("_"), v] }',
      `tag\`a\${1}b\``,
    ],
    [undefined, 'a_b', [1]],
  ],
  ['functions before their declaration', ['const five = f(); function f() { return 5 } five'], 5],
  [
    'functions of functions',
    [
      'function even(n: number): boolean { return n === 0 || odd(n - 1) } function odd(n: number): boolean { return n !== 0 && even(n - 1) }',
      'even(10)',
    ],
    true,
  ],
  [
    'overloads',
    [
      'function o(a: string): string; function o(a: number): number; function o(a: any) { return a }',
      '[o(1), o("a")]',
    ],
    [1, 'a'],
  ],
  ['generators', ['function* g() { yield 1; yield 2 }', '[...g()]'], [1, 2]],
  [
    'async generators',
    [
      'async function* g() { yield 1; await null; yield 2 }',
      'const all: number[] = []; for await (const v of g()) all.push(v); all',
    ],
    [1, 2],
  ],
  [
    'classes',
    [
      'class A { static one = 1; static two = A.one + 1; #p = 3; get p() { return this.#p } make() { return new A() } }',
      '[A.two, new A().make().p, A.name]',
    ],
    [2, 3, 'A'],
  ],
  [
    'a class of an earlier class',
    [
      'class A { hi() { return "A" } }',
      'class B extends A { hi() { return super.hi() + "B" } }',
      'new B().hi()',
    ],
    'AB',
  ],
  ['static blocks', ['class S { static x: number; static { S.x = 4 } }', 'S.x'], 4],
  ['accessors', ['class S { accessor x = 4 }', 'new S().x'], 4],
  ['enums', ['enum E { A, B = A + 2, C = B * 2 }', '[E.C, E[2]]'], [4, 'B']],
  ['const enums', ['const enum E { A = 1, B = A + 2 }', 'E.B'], 3],
  [
    'namespaces',
    [
      'namespace N { export const z = 4; export namespace M { export const k = z + 1 } export const all = N.z }',
      '[N.M.k, N.all]',
    ],
    [5, 4],
  ],
  ['a namespace of types', ['namespace T { export type A = number }', 'const a: T.A = 1; a'], 1],
  [
    'a function and its namespace',
    ['function f() { return f.count } namespace f { export const count = 3 }', 'f()'],
    3,
  ],
  [
    'an alias of a namespace',
    ['namespace N { export namespace M { export const k = 6 } }', 'import M = N.M; M.k', 'M.k'],
    6,
  ],
  ['interfaces across cells', ['interface A { a: number }', 'const q: A = { a: 3 }; q.a'], 3],
  [
    'a type and a value of one name, apart',
    ['const Options = { a: 1 }', 'type Options = { a: number }', 'const o: Options = Options; o.a'],
    1,
  ],
  ['satisfies, as, !', ['const a = ({ b: 1 } satisfies object as { b?: number }).b!; a'], 1],
  [
    'exported declarations',
    [
      'export const a = 1; export function f() { return a } export class C {} export enum E { X = 8 }',
      '[f(), C.name, E.X]',
    ],
    [1, 'C', 8],
  ],
  ['export lists', ['const a = 1; export { a as b }', 'a'], 1],
  ['export default of a value', ['export default 1 + 2'], 3],
  ['export default of a function', ['export default function f() { return 3 }', 'f()'], 3],
  ['export default of a class without a name', ['export default class { static x = 1 }', '1'], 1],
  [
    'ECMAScript packages',
    [
      'import seven, { hello as hi } from "esm-only"; import * as all from "esm-only"',
      '[seven, hi("you"), all.default]',
    ],
    [7, 'hello you', 7],
  ],
  ['exports maps', ['import { answer } from "esm-only/sub"', 'answer'], 42],
  ['CommonJS packages', ['import cjs from "cjs"; import { two } from "cjs"', '[cjs.two, two]'], [2, 2]],
  [
    'types of packages',
    [
      'import { type Shape, hello } from "esm-only"; import type { Shape as S } from "esm-only"',
      'const s: Shape = { sides: 3 }; const t: S = s; t.sides',
    ],
    3,
  ],
  ['imports for their effects', ['import "esm-only"; 1'], 1],
  [
    're-exports',
    [
      'export { hello as greet } from "esm-only"; export * as everything from "esm-only"; export * from "esm-only"',
      '[greet("me"), everything.default]',
    ],
    ['hello me', 7],
  ],
  ['import x = require()', ['import two = require("cjs")', 'two.two'], 2],
  ['require', ['const { two } = require("cjs"); two'], 2],
  ['dynamic import', ['const m = await import("esm-only"); const s: string = m.hello("x"); s'], 'hello x'],
  ['JSON of a package', ['import data from "cjs/data.json" with { type: "json" }', 'data.deep[1]'], 2],
  [
    'JSON of a package, without saying so',
    ['import data from "cjs/data.json"; (await import("cjs/data.json")).default.deep.length + data.deep[0]'],
    3,
  ],
  [
    'dynamic import with attributes',
    ['(await import("cjs/data.json", { with: { type: "json" } })).default.deep'],
    [1, 2],
  ],
  ['JSON beside the notebook', ['import data, { k } from "./data.json"', 'data.k + k'], 10],
  ['import.meta', ['import.meta.url.startsWith("file:")'], true],
  ['__dirname', ['__dirname === require("path").dirname(__filename)'], true],
  [
    'names that the cell itself needs',
    [
      'const $ = 1, $import = 2, $await = 3, $meta = 4, meta = 5, v = 6, exports = 7, module = 8, $x = 9, x = 10',
      'await Promise.resolve(); [$, $import, $await, $meta, meta, v, exports, module, $x, x, import.meta !== undefined]',
    ],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, true],
  ],
  [
    'such names as parameters',
    [
      'const x = 1; const f = async ($: number, $await: number, $x: number) => { await null; return $ + $await + $x + x }',
      'await f(1, 2, 3)',
    ],
    7,
  ],
  ['a variable called require', ['class require { static a = 1 }', 'require.a'], 1],
  ['hoisted functions called like parameters', ['function __filename() { return 1 } __filename()'], 1],
  ['a lone surrogate', ['const s = "\uD800"; s.charCodeAt(0)'], 0xd800],
  ['letters of all scripts', ['const größe = 1, 数 = 2, 𝒳 = 3', 'größe + 数 + 𝒳'], 6],
  ['closures over earlier variables', ['let c = 0; const bump = () => ++c', 'bump(); bump(); c'], 2],
  ['delete of a property', ['const o: { a?: number } = { a: 1 }', 'delete o.a; o'], {}],
  [
    'using is disposed of at the end',
    [
      'const log: string[] = []',
      'using r = { [Symbol.dispose]() { log.push("gone") }, n: 1 }; function get() { return r.n } log.push("used " + get()); log.length',
      'log',
    ],
    ['used 1', 'gone'],
  ],
  [
    'await using',
    [
      'const log: string[] = []',
      'await using r = { async [Symbol.asyncDispose]() { log.push("gone") } }; class K {} const kept = 5; log.push("used"); kept',
      '[log, kept, K.name]',
    ],
    [['used', 'gone'], 5, 'K'],
  ],
  [
    'using in a block',
    [
      'const log: string[] = []; { using r = { [Symbol.dispose]() { log.push("gone") } }; log.push("in") } log',
    ],
    ['in', 'gone'],
  ],
  [
    'decorators',
    [
      'function twice(f: (this: E) => number, _: ClassMethodDecoratorContext) { return function (this: E) { return 2 * f.call(this) } } class E { @twice m() { return 3 } }',
      'new E().m()',
    ],
    6,
  ],
  [
    'decorators of classes from earlier cells',
    [
      'const seen: string[] = []; function mark(c: Function, x: ClassDecoratorContext) { seen.push(x.name!) } const tag = (t: string) => (c: Function, x: ClassDecoratorContext) => { seen.push(t) }',
      '@mark @tag("t") class D { static me = D }',
      '[seen, D.me === D]',
    ],
    [['t', 'D'], true],
  ],
  [
    'decorators of exported classes',
    ['const mark = (c: Function, x: ClassDecoratorContext) => {}; @mark export class D {}', 'D.name'],
    'D',
  ],
  [
    'declare',
    [
      'declare const process2: number; declare function nowhere(): void; declare global { interface Array<T> { mine?: T } } 1',
      'typeof process2',
      '[].mine',
    ],
    undefined,
  ],
  [
    'ambient variables are the global ones',
    ['declare const structuredClone: (a: any) => any; structuredClone(4)', 'structuredClone(5)'],
    5,
  ],
  ['globals', ['Object.keys({ a: 1 }).concat(typeof console.log)'], ['a', 'function']],
  [
    'private names and in',
    ['class P { #a = 1; static has(o: object) { return #a in o } } P.has(new P())'],
    true,
  ],
  [
    'switch, try, while',
    [
      'let s = ""; switch (1 as number) { case 1: { let q = "one"; s += q } } try { throw 1 } catch (e) { s += e } finally { s += "f" } while (s.length < 6) s += "."; s',
    ],
    'one1f.',
  ],
  ['a catch variable that hides an earlier one', ['let e = 5; try { throw 1 } catch (e) { e } e'], 5],
  [
    'parameters that hide earlier variables',
    ['const a = 1', 'const f = (a: number, { b } = { b: a }) => a + b; f(2)'],
    4,
  ],
  ['default parameters of earlier variables', ['const a = 3', 'const f = (b = a) => b; f()'], 3],
  ['template literals', ['const a = 3', `\`\${a}\${\`\${a}\`}\``], '33'],
  ['comma and void', ['let a = 1; void 0, a = 3, a'], 3],
  [
    'logical assignment',
    ['let a: number | undefined; let b = 0', 'a ??= 2; b ||= 3; b &&= 4; [a, b]'],
    [2, 4],
  ],
  ['new with an earlier class', ['const M = Map', 'new M([[1, 2]]).get(1)'], 2],
  ['new.target', ['function T(this: any) { return { t: new.target === T } } new (T as any)().t'], true],
  [
    'BigInt, regular expressions',
    ['const r = /(?<y>\\d+)/v; [2n ** 64n, r.exec("a12")!.groups!.y]'],
    [2n ** 64n, '12'],
  ],
];

describe.each([true, false])('a cell (checked: %s) can be', (check) => {
  const session = new TestSession(folder);
  it.each(FORMS)('%s', async (_, cells, expected) => {
    let value: unknown;
    for (const code of cells) value = await session.value(code, check);
    expect(value).toEqual(expected);
  });
});

describe('awaits', () => {
  it('each go through the guard, wherever they stand', async () => {
    const session = new TestSession(folder);
    await session.value(
      'await 1; const f = async () => { await 2; for await (const a of [await 3]) await a }; await f()',
    );
    expect([session.waits, session.each]).toEqual([5, 1]);
  });
});

describe('functions', () => {
  // In a folder of its own: parsed files are shared by their names.
  const session = new TestSession(mkdtempSync(path.join(folder, 'functions-')));

  it.each([
    ['a declaration', 'function f() { return 1; } f()'],
    ['an expression', 'const f = function () { return 1; }; f()'],
    ['an arrow', '(() => 1)()'],
    ['an arrow of an object', '(() => ({ a: 1 }))().a'],
    ['an arrow with a body', '(() => { return 1; })()'],
    ['a method', '({ f() { return 1; } }).f()'],
    ['a getter', '({ get f() { return 1; } }).f'],
    ['a setter', 'let s = 0; ({ set f(v: number) { s = v; } }).f = 1; s'],
    ['a static method', 'class A { static f() { return 1; } } A.f()'],
    [
      'a method with super',
      'class A { f() { return 1; } } class B extends A { override g = 0; } new B().f()',
    ],
    ['an async function', 'await (async () => 1)()'],
    ['a generator', '[...(function* () { yield 1; })()][0]'],
    [
      'one that begins with a directive',
      "(function () { 'use strict'; return this === undefined ? 1 : 0; })()",
    ],
    [
      'one of a decorator',
      'const d = (f: any, _: unknown) => f; class A { @d f() { return 1; } } new A().f()',
      2,
    ],
    ['one that returns one', '(() => () => 1)()()', 2],
  ])('ask whether they may run: %s', async (_, code, times = 1) => {
    const before = session.entered;
    expect(await session.value(code, false)).toBe(1);
    expect(session.entered - before).toBe(times);
  });

  it('run elsewhere by their text too', async () => {
    const text = await session.value('String((n: number) => { return n + 1; })');
    expect(new Function(`return (${text})(1)`)()).toBe(2);
  });
});
