import { mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodesAtHand, onNode } from '../../../../tests/kernel/onNode';
import { ts } from '../../compiler/typescript';
import type { Neighbour } from '../../places/compiled';
import { inContext, newContext } from '../contexts';
import { createImporter, type Importer } from './importer';

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'losslab-neighbours-')));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Compiles a file as the compiler does. */
function neighbour(name: string, source: string, version = '1'): Neighbour {
  const file = path.join(cwd, name);
  writeFileSync(file, source);
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions: {
      module: ts.ModuleKind.System,
      target: ts.ScriptTarget.ES2022,
      sourceMap: true,
      moduleDetection: ts.ModuleDetectionKind.Force,
      esModuleInterop: true,
    },
  });
  return { file, version, source, script: outputText, map: sourceMapText ?? '', imports: {} };
}

/** An importer that knows these files, by name and text. */
function importing(
  files: Record<string, string>,
  im: Importer = createImporter({ cwd }),
  version = '1',
): Importer {
  im.loadNeighbours(Object.entries(files).map(([name, source]) => neighbour(name, source, version)));
  return im;
}

const counted = (name: string): string =>
  `(globalThis as any).runs = [...((globalThis as any).runs ?? []), '${name}'];`;

function runs(): string[] {
  const given = globalThis as { runs?: string[] };
  const seen = given.runs ?? [];
  given.runs = [];
  return seen;
}

