import { describe, expect, it } from 'vitest';
import { importsOf, type Source, sourcesIn } from './imports';

const library = sourcesIn('src');
const kernel = sourcesIn('kernel/src');
const extension = sourcesIn('extension/src');
const everything = [...library, ...kernel, ...extension];

/** The rooms of src/ in the order of the data flow: a file imports from its own room and from those before it. */
const ROOMS = [
  ...[
    'vector',
    'random',
    'progress',
    'options',
    'engine',
    'params',
    'loss',
    'losses',
    'analytic',
    'datasets',
  ],
  ...['optim', 'directions', 'slices', 'sharpness', 'curvature', 'critical', 'topology'],
  ...['figure', 'display', 'index'],
];

const roomOf = (file: string) => file.split('/')[1]?.replace(/\.ts$/, '') ?? 'index';
const isOwn = (name: string) => name.startsWith('src/') || name === 'src';
const isPackage = (name: string, wanted: string) => name === wanted || name.startsWith(`${wanted}/`);

/** Each offence as `file imports what`. */
const offences = (sources: Source[], forbidden: (imported: string, file: string) => boolean): string[] =>
  sources.flatMap(({ file, imports }) =>
    imports.filter((name) => forbidden(name, file)).map((name) => `${file} imports ${name}`),
  );

const importsBackwards = (name: string, file: string) =>
  isOwn(name) && ROOMS.indexOf(roomOf(name)) > ROOMS.indexOf(roomOf(file));

const leaves = (folder: string) => (name: string) => name !== folder && !name.startsWith(`${folder}/`);

describe('the import rules', () => {
  it('are read from real files', () => {
    expect(library.length).toBeGreaterThan(10);
    expect(library.flatMap(({ imports }) => imports)).toContain('@tensorflow/tfjs');
  });

  it('see static, type, dynamic and re-exported imports, and require', () => {
    const text = `import a from './a'; import type { B } from '../b'; export * from 'c';
      const d = await import('d'); const e = require('e'); import type { F } from '@f/f';`;
    expect(importsOf('src/room/file.ts', text).sort()).toEqual([
      '@f/f',
      'c',
      'd',
      'e',
      'src/b',
      'src/room/a',
    ]);
  });

  it('every room of src/ has its place in the order', () => {
    expect(library.map(({ file }) => roomOf(file)).filter((room) => !ROOMS.includes(room))).toEqual([]);
  });

  it('imports within src/ point one way, in the order of the data flow', () => {
    expect(offences(library, importsBackwards)).toEqual([]);
    const backwards = [{ file: 'src/loss.ts', imports: ['src/optim/run'] }];
    expect(offences(backwards, importsBackwards)).toEqual(['src/loss.ts imports src/optim/run']);
  });

  it('figure/ imports nothing outside itself', () => {
    const figure = library.filter(({ file }) => roomOf(file) === 'figure');
    expect(figure.length).toBeGreaterThan(0);
    expect(offences(figure, leaves('src/figure'))).toEqual([]);
    const outside = [{ file: 'src/figure/x.ts', imports: ['src/figure/y', 'src/loss', 'node:fs'] }];
    expect(offences(outside, leaves('src/figure'))).toHaveLength(2);
  });

  it('engine/ alone imports TensorFlow.js', () => {
    const others = everything.filter(({ file }) => !file.startsWith('src/engine/'));
    expect(offences(others, (name) => name.startsWith('@tensorflow/'))).toEqual([]);
  });

  it('only engine/ and display/ import Node modules', () => {
    const core = library.filter(({ file }) => !['engine', 'display'].includes(roomOf(file)));
    expect(offences(core, (name) => name.startsWith('node:'))).toEqual([]);
  });

  it.each(['zeromq', 'typescript', 'plotly.js'])('at most one file imports %s', (foreign) => {
    const owners = everything.filter(({ imports }) => imports.some((name) => isPackage(name, foreign)));
    expect(owners.map(({ file }) => file).slice(1)).toEqual([]);
  });

  it('the kernel never imports the library, nor the library the kernel or the extension', () => {
    expect(offences(kernel, (name) => isPackage(name, 'losslab') || isOwn(name))).toEqual([]);
    const packages = (name: string) => name.startsWith('@losslab/') || /^(kernel|extension)\//.test(name);
    expect(offences(library, packages)).toEqual([]);
  });

  it('the extension imports nothing of the library but its figures', () => {
    const elsewhere = (name: string) =>
      (isPackage(name, 'losslab') && name !== 'losslab/figure') || isOwn(name);
    expect(offences(extension, elsewhere)).toEqual([]);
  });
});
