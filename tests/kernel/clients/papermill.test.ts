import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Notebook, printed } from '../../notebooks/execute';
import { code, makeHome, notebook, python } from './client';

const home = makeHome();
afterAll(home.remove);

const PARAMETERS = code("let alpha = 0.1;\nlet name = 'none';\nlet quick = false; // only a few steps", {
  tags: ['parameters'],
});

const run = async (name: string, cells: Notebook['cells'], ...args: string[]) => {
  const done = await python(home, [
    ...['-m', 'papermill', '--no-progress-bar', home.write(`${name}.ipynb`, notebook(cells))],
    ...[`${name}-done.ipynb`, ...args],
  ]);
  return { ...done, cells: done.status === 0 ? home.read(`${name}-done.ipynb`).cells : [] };
};

const sourceOf = (cell: Notebook['cells'][number] | undefined) => [cell?.source ?? ''].flat().join('');

/** What our translator writes for values given in Python, or says against names: one Python for all. */
async function written(parameters: string[]): Promise<string[]> {
  const program = `import json, sys, papermill.translators as t
def written(text):
  try:
    return t.translate_parameters('losslab', 'typescript', eval(text))
  except Exception as error:
    return f'{type(error).__name__}: {error}'
print(json.dumps([written(text) for text in json.load(sys.stdin)]))`;
  const { stdout, stderr } = await python(home, ['-c', program], JSON.stringify(parameters));
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('papermill', () => {
  it('gives a notebook its parameters in place of the defaults, with their types', async () => {
    const { status, cells, stderr } = await run(
      'given',
      [
        PARAMETERS,
        code('console.log(alpha + 1, name.length, typeof quick);'),
        code("if (name === 'other') 1;"),
      ],
      ...['-p', 'alpha', '0.5', '-p', 'name', 'λ "x"', '-p', 'quick', 'True'],
    );
    expect(stderr).not.toContain('Error');
    expect(status).toBe(0);
    expect(sourceOf(cells[1])).toBe(
      '// Parameters\nconst alpha: number = 0.5;\nconst name: string = "λ \\"x\\"";\nconst quick: boolean = true;\n',
    );
    expect(printed(cells[2])).toBe('1.5 5 boolean\n');
  });

  it('runs a notebook that names no parameters', async () => {
    const { status, cells } = await run('bare', [code('console.log(rho);')], '-p', 'rho', '3');
    expect(status).toBe(0);
    expect(printed(cells[1])).toBe('3\n');
  });

  it('reads lists and objects from YAML, and a date as text', async () => {
    const yaml = '{ sizes: [1, 2.5, null], model: { "a b": { deep: [true] } }, day: 2024-02-29 }';
    const { status, cells } = await run(
      'yaml',
      [code('console.log(JSON.stringify({ sizes, model, day }));')],
      ...['-y', yaml],
    );
    expect(status).toBe(0);
    expect(JSON.parse(printed(cells[1]))).toEqual({
      sizes: [1, 2.5, null],
      model: { 'a b': { deep: [true] } },
      day: '2024-02-29',
    });
  });

  it('ends with a status where a cell throws, and keeps the notebook until there', async () => {
    const { status, stderr } = await run('throws', [code("throw new RangeError('on purpose');")]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('RangeError: on purpose');
    const text = readFileSync(path.join(home.folder, 'throws-done.ipynb'), 'utf8');
    expect(text).toContain('"ename": "RangeError"');
  });

  it('tells what parameters a notebook has', async () => {
    const name = home.write('help.ipynb', notebook([PARAMETERS]));
    const { stdout } = await python(home, ['-m', 'papermill', '--help-notebook', name]);
    expect(stdout).toMatch(/alpha: number \(default 0\.1\)/);
    expect(stdout).toMatch(/quick: boolean \(default false\)\s+only a few steps/);
  });
});

/** In Python, and in TypeScript. */
const VALUES = [
  ['0.5', 'const x: number = 0.5;'],
  ['1e-20', 'const x: number = 1e-20;'],
  ['-3', 'const x: number = -3;'],
  ['2**53', 'const x: bigint = 9007199254740992n;'],
  ["float('nan')", 'const x: number = NaN;'],
  ["float('-inf')", 'const x: number = -Infinity;'],
  ['True', 'const x: boolean = true;'],
  ['None', 'const x: any = null;'],
  [`"it's \`$\{1}\`"`, `const x: string = "it's \`$\{1}\`";`],
  ["'a\\n\\t\\\\ \"'", 'const x: string = "a\\n\\t\\\\ \\"";'],
  ["'λ 😀'", 'const x: string = "λ 😀";'],
  ["'\\ud800\\u2028'", 'const x: string = "\\ud800\\u2028";'],
  ['[]', 'const x = [];'],
  ["[1, [None, 'a'], (2,)]", 'const x = [1, [null, "a"], [2]];'],
  ["{'a b': {'c': [float('inf')]}, 1: 2}", 'const x = { "a b": { "c": [Infinity] }, "1": 2 };'],
  ["{'__proto__': 1}", 'const x = { ["__proto__"]: 1 };'],
  ["__import__('pathlib').Path('a')", 'const x: string = "a";'],
] as const;
const NAMES = ['Größe', '$x_1', '_'];
const NO_NAMES = ['a b', '1a', 'class', 'a-b', '', 'x;y'];

describe('a parameter', () => {
  let ours = new Map<string, string>();
  beforeAll(async () => {
    const given = [
      ...VALUES.map(([value]) => `{'x': ${value}}`),
      ...[...NAMES, ...NO_NAMES].map((name) => `{${JSON.stringify(name)}: 1}`),
    ];
    const texts = await written(given);
    ours = new Map(given.map((one, i) => [one, texts[i] ?? '']));
  });

  it.each(VALUES)('%s in Python is %s', (value, expected) => {
    expect(ours.get(`{'x': ${value}}`)).toBe(`// Parameters\n${expected}\n`);
  });

  it.each(NAMES)('may be named %s', (name) => {
    expect(ours.get(`{${JSON.stringify(name)}: 1}`)).toBe(`// Parameters\nconst ${name}: number = 1;\n`);
  });

  it.each(NO_NAMES)('named "%s" is refused', (name) => {
    const message = 'PapermillException: a parameter must have a name that TypeScript takes';
    expect(ours.get(`{${JSON.stringify(name)}: 1}`)).toContain(message);
  });
});
