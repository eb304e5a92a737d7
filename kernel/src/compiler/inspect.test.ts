import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine';

const HALF = `/**
 * Halves a number, see {@link Math.floor}.
 *
 * A second paragraph.
 * @param x what is **halved**
 * @returns its half
 * @example half(2)
 */
function half(x: number, digits = 2): number {
  return x / 2;
}`;

const CELLS = [
  HALF,
  'function twice(a: string): string;\nfunction twice(a: number): number;\nfunction twice(a: any) { return a + a; }',
  'interface Shape { size: number }\nclass Box { constructor(public width: number) {} }\nconst box = new Box(1); let many = 5',
  "import { join } from 'node:path'; import { packaged } from 'some-package'; import { near } from './neighbour'",
  `interface Loss<T> { of: T }
/**
 * Takes the first Array<number> of \`Array<string>\`, see <https://example.org>.
 * @param from an Array<Loss>
 */
function pick(from: Array<Loss<string>>) {}
function tag(id: \`x\${string}\`) {}`,
];

let folder = '';
let engine: Engine;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'losslab-inspect-'));
  mkdirSync(path.join(folder, 'node_modules', 'some-package'), { recursive: true });
  const files = {
    'node_modules/some-package/package.json': '{ "name": "some-package", "types": "index.d.ts" }',
    'node_modules/some-package/index.d.ts':
      '\n/** Comes in a package. */\nexport declare function packaged(): void; export { packaged as passed };',
    'neighbour.ts': '\n\n/** Lies beside it. */\nexport const near = 1;',
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

/** What is said at the mark `|`. */
function at(marked: string, detail: 0 | 1 = 0): { plain: string; markdown: string } | undefined {
  const cursor = marked.indexOf('|');
  const code = marked.slice(0, cursor) + marked.slice(cursor + 1);
  const found = engine.inspect(code, cursor, detail);
  return found ? { plain: found['text/plain'], markdown: found['text/markdown'] } : undefined;
}
const plain = (marked: string, detail: 0 | 1 = 0): string | undefined => at(marked, detail)?.plain;

describe('a name', () => {
  it('of an earlier cell: its signature and the first paragraph about it', () => {
    expect(at('half|')).toEqual({
      plain: 'function half(x: number, digits?: number): number\n\nHalves a number, see `Math.floor`.',
      markdown:
        '```typescript\nfunction half(x: number, digits?: number): number\n```\n\nHalves a number, see `Math.floor`.',
    });
  });

  it.each(['|half', 'ha|lf', 'half|', '1 + half|', '"😀"; half|', 'half|(2)', '`$' + '{half|}`'])(
    'wherever the cursor touches it: %j',
    (marked) => {
      expect(plain(marked)).toContain('half(x: number, digits?: number): number');
    },
  );

  it.each([
    ['many|', 'let many: number'],
    ['box|', 'const box: Box'],
    ['Box|', 'class Box'],
    ['let s: Shape|', 'interface Shape'],
    ['box.width|', '(property) Box.width: number'],
    ['join|', '(method) join(...paths: string[]): string'],
    ['const here = "x"; here|', 'const here: "x"'],
    ['const many = "mine"; many|', 'const many: "mine"'],
  ])('%s is %j', (marked, text) => {
    expect(plain(marked)?.split('\n\n')[0]).toBe(text);
  });

  it('that a package passes on is what it means', () => {
    expect(plain('import * as p from "some-package"; p.passed|')).toBe(
      'function passed(): void\n\nComes in a package.',
    );
  });

  it('of a type alone', () => {
    expect(plain('Shape|')).toBe('interface Shape');
  });

  it("of Node's and the language's globals", () => {
    expect(plain('console.lo|g')).toMatch(/^\(method\) Console\.log\(.*\n\nPrints to `stdout`/);
    expect(plain('Math.sqrt|')).toContain('Math.sqrt(x: number): number');
  });

  it('that nobody knows: nothing', () => {
    for (const marked of ['nobody|', 'half(2).nobody|', '|', '  |  ', 'retur|n', '1|'])
      expect(plain(marked)).toBeUndefined();
  });
});

describe('with all details', () => {
  it('the whole comment with its tags', () => {
    const { plain, markdown } = at('half|', 1) ?? {};
    expect(markdown).toContain('A second paragraph.');
    expect(markdown).toContain('- @param **x** what is **halved**\n- @returns its half');
    expect(markdown).toContain('@example\n```typescript\nhalf(2)\n```');
    expect(plain).toContain('- @param x what is halved');
  });

  it("where it is declared, and a cell's source", () => {
    const text = plain('half|', 1);
    expect(text).toContain('Declared in an earlier cell, line 9');
    expect(text).toContain('function half(x: number, digits = 2): number {\n  return x / 2;\n}');
    expect(plain('Box|', 1)).toContain(
      'Declared in an earlier cell, line 2\n\nclass Box { constructor(public width: number) {} }',
    );
  });

  it('in this cell, with its own lines', () => {
    expect(plain('const a = 1;\nconst here = 2; here|', 1)).toContain('Declared in this cell, line 2');
  });

  it('in a file or package, without its source', () => {
    expect(plain('near|', 1)).toMatch(/Lies beside it\.\n\nDeclared in neighbour\.ts:4$/);
    expect(plain('packaged|', 1)).toMatch(
      /Comes in a package\.\n\nDeclared in some-package\/index\.d\.ts:3$/,
    );
    expect(plain('Math.sqrt|', 1)).toMatch(/Declared in typescript\/lib\/lib\.es5\.d\.ts:\d+$/);
  });

  it('code that holds a fence has a longer one', () => {
    expect(at('const fence = "```" as const; fence|', 1)?.markdown).toMatch(/^````typescript\n/);
  });
});

describe('inside the parentheses of a call', () => {
  it('the function, and the argument that comes next', () => {
    expect(plain('half(|')).toBe(
      'half(x: number, digits?: number): number\n\nHalves a number, see `Math.floor`.\n\n→ x: number: what is halved',
    );
    expect(plain('half(1, |)')).toContain('→ digits?: number');
    expect(at('half(1, |)')?.markdown).toContain('→ **`digits?: number`**');
  });

  it('the overload that fits', () => {
    expect(plain('twice(1|)')).toBe('twice(a: number): number // 2 of 2 overloads\n\n→ a: number');
  });

  it('the arguments of a type are seen, in Markdown too', () => {
    const marked = at('pick(|')?.markdown;
    expect(marked).toContain(
      'Takes the first Array\\<number> of `Array<string>`, see <https://example.org>.',
    );
    expect(marked).toContain('→ **`from: Array<Loss<string>>`**: an Array\\<Loss>');
    expect(plain('pick(|')).toContain('→ from: Array<Loss<string>>: an Array<Loss>');
  });

  it('display leads with the plain value', () => {
    expect(plain('display|')).toMatch(
      /^function display\(value: unknown, options\?: Jupyter\.DisplayOptions\)/,
    );
    expect(plain('display(|')).toMatch(/^display\(value: unknown, .* 1 of 2 overloads/);
  });

  it('a type of template texts stays in its code', () => {
    expect(at('tag(|')?.markdown).toContain('→ **`` id: `x$' + '{string}` ``**');
    expect(plain('tag(|')).toContain('→ id: `x$' + '{string}`');
  });

  it('a constructor and a method', () => {
    expect(plain('new Box(|')).toContain('Box(width: number): Box');
    expect(plain('[1, 2].map(|')).toContain('map(callbackfn: (value: number');
  });

  it('the last parameter takes all that follow', () => {
    expect(plain('join("a", "b", "c", |')).toContain('→ ...paths: string[]: paths to join.');
  });

  it('the name at the cursor first, then the call', () => {
    const text = plain('half(many|)') ?? '';
    expect(text.indexOf('let many: number')).toBe(0);
    expect(text.indexOf('half(x: number')).toBeGreaterThan(0);
  });
});

it('code that is no code is no error', () => {
  for (const marked of [')|', '.|', '`$' + '{|', '"|', '/*|', '((((|', '\ud800|', 'import {|', '@|', '#!|'])
    for (const detail of [0, 1] as const) expect(() => at(marked, detail)).not.toThrow();
  expect(engine.inspect('half', 99, 0)).toEqual(engine.inspect('half', 4, 0));
});
