import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodesAtHand, onNode } from '../../../../tests/kernel/onNode';

const FILES: Record<string, string> = {
  'node_modules/cjs/package.json': '{ "main": "main.js" }',
  // Node's lexer sees none of these names.
  'node_modules/cjs/main.js':
    "globalThis.loads = (globalThis.loads ?? 0) + 1; for (const k of ['a', 'b']) module.exports[k] = k + 1;",
  'node_modules/transpiled/index.js':
    "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = function theDefault() {}; exports.x = 1;",
  'node_modules/nodefault/index.js':
    "Object.defineProperty(exports, '__esModule', { value: true }); exports.y = 2;",
  'node_modules/fn/index.js': 'module.exports = function fn() { return 7; }; module.exports.extra = 8;',
  'node_modules/instance/index.js':
    'class Thing { #n = 5; get value() { return this.#n; } twice() { return 10; } } module.exports = new Thing();',
  'node_modules/promised/index.js': 'module.exports = Promise.resolve(3);',
  'node_modules/esm/package.json':
    '{ "type": "module", "exports": { ".": "./i.js", "./sub": { "import": "./sub.mjs" } } }',
  'node_modules/esm/i.js': 'export const e = await Promise.resolve(1); export default 2;',
  'node_modules/esm/sub.mjs': 'export const s = 3;',
  'node_modules/both/package.json': '{ "exports": { "import": "./i.mjs", "require": "./r.cjs" } }',
  'node_modules/both/i.mjs': "export const by = 'import';",
  'node_modules/both/r.cjs': "exports.by = 'require';",
  'node_modules/deep/index.js': "require('not-there-deep');",
  'node_modules/flat/fp.js': 'exports.fp = true;',
  'node_modules/@scope/data/values.json': '{ "v": [1] }',
  'sub/lib.js': 'exports.lib = 1; exports.dir = __dirname;',
  'sub/index.js': "exports.index = true; exports.lib = require('./lib');",
  'local.mjs': 'export let n = 1;',
  'data.json': '{ "d": 4 }',
  'helper.ts': 'export const h = 1;',
};

/** Runs a body in which `im` is an importer of the folder and `report` tells what it finds. */
function cell(node: string, cwd: string, body: string): unknown[] {
  const program = `const { createImporter } = kernel('session/modules/importer.js');
    const fs = require('node:fs');
    const later = (file) => { const t = new Date(Date.now() + 5000); fs.utimesSync(file, t, t); };
    const im = createImporter({ cwd: ${JSON.stringify(cwd)}, modules: { tslab: () => ({ display: 1 }) } });
    (async () => { ${body} })().catch((error) => report(['threw', error.name, error.message, error.code]));`;
  const { reported, stderr } = onNode(program, { node, cwd: tmpdir() });
  expect(stderr).toBe('');
  return reported;
}

