import path from 'node:path';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ts } from '../../compiler/typescript';
import type { CompiledCell } from '../../places/compiled';
import type { CellError } from '../../places/messages';
import { ExitError, HeapLimitError, KeyboardInterrupt } from '../interruption';
import { toCellError, toCompileError } from './cellError';
import { withPlaces } from './frames';
import { Scripts } from './scripts';

/** A cell whose script has other lines and columns than its source, with a map between them. */
function compile(source: string, id: number, folder = '/nb (1)'): CompiledCell {
  const { outputText, sourceMapText = '' } = ts.transpileModule(`export {};${source}`, {
    fileName: `${folder}/cell-${id}.ts`,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, sourceMap: true },
  });
  const body = outputText.replace(/export \{\};/, '').replace(/\/\/# sourceMappingURL.*/, '');
  const map = JSON.parse(sourceMapText) as { mappings: string };
  // One line before the text.
  map.mappings = `;${map.mappings}`;
  const script = `async ($, $import, $await, $enter, $meta, require, __filename, __dirname) => {\n${body}\n}`;
  const cell = {
    id,
    file: `${folder}/cell-${id}.ts`,
    source: `export {};${source}`,
    script,
    names: [],
    neighbours: [],
  };
  return { ...cell, map: JSON.stringify(map) };
}

/** Runs a cell as the session does and gives what Jupyter would be told. */
async function thrownBy(source: string, scripts: Scripts = new Scripts(), count = 3): Promise<CellError> {
  const cell = compile(source, count);
  scripts.remember(cell, count);
  const run = vm.runInThisContext(cell.script, { filename: cell.file }) as (
    ...given: unknown[]
  ) => Promise<unknown>;
  try {
    await run();
  } catch (error) {
    return toCellError(error, scripts);
  }
  throw new Error('the cell threw nothing');
}

/** The traceback without colours. */
function plain({ traceback }: CellError): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI escapes begin with one
  return traceback.map((line) => line.replace(/\u001b\[\d+m/g, ''));
}

