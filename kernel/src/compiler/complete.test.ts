import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Completions } from '../places/compiled';
import { createEngine, type Engine } from './engine';

const CELLS = [
  'const answer = 42; let other = "a"; function half(x: number): number { return x / 2; }',
  'interface Shape { kind: "circle" | "square"; size: number; "line-width"?: number }',
  'enum Colour { Red, Green } class Box { #hidden = 1; open(): Shape { return null!; } }',
  'const quoted = { "content-type": 1, "x-y": 2 }; const mixed = { "a-b": 1, plain: 2 };',
  'const maybe: { deep: { er: number } } | undefined = undefined; function paint(how: Shape, mode: "fast" | "fine") {}',
];

let folder = '';
let engine: Engine;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'losslab-complete-'));
  mkdirSync(path.join(folder, 'node_modules', 'some-package'), { recursive: true });
  mkdirSync(path.join(folder, 'node_modules', '@scope', 'unlisted'), { recursive: true });
  mkdirSync(path.join(folder, 'node_modules', '.bin'));
  mkdirSync(path.join(folder, 'sub'));
  writeFileSync(path.join(folder, 'package.json'), '{ "dependencies": { "some-package": "1" } }');
  const files = {
    'node_modules/some-package/package.json': '{ "name": "some-package", "types": "index.d.ts" }',
    'node_modules/some-package/index.d.ts':
      'export declare function packaged(): void; export { packaged as passed }; export * as inner from "./inner";',
    'node_modules/some-package/inner.d.ts': 'export declare const deep: number;',
    'neighbour.ts': 'export const near = 1;',
    'sub/inner.ts': 'export const inner = 1;',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  engine = createEngine(folder, []);
  CELLS.forEach((code, at) => {
    const reply = engine.compile({ id: at + 1, code, check: true });
    if (!reply.ok) throw new Error(reply.text);
    engine.commit(at + 1, reply.cell.names);
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Completes at the mark `|`. */
function at(marked: string): Completions & { texts: string[]; apply(text: string): string } {
  const cursor = marked.indexOf('|');
  const code = marked.slice(0, cursor) + marked.slice(cursor + 1);
  const found = engine.complete(code, cursor);
  const apply = (text: string): string => code.slice(0, found.start) + text + code.slice(found.end);
  return { ...found, texts: found.items.map(({ text }) => text), apply };
}

const typeOf = (marked: string, name: string): string | undefined =>
  at(marked).items.find(({ text }) => text === name)?.type;

describe('packages', () => {
  it('that are installed are offered, whether a package.json names them or not', () => {
    const found = at('import { x } from "@sc|"');
    expect(found.texts).toContain('@scope/unlisted');
    expect(found.apply('@scope/unlisted')).toBe('import { x } from "@scope/unlisted"');
    expect(at("await import('|')").texts).toEqual(
      expect.arrayContaining(['@scope/unlisted', 'some-package']),
    );
    expect(at("await import('|')").texts.filter((name) => name === 'some-package')).toHaveLength(1);
  });

  it('are none of a tool, and no ordinary string begins one', () => {
    expect(at("require('|')").texts.filter((name) => name.includes('.bin'))).toEqual([]);
    expect(at("const s = '@sc|'").texts).toEqual([]);
  });
});

describe('names', () => {
  it('of earlier cells are found by what is typed of them', () => {
    expect(at('ans|').texts).toEqual(['answer']);
    expect(at('1 + hal| + 2')).toMatchObject({ start: 4, end: 7 });
  });

  it('of types are offered where types stand', () => {
    expect(at('let s: Sha|').texts).toContain('Shape');
  });

  it('of the cell itself come first, globals after', () => {
    const { texts } = at('const parsed = 1; pars|');
    expect(texts.slice(0, 2)).toEqual(['parsed', 'parseFloat']);
  });

  it('of cells come before those of Node', () => {
    const { texts } = at('|');
    expect(texts.indexOf('answer')).toBeGreaterThanOrEqual(0);
    expect(texts.indexOf('answer')).toBeLessThan(texts.indexOf('Array'));
  });

  it('of Node are offered, too', () => {
    expect(at('proc|').texts).toContain('process');
    expect(at('process.vers|').texts).toEqual(expect.arrayContaining(['version', 'versions']));
  });

  it('are found whatever their case, the very same first', () => {
    expect(at('arraybu|').texts).toContain('ArrayBuffer');
    const { texts } = at('const aRRAY = 1; aR|');
    expect(texts[0]).toBe('aRRAY');
  });

  it('that the cell declares anew mean its own', () => {
    expect(at('const answer = "text"; answer.toUpp|').texts).toEqual(['toUpperCase']);
  });

  it('the modules of the cells themselves are none', () => {
    expect(at('$|').texts.filter((text) => text.startsWith('$cell'))).toEqual([]);
  });

  it('behind characters outside the basic plane are replaced at their place', () => {
    expect(at('"😀😀"; ans|')).toMatchObject({ start: 8, end: 11 });
  });
});

describe('members', () => {
  it('of values of earlier cells', () => {
    const found = at('answer.toF|');
    expect(found).toMatchObject({ start: 7, end: 10, items: [{ text: 'toFixed', type: 'method' }] });
  });

  it('in the midst of a name replace what is before the cursor', () => {
    expect(at('answer.toF|xx').apply('toFixed')).toBe('answer.toFixedxx');
  });

  it('behind ?.', () => {
    const found = at('maybe?.de|');
    expect(found.texts).toEqual(['deep']);
    expect(found.apply('deep')).toBe('maybe?.deep');
  });

  it('that no dot reaches are written in brackets, which replace the dot', () => {
    const found = at('quoted.|');
    expect(found.texts).toEqual(["['content-type']", "['x-y']"]);
    expect(found.apply("['x-y']")).toBe("quoted['x-y']");
  });

  it('of both kinds replace the same part', () => {
    const found = at('mixed.|');
    expect(found.texts.map((text) => found.apply(text))).toEqual(['mixed.plain', "mixed['a-b']"]);
    expect(at('mixed.pl|').texts).toEqual(['plain']);
  });

  it('inside quotes', () => {
    const found = at("quoted['x|']");
    expect(found.texts.map((text) => found.apply(text))).toEqual(["quoted['x-y']"]);
  });

  it('private ones inside the class', () => {
    const found = at('class A { #secret = 1; m() { return this.#s| } }');
    expect(found.apply(found.texts[0] ?? '')).toBe('class A { #secret = 1; m() { return this.#secret } }');
  });
});

describe('literals', () => {
  it('keys of an object are those of its type', () => {
    const { texts } = at('paint({ |');
    expect(texts).toEqual(expect.arrayContaining(['kind', 'size', '"line-width"']));
  });

  it('strings of a union, between the quotes', () => {
    const found = at('paint(null!, "f|")');
    expect(found.texts).toEqual(['fast', 'fine']);
    expect(found.apply('fine')).toBe('paint(null!, "fine")');
  });

  it('strings of a union, where the quote is still open', () => {
    const found = at('paint(null!, "fi|');
    expect(found.apply(found.texts[0] ?? '')).toBe('paint(null!, "fine');
  });
});

describe('modules', () => {
  it('packages', () => {
    const found = at('import { x } from "some|"');
    expect(found.apply(found.texts[0] ?? '')).toBe('import { x } from "some-package"');
  });

  it("Node's own", () => {
    expect(at('import fs from "node:f|"').texts).toContain('node:fs');
    expect(at('await import("child_p|")').texts).toContain('child_process');
  });

  it('files beside the notebook', () => {
    expect(at('import { near } from "./nei|"').texts).toEqual(['neighbour']);
    expect(at('import { inner } from "./sub/|"').texts).toEqual(['inner']);
    expect(at('import { inner } from "./|"').texts.filter((text) => text.startsWith('cell'))).toEqual([]);
  });

  it('what they export', () => {
    expect(at('import { packa| } from "some-package"').texts).toEqual(['packaged']);
    expect(at('import { ne| } from "./neighbour"').texts).toEqual(['near']);
  });
});

describe('kinds', () => {
  it.each([
    ['ans|', 'answer', 'variable'],
    ['hal|', 'half', 'function'],
    ['Bo|', 'Box', 'class'],
    ['Colou|', 'Colour', 'enum'],
    ['Colour.|', 'Red', 'constant'],
    ['let s: Sha|', 'Shape', 'interface'],
    ['import * as p from "some-package"; p.|', 'passed', 'function'],
    ['import * as p from "some-package"; p.|', 'inner', 'module'],
    ['retu|', 'return', 'keyword'],
    ['new Box().|', 'open', 'method'],
    ['(f: number) => f|', 'f', 'param'],
    ['Mat|', 'Math', 'variable'],
    ['import "./sub|"', 'sub', 'path'],
  ])('%j: %s is a %s', (marked, name, type) => {
    expect(typeOf(marked, name)).toBe(type);
  });
});

describe('code that is no code', () => {
  it.each([
    '',
    '|',
    ')|',
    '.|',
    '`${|',
    'a.b.|c.',
    '"|',
    '/|',
    '/*|',
    '// an|',
    '((((((|',
    '\ud800|',
    'import {|',
    '@|',
  ])('%j is no error', (marked) => {
    expect(() => at(marked.includes('|') ? marked : `${marked}|`)).not.toThrow();
  });

  it('a cursor beyond the text is at its end', () => {
    expect(engine.complete('answ', 99)).toEqual(engine.complete('answ', 4));
    expect(engine.complete('answ', -1)).toEqual(engine.complete('answ', 0));
  });

  it('no list is endless', () => {
    const names = Array.from({ length: 3000 }, (_, at) => `n${at}`);
    expect(at(`const ${names.map((name) => `${name} = 1`).join(', ')}; n|`).items.length).toBe(1000);
  });
});

it('what was completed is no part of later cells', () => {
  at('declare global { var leaked: number } lea|');
  const reply = engine.compile({ id: 90, code: 'leaked', check: true });
  expect(reply.ok).toBe(false);
});
