import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompiledCell } from '../places/compiled';
import { NAMES, pathOfCell, Sources } from './sources';

const MAP = '{"version":3,"sources":["x"],"names":[],"mappings":""}';

const cell = (id: number, source: string): CompiledCell => ({
  ...{ id, source, file: `/notebooks/cell-${id}.ts`, script: '', map: MAP, names: [] },
  neighbours: [
    { file: '/notebooks/a.ts', version: '1', source: 'neighbour', script: '', map: MAP, imports: {} },
  ],
});

describe('the names of cells', () => {
  // What @jupyterlab/debugger 4.6.4 makes of these texts and our seed: `murmur2` in its hash.js.
  it.each([
    ['', 1675904732],
    ['a', 916405679],
    ['1 + 1', 1946632631],
    ['const x = 1;\nx', 3366037405],
    ['θ — ρ 𝛼', 1359134583],
  ])('are those that JupyterLab makes: %j', (code, hash) => {
    expect(pathOfCell(code)).toBe(`${NAMES.tmpFilePrefix}${hash}.ts`);
  });
});

describe('sources', () => {
  it('know every script that was made of one text, and files beside the notebook by their path', () => {
    const sources = new Sources();
    sources.remember(cell(1, 'one'), 1);
    sources.remember(cell(2, 'two'), 2);
    sources.remember(cell(3, 'one'), 3);
    expect(sources.scriptsOf(pathOfCell('one')).map(({ title }) => title)).toEqual(['cell [1]', 'cell [3]']);
    expect(sources.scriptsOf('/notebooks/a.ts').map(({ title }) => title)).toEqual(['a.ts']);
    expect(sources.script('file:///notebooks/cell-2.ts')?.path).toBe(pathOfCell('two'));
  });

  it('have the text of cells that never ran, and of files', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'losslab-sources-'));
    const sources = new Sources();
    const file = path.join(folder, 'x.js');
    writeFileSync(file, 'on disk');
    expect(sources.text(sources.dump('never run'))).toBe('never run');
    expect(sources.text(file)).toBe('on disk');
    expect(sources.ownText(file)).toBeUndefined();
    expect(sources.text(path.join(folder, 'nothing'))).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});