describe('neighbours', () => {
  it('run once, dependencies first, and are found as TypeScript finds them', async () => {
    const im = importing({
      'a.ts': `${counted('a')} export const a = 1; export default class A {}`,
      'b.mts': `import { a } from './a'; ${counted('b')} export const b = a + 1; export * from './a.js';`,
    });
    runs();
    const all = ['./b', './b.mts', `${cwd}/b.mts`, './b.mjs', './a', './a.js', './a.ts'];
    const found = await Promise.all(all.map((specifier) => im.import(specifier)));
    expect(found.map(({ a }) => a)).toEqual(all.map(() => 1));
    expect(found[0]).toMatchObject({ a: 1, b: 2 });
    expect(found[0]).not.toHaveProperty('default');
    expect(runs()).toEqual(['a', 'b']);
    expect(im.meta.resolve('./b')).toBe(`file://${cwd}/b.mts`);
  });

  it('bindings are live, through re-exports too', async () => {
    const im = importing({
      'count.ts': 'export let n = 0; export function up() { n += 1; } export { n as again };',
      'through.ts':
        "export * from './count'; export { n as renamed } from './count'; import { n } from './count'; export const read = () => n;",
    });
    const ns = await im.import('./through');
    (ns.up as () => void)();
    expect([ns.n, ns.again, ns.renamed, (ns.read as () => number)()]).toEqual([1, 1, 1, 1]);
  });

  it('may import each other in a circle', async () => {
    const im = importing({
      'even.ts':
        "import { odd } from './odd'; export function even(n: number): boolean { return n === 0 || odd(n - 1); }",
      'odd.ts':
        "import { even } from './even'; export function odd(n: number): boolean { return n !== 0 && even(n - 1); } export const early = even(0);",
    });
    const [{ even }, { odd, early }] = await Promise.all([im.import('./even'), im.import('./odd')]);
    expect([(even as (n: number) => boolean)(10), (odd as (n: number) => boolean)(10), early]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('export stars in a circle over a value that is not a number come to an end', async () => {
    const im = importing({
      'p.ts': "export * from './q'; export const p = 1;",
      'q.ts': "export * from './p'; export * from './nan';",
      'nan.ts': 'export let n = 0; n = Number.NaN;',
    });
    expect(await im.import('./p')).toMatchObject({ p: 1, n: Number.NaN });
  });

  it('that another import is at are waited for', async () => {
    const im = importing({
      'busy.ts': `await new Promise((resolve) => setTimeout(resolve, 20)); ${counted('busy')} export const done = 1;`,
      'needs.ts': `import { done } from './busy'; ${counted('needs')} export const saw = done;`,
    });
    runs();
    const [, { saw }] = await Promise.all([im.import('./busy'), im.import('./needs')]);
    expect([saw, runs()]).toEqual([1, ['busy', 'needs']]);
  });

  it('may await at their top level, also what they import themselves', async () => {
    const im = importing({
      'slow.ts': 'export const slow = await new Promise<number>((resolve) => setTimeout(resolve, 20, 5));',
      'user.ts':
        "import { slow } from './slow'; const { late } = await import('./late'); export const sum = slow + late;",
      'late.ts': "import { slow } from './slow'; export const late = slow * 10;",
    });
    expect((await im.import('./user')).sum).toBe(55);
  });

  it('have import.meta, require and __dirname of their own place', async () => {
    const im = importing({
      'place.ts':
        "export const here = [import.meta.filename, import.meta.dirname, import.meta.url, __dirname, require('node:path').sep];",
    });
    const file = path.join(cwd, 'place.ts');
    expect((await im.import('./place')).here).toEqual([file, cwd, `file://${file}`, cwd, '/']);
  });

  it('are loaded anew with all that import them when their version changes, and only those', async () => {
    const im = importing({
      'base.ts': `${counted('base')} export const v = 1;`,
      'middle.ts': `import { v } from './base'; ${counted('middle')} export const m = v;`,
      'top.ts': `import { m } from './middle'; import './other'; ${counted('top')} export const t = m;`,
      'other.ts': counted('other'),
    });
    runs();
    expect((await im.import('./top')).t).toBe(1);
    expect(runs()).toEqual(['base', 'middle', 'other', 'top']);
    importing({ 'base.ts': `${counted('base')} export const v = 2;` }, im, '2');
    expect((await im.import('./top')).t).toBe(2);
    expect(runs()).toEqual(['base', 'middle', 'top']);
    importing({ 'base.ts': `${counted('base')} export const v = 2;` }, im, '2');
    expect((await im.import('./top')).t).toBe(2);
    expect(runs()).toEqual([]);
  });

  it('are loaded anew when a file that Node loads for them has changed', async () => {
    writeFileSync(path.join(cwd, 'settings.json'), '{ "s": 1 }');
    const im = importing({
      'uses.ts': "import settings from './settings.json'; export const s = settings.s;",
    });
    expect((await im.import('./uses')).s).toBe(1);
    writeFileSync(path.join(cwd, 'settings.json'), '{ "s": 2 }');
    const later = new Date(Date.now() + 5000);
    utimesSync(path.join(cwd, 'settings.json'), later, later);
    expect((await im.import('./uses')).s).toBe(2);
  });

  it('that throw are tried again; those that were done are not', async () => {
    const im = importing({
      'done.ts': counted('done'),
      'throws.ts': `import './done'; ${counted('throws')} if (!(globalThis as any).mended) throw new Error('not yet'); export const ok = 1;`,
      'waits.ts': "export * from './throws';",
    });
    runs();
    await expect(im.import('./waits')).rejects.toThrow('not yet');
    Object.assign(globalThis, { mended: true });
    expect((await im.import('./waits')).ok).toBe(1);
    expect(runs()).toEqual(['done', 'throws', 'throws']);
  });

  it('a package that one of them misses is named before anything runs', async () => {
    const im = importing({
      'first.ts': counted('first'),
      'needs.ts': "import './first'; import { x } from 'not-installed'; export const y = x;",
    });
    runs();
    await expect(im.import('./needs')).rejects.toThrow('npm i not-installed');
    expect(runs()).toEqual([]);
  });

  it('one that an interrupt left half done runs again from its beginning', async () => {
    const im = importing({
      'hangs.ts': `${counted('hangs')} if (!(globalThis as any).free) await new Promise(() => {}); export const h = 1;`,
    });
    runs();
    const context = newContext(1, 1);
    void inContext(context, () => im.import('./hangs'));
    await new Promise((resolve) => setTimeout(resolve, 10));
    context.end(new Error('stop'));
    Object.assign(globalThis, { free: true });
    expect((await inContext(newContext(2, 2), () => im.import('./hangs'))).h).toBe(1);
    expect(runs()).toEqual(['hangs', 'hangs']);
  });

  it('after an interrupt those that had not begun do not run', async () => {
    const im = importing({
      'hold.ts': `await new Promise((resolve) => { (globalThis as any).release = resolve; });`,
      'after.ts': `import './hold'; ${counted('after')}`,
    });
    runs();
    const context = newContext(3, 3);
    const loading = inContext(context, () => im.import('./after'));
    await new Promise((resolve) => setTimeout(resolve, 10));
    context.end(new Error('stopped here'));
    (globalThis as unknown as { release: () => void }).release();
    await expect(loading).rejects.toThrow('stopped here');
    inContext(newContext(4, 4), () => {});
    expect(runs()).toEqual([]);
  });

  it('are required once they have been imported, and before that say so', async () => {
    const im = importing({ 'r.ts': 'export const r = 1;' });
    expect(() => im.require('./r')).toThrow(
      "require('./r') cannot run r.ts, which is an ES module: import it first",
    );
    const ns = await im.import('./r');
    expect(im.require('./r')).toBe(ns);
  });

  it('a script that does not parse leaves nothing half linked', async () => {
    const im = importing({
      'fine.ts': `${counted('fine')} export const f = 1;`,
      'uses.ts': "import './fine'; import './odd';",
    });
    const odd = neighbour('odd.ts', '');
    im.loadNeighbours([{ ...odd, script: 'System.register([], function (' }]);
    await expect(im.import('./uses')).rejects.toThrow(SyntaxError);
    im.loadNeighbours([neighbour('odd.ts', '', '2')]);
    await im.import('./uses');
    expect((await im.import('./fine')).f).toBe(1);
  });
});

describe.each(nodesAtHand())('on %s', (node) => {
  it('neighbours use packages, each other and JSON', () => {
    writeFileSync(path.join(cwd, 'plain.cjs'), 'module.exports = { c: 3 };');
    writeFileSync(path.join(cwd, 'data.json'), '[4]');
    const given = [
      neighbour(
        'one.ts',
        "import { basename } from 'node:path'; import c from './plain.cjs'; export const one = basename('/a/b') + c.c;",
      ),
      neighbour(
        'two.ts',
        "import { one } from './one'; import data from './data.json'; export const two = [one, ...data, await 5];",
      ),
    ];
    const program = `const im = kernel('session/modules/importer.js').createImporter({ cwd: ${JSON.stringify(cwd)} });
      im.loadNeighbours(${JSON.stringify(given)});
      im.import('./two').then((ns) => report(ns.two));`;
    const { reported, stderr } = onNode(program, { node });
    expect([reported, stderr]).toEqual([[['b3', 4, 5]], '']);
  });
});