describe('the error of a cell', () => {
  it('shows what the error has of its own, and runs no getter for that', async () => {
    const source = `const e = Object.assign(new Error('no file a.txt'), { path: 'a.txt', status: 2, seen: [1] });
Object.defineProperty(e, 'late', { enumerable: true, get() { throw 1; } });
throw e;`;
    const lines = plain(await thrownBy(source));
    expect(lines.at(-1)).toBe('    { status: 2, seen: [ 1 ], late: [Getter] }');
    const failed = plain(
      await thrownBy("throw Object.assign(new Error('x'), { stderr: Buffer.from('why'), output: [] })"),
    );
    expect(failed.at(-1)).toBe("    { stderr: 'why' }");
    const bare = plain(await thrownBy("throw Object.assign(new Error('x'), { errno: -2, code: 'ENOENT' })"));
    expect(bare[0]).toBe('Error: x [ENOENT]');
    expect(bare.at(-1)).toMatch(/^ {4}at /);
  });

  it('names the TypeScript line and column, quotes the line and marks the column', async () => {
    const source =
      'interface A {\n  a: number;\n}\nfunction deep(o: any): A {\n\treturn o.x.y;\n}\ndeep({});';
    const error = await thrownBy(source);
    expect(error.ename).toBe('TypeError');
    expect(error.evalue).toBe("Cannot read properties of undefined (reading 'y')");
    expect(plain(error).slice(0, 7)).toEqual([
      "TypeError: Cannot read properties of undefined (reading 'y')",
      '  4 | function deep(o: any): A {',
      '> 5 | \treturn o.x.y;',
      '    | \t           ^',
      '  6 | }',
      '    at deep (cell [3], line 5, column 13)',
      '    at cell [3], line 7, column 1',
    ]);
    expect(error.traceback[0]).toBe(`\u001b[31mTypeError\u001b[39m: ${error.evalue}`);
  });

  it('has no frames of the kernel or of Node', async () => {
    const error = await thrownBy("process.getBuiltinModule?.('fs'); JSON.parse('{');");
    const frames = plain(error).filter((line) => line.startsWith('    at '));
    expect(frames.slice(0, 2)).toEqual([
      '    at JSON.parse (<anonymous>)',
      '    at cell [3], line 1, column 50',
    ]);
    expect(frames.join()).not.toMatch(/node:|session.errors.(?!cellError\.test)/);
  });

  it('keeps async frames', async () => {
    const source =
      "async function inner() { await 1; throw new Error('late'); }\nasync function outer() { await inner(); }\nawait Promise.all([outer()]);";
    expect(plain(await thrownBy(source)).slice(4, 8)).toEqual([
      '    at inner (cell [3], line 1, column 51)',
      '    at async outer (cell [3], line 2, column 26)',
      '    at async Promise.all (index 0)',
      '    at cell [3], line 3, column 1',
    ]);
  });

  it('thrown by a function of an earlier cell names both cells', async () => {
    const scripts = new Scripts();
    await thrownBy(
      "globalThis.early = () => { throw new RangeError('from before'); };\nthrow 1;",
      scripts,
      1,
    );
    const lines = plain(await thrownBy('\n\nearly();', scripts, 2));
    expect(lines).toContain('    at globalThis.early (cell [1], line 1, column 44)');
    expect(lines).toContain('    at cell [2], line 3, column 1');
  });

  it('in a neighbour names its file', async () => {
    const scripts = new Scripts();
    const { file, source, script, map } = compile("throw new Error('in helper');", 1, '/nb');
    const text = `${source}\n//# sourceMappingURL=helper.js.map\n`;
    const neighbour = { file: '/nb/helper.ts', version: '1', source: text, script, map, imports: {} };
    scripts.rememberNeighbour(neighbour);
    expect(file).toBe('/nb/cell-1.ts');
    const stack = 'Error: x\n    at h (/nb/helper.ts:2:7)\n    at k (file:///nb/helper.ts:2:7)';
    const lines = plain(toCellError(Object.assign(new Error('x'), { stack }), scripts));
    expect(lines).toContain('    at h (helper.ts, line 1, column 17)');
    expect(lines).toContain('    at k (helper.ts, line 1, column 17)');
    expect(lines.join('\n')).not.toContain('sourceMappingURL');
  });

  it('inside eval stands where eval was called', async () => {
    const lines = plain(await thrownBy('\neval(\'throw new Error("in eval")\');'));
    expect(lines).toContain('    at eval (cell [3], line 2, column 1)');
  });

  it('tells its causes and the errors that it bundles, in circles only once', async () => {
    const source = `const inner = new Error('why');
      const outer = new Error('what', { cause: inner });
      (inner as any).cause = outer;
      throw new AggregateError([outer, 7], 'all', { cause: 'text' });`;
    const headers = plain(await thrownBy(source)).filter(
      (line) => /^(\s*\[|\S.*: |\s*Caused)/.test(line) && !line.includes('|'),
    );
    expect(headers).toEqual([
      'AggregateError: all',
      '  [1] Error: what',
      '  Caused by: Error: why',
      '  [2] Thrown: 7',
      "Caused by: Thrown: 'text'",
    ]);
  });

  it('of an import of a broken file keeps where Node says it is broken', () => {
    const error = new SyntaxError('Unexpected identifier');
    error.stack =
      '/nb/x.js:2\nlet a b\n      ^\n\nSyntaxError: Unexpected identifier\n    at wrapSafe (node:internal/modules:1:1)';
    expect(plain(toCellError(error, new Scripts()))).toEqual([
      '/nb/x.js:2',
      'let a b',
      '      ^',
      'SyntaxError: Unexpected identifier',
    ]);
  });

  it('of a function that can not be sent has none of what the compiler has put into it', async () => {
    const enter = 'typeof $enter === "function" && $enter()';
    const sent = async (text: string): Promise<string> =>
      (await thrownBy(`const $x = { v: 1 }; structuredClone(${text})`)).evalue;
    expect(await sent(`() => { ${enter}; return $x.v; }`)).toBe('() => { return x; } could not be cloned.');
    expect(await sent(`(x) => (${enter}, x)`)).toBe('(x) => (x) could not be cloned.');
    expect(await sent(`async (x) => { await $await(x); }`)).toBe(
      'async (x) => { await (x); } could not be cloned.',
    );
  });

  it('with thousands of frames is shortened', async () => {
    const source = `const limit = Error.stackTraceLimit; Error.stackTraceLimit = Infinity;
      function down(n: number): void { if (n === 0) throw new Error('deep'); down(n - 1); }
      try { down(3000); } finally { Error.stackTraceLimit = limit; }`;
    const lines = plain(await thrownBy(source));
    expect(lines.length).toBeLessThan(40);
    expect(lines.join('\n')).toMatch(/… 29\d\d more …|… 3\d\d\d more …/);
  });
});

describe('what is thrown', () => {
  const thrown = (value: unknown): CellError => toCellError(value, new Scripts());

  it('need not be an Error', () => {
    expect(thrown('text')).toMatchObject({ ename: 'Thrown', evalue: "'text'" });
    expect(thrown(undefined)).toMatchObject({ ename: 'Thrown', evalue: 'undefined' });
    expect(thrown(null).evalue).toBe('null');
    expect(thrown({ status: 404 }).evalue).toBe('{ status: 404 }');
    expect(plain(thrown(1))[1]).toContain('throw new Error(…)');
  });

  it('may be frozen, without a stack, or with a stack of another shape', () => {
    expect(thrown(Object.freeze(new RangeError('frozen')))).toMatchObject({
      ename: 'RangeError',
      evalue: 'frozen',
    });
    for (const stack of [undefined, 5, '', 'nonsense', null, {}]) {
      const error = Object.assign(new Error('odd'), { stack });
      expect(plain(thrown(error))).toEqual(['Error: odd']);
    }
    const sites = Object.assign(new Error('sites'), { stack: [{ toString: () => 'f (/a/b.js:1:2)' }] });
    expect(plain(thrown(sites))).toEqual(['Error: sites', '    at f (/a/b.js:1:2)']);
  });

  it('may lie in every property', () => {
    class Bad extends Error {
      override get message(): string {
        throw new Error('no message');
      }
      override get name(): string {
        throw new Error('no name');
      }
      override get stack(): string {
        throw new Error('no stack');
      }
    }
    expect(thrown(new Bad())).toEqual({ ename: 'Bad', evalue: '', traceback: ['\u001b[31mBad\u001b[39m'] });
    const refuse = (): never => {
      throw new Error('trap');
    };
    const proxy = new Proxy(new Error('behind'), { get: refuse, getPrototypeOf: refuse, has: refuse });
    expect(thrown(proxy).evalue).toContain('behind');
    const shows = { [Symbol.for('nodejs.util.inspect.custom')]: refuse };
    expect(thrown(shows)).toMatchObject({ ename: 'Thrown', evalue: 'a value that cannot be shown' });
  });

  it('keeps its class’s name, its code, and a message changed later', () => {
    class ShapeError extends Error {}
    const error = Object.assign(new ShapeError('first'), { code: 'E_SHAPE' });
    error.message = 'second';
    expect(thrown(error)).toMatchObject({ ename: 'ShapeError', evalue: 'second [E_SHAPE]' });
    expect(plain(thrown(error))[1]).toContain('    at ');
    expect(thrown(new DOMException('gone', 'AbortError'))).toMatchObject({
      ename: 'AbortError',
      evalue: 'gone',
    });
    const foreign: unknown = vm.runInNewContext("new TypeError('other realm')");
    expect(thrown(foreign)).toMatchObject({ ename: 'TypeError', evalue: 'other realm' });
  });

  it('with a message that looks like a stack, or of many lines, is told whole', () => {
    const error = thrown(new Error('one\n    at fake (/x.js:1:1)\ntwo'));
    expect(plain(error).slice(0, 3)).toEqual(['Error: one', '    at fake (/x.js:1:1)', 'two']);
    expect(thrown(new Error('x'.repeat(1e6))).evalue.length).toBeLessThan(21_000);
  });

  it('with half a surrogate pair becomes text that every reader takes', () => {
    const error = thrown(new Error('a\ud800b'));
    expect(error.evalue).toBe('a\ufffdb');
    expect(Buffer.from(error.traceback.join('\n')).toString()).toBe(error.traceback.join('\n'));
  });

  it('under a prepareStackTrace of the user’s own is still read, and that stays', () => {
    const before = Error.prepareStackTrace;
    const theirs = (error: Error): string => `mine ${error.message}`;
    Error.prepareStackTrace = theirs;
    try {
      expect(plain(thrown(new Error('hi')))).toEqual(['Error: hi']);
      expect(Error.prepareStackTrace).toBe(theirs);
    } finally {
      Error.prepareStackTrace = before;
    }
  });

  it('by an interrupt is told in one line', () => {
    const all = [new KeyboardInterrupt(), new HeapLimitError(2 ** 31), new ExitError('process.exit(3)')].map(
      thrown,
    );
    expect(all.map(({ ename }) => ename)).toEqual(['KeyboardInterrupt', 'HeapLimitError', 'ExitError']);
    expect(all.map(({ traceback }) => traceback.length)).toEqual([1, 1, 1]);
    expect(all[1]?.evalue).toContain('2048 MB');
    expect(all[2]?.evalue).toMatch(/^process\.exit\(3\) was called.*the kernel goes on/);
  });
});

describe('a cell that does not compile', () => {
  const problem = {
    code: 2322,
    message: "Type 'string' is not assignable to type 'number'.",
    line: 2,
    column: 7,
  };

  it('is told with the first problem and the whole text', () => {
    const text = 'first line\nsecond line';
    expect(toCompileError({ ok: false, problems: [{ kind: 'type', ...problem }], text })).toEqual({
      ename: 'TypeScriptError',
      evalue: "Type 'string' is not assignable to type 'number'. (line 2, column 7)",
      traceback: ['first line', 'second line'],
    });
    const advice = { kind: 'type' as const, ...problem, message: 'Cannot find it.\n  Do this.' };
    const { evalue } = toCompileError({ ok: false, problems: [advice], text });
    expect(evalue).toBe('Cannot find it. (line 2, column 7)\n  Do this.');
    const syntax = { kind: 'syntax' as const, ...problem };
    expect(toCompileError({ ok: false, problems: [syntax], text }).ename).toBe('SyntaxError');
  });
});

describe('a printed error', () => {
  it('has the cell’s own lines, also of its cause, and nothing of the kernel', () => {
    const scripts = new Scripts();
    scripts.remember(compile('\nthrow 1;', 1), 1);
    const at = '(/nb (1)/cell-1.ts:2:1)';
    const kernel = path.resolve(__dirname, '..', 'runner.ts');
    const text = `Error: x\n    at f ${at}\n    at /nb (1)/cell-1.ts:2:1\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)\n    at run (${kernel}:1:2) {\n  code: 'E',
  [cause]: Error: y\n      at async g ${at}\n      at node:fs:1:2 {\n    at: 'home'\n  }\n}`;
    expect(withPlaces(text, scripts)).toBe(`Error: x
    at f (cell [1], line 2, column 1)
    at cell [1], line 2, column 1
    {
  code: 'E',
  [cause]: Error: y
      at async g (cell [1], line 2, column 1)
      at node:fs:1:2 {
    at: 'home'
  }
}`);
    for (const same of ['meet at 10:20:30', 'a\nlook at 1:2:3', 'x'])
      expect(withPlaces(same, scripts)).toBe(same);
  });
});

describe('the memory of scripts', () => {
  it('is bounded: what is long ago keeps its number', () => {
    const scripts = new Scripts(5000);
    for (let count = 1; count <= 100; count++)
      scripts.remember(compile(`// ${'x'.repeat(200)}\nthrow 1;`, count), count);
    expect(scripts.find('/nb (1)/cell-100.ts', 3, 1)).toMatchObject({ title: 'cell [100]', line: 2 });
    expect(scripts.find('/nb (1)/cell-1.ts', 3, 1)).toEqual({ title: 'cell [1]', lines: [] });
    expect(scripts.find('/elsewhere.ts', 1, 1)).toBeUndefined();
  });

  it('takes a map that cannot be read for none', () => {
    const scripts = new Scripts();
    scripts.remember({ ...compile('1', 1), map: 'no JSON' }, 1);
    expect(scripts.find('/nb (1)/cell-1.ts', 1, 1)).toEqual({ title: 'cell [1]', lines: ['export {};1'] });
  });
});