describe.each(nodesAtHand())('on %s', (node) => {
  let cwd = '';
  beforeAll(() => {
    cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'losslab-modules (1) ')));
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
      writeFileSync(path.join(cwd, name), text);
    }
  });
  afterAll(() => rmSync(cwd, { recursive: true }));
  const run = (body: string): unknown[] => cell(node, cwd, body);

  it('a CommonJS package has all its members and is one instance, imported or required', () => {
    const body = `const ns = await im.import('cjs'); const again = await im.import('cjs');
      report([ns.a, ns.b, Object.keys(ns).sort(), ns.default === im.require('cjs'), ns === again, loads]);
      ns.default.late = 3; report([ns.late, (await im.import('cjs')).late]);`;
    expect(run(body)).toEqual([
      ['a1', 'b1', ['a', 'b', 'default'], true, true, 1],
      [3, 3],
    ]);
  });

  it('the default of a CommonJS package is what TypeScript types it as', () => {
    const body = `const [t, n, f] = await Promise.all(['transpiled', 'nodefault', 'fn'].map((s) => im.import(s)));
      report([t.default.name, t.x, n.default.y, n.y, f.default(), f.extra]);`;
    expect(run(body)).toEqual([['theDefault', 1, 2, 2, 7, 8]]);
  });

  it('inherited members of what a package exports are imported with their own this', () => {
    const body = `const ns = await im.import('instance'); report([ns.value, ns.twice()]);
      report(await (await im.import('promised')).default);`;
    expect(run(body)).toEqual([[5, 10], 3]);
  });

  it('packages that are ES modules alone, exports maps and their conditions are as Node has them', () => {
    const body = `const ns = await im.import('esm'); const sub = await im.import('esm/sub');
      report([ns.e, ns.default, sub.s, (await im.import('both')).by, im.require('both').by]);
      report([(await im.import('flat/fp')).fp, (await im.import('@scope/data/values.json')).default]);`;
    expect(run(body)).toEqual([
      [1, 2, 3, 'import', 'require'],
      [true, { v: [1] }],
    ]);
  });

  it('builtins, paths, URLs and modules of the kernel are found', () => {
    const body = `const cwd = im.dirname;
      report([typeof (await im.import('fs')).readFileSync, typeof (await im.import('node:fs/promises')).default.readFile]);
      report([(await im.import('./sub/lib')).lib, (await im.import('./sub')).index, (await im.import(cwd + '/sub/lib.js')).lib]);
      const url = require('node:url').pathToFileURL(cwd + '/sub/lib.js').href;
      report([(await im.import(url)).lib, (await im.import(new URL(url))).lib, (await im.import('data:text/javascript,export default 9')).default]);
      report([(await im.import('tslab')).display, im.require('tslab').display, (await im.import('tslab')).default === im.require('tslab')]);`;
    expect(run(body)).toEqual([
      ['function', 'function'],
      [1, true, 1],
      [1, 1, 9],
      [1, 1, true],
    ]);
  });

  it('JSON comes with and without attributes, and is the same that require gives', () => {
    const body = `const plain = await im.import('./data.json');
      const typed = await im.import('./data.json', { with: { type: 'json' } });
      const given = await im.import('./data.json', { type: 'json' });
      report([plain.default, plain.d, typed.default === plain.default, given.default === im.require('./data.json')]);
      report((await im.import('data:application/json,[1]', { type: 'json' })).default);`;
    expect(run(body)).toEqual([[{ d: 4 }, 4, true, true], [1]]);
  });

  it('import.meta is that of a file in the working folder', () => {
    const body = `const { url, filename, dirname, resolve } = im.meta;
      report([url === require('node:url').pathToFileURL(filename).href, dirname === im.dirname, require('node:path').dirname(filename) === dirname]);
      await im.import('fs'); process.chdir('/');
      report([resolve('both').endsWith('/both/i.mjs'), resolve('fs'), resolve('./data.json').endsWith('/data.json'), (await im.import('cjs')).a]);`;
    expect(run(body)).toEqual([
      [true, true, true],
      [true, 'node:fs', true, 'a1'],
    ]);
  });

  it('files of the user’s own are read again when they have changed, packages are not', () => {
    const body = `const at = (name) => im.dirname + '/' + name;
      const seen = async () => [(await im.import('./sub')).lib.lib, (await im.import('./local.mjs')).n, (await im.import('./data.json')).d, im.require('./sub/lib').lib];
      const first = await seen(); const same = (await im.import('./sub')).default === (await im.import('./sub')).default;
      const put = (name, text) => { const before = fs.readFileSync(at(name), 'utf8'); fs.writeFileSync(at(name), text); later(at(name)); return () => fs.writeFileSync(at(name), before); };
      const back = [put('sub/lib.js', 'exports.lib = 22;'), put('local.mjs', 'export let n = 11;'), put('data.json', '{ "d": 44 }')];
      report([first, same, await seen()]); back.forEach((f) => f());`;
    expect(run(body)).toEqual([[[1, 1, 4, 1], true, [22, 11, 44, 22]]]);
  });

  it('a file that failed is tried again, also unchanged', () => {
    const body = `const file = im.dirname + '/fails.js';
      for (const text of ['if (!globalThis.ready) throw new Error("not ready"); exports.ok = 1;', 'if (!globalThis.also) throw new Error("not ready"); export const ok = 2;']) {
        fs.writeFileSync(file, text); later(file);
        const first = await im.import('./fails.js').catch((error) => error.message);
        globalThis.ready = globalThis.also = true;
        report([first, (await im.import('./fails.js')).ok]); globalThis.also = false;
      } fs.unlinkSync(file);`;
    expect(run(body)).toEqual([
      ['not ready', 1],
      ['not ready', 2],
    ]);
  });

  it('a missing package is named with the command that helps, and found once it is there', () => {
    const body = `const told = async (s) => im.import(s).catch((e) => [e.code, e.message]);
      report(await told('@not/there/deep/er'));
      try { im.require('nothing') } catch (e) { report([e.code, e.message]) }
      fs.mkdirSync(im.dirname + '/node_modules/@not/there/deep', { recursive: true });
      fs.writeFileSync(im.dirname + '/node_modules/@not/there/deep/er.js', 'exports.now = 1;');
      report((await im.import('@not/there/deep/er')).now);
      fs.rmSync(im.dirname + '/node_modules/@not', { recursive: true });`;
    const install = (name: string) => [
      'ERR_MODULE_NOT_FOUND',
      `Cannot find package '${name}' from ${cwd} upwards. To install it there: npm i ${name}`,
    ];
    expect(run(body)).toEqual([install('@not/there'), install('nothing'), 1]);
  });

  it('what a package itself misses keeps its own words', () => {
    const body = `const told = async (s) => im.import(s).catch((e) => e.message.split('\\n')[0]);
      report([await told('deep'), await told('esm/secret'), await told('./nowhere')]);
      report(await told('./helper'));`;
    const [[deep, secret, nowhere], helper] = run(body) as [string[], string];
    expect(deep).toBe("Cannot find module 'not-there-deep'");
    expect(secret).toContain('\'./secret\' is not defined by "exports"');
    expect(nowhere).toBe(`Cannot find './nowhere': there is no such file in ${cwd}`);
    expect(helper).toContain('helper.ts was not compiled with this cell');
  });
});
