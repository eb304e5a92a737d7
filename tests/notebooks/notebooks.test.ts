import { readdirSync, readFileSync, statSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { validateFigure } from '../../src/figure';
import { type Executed, execute, failures, type Notebook } from './execute';

const FIGURE = 'application/vnd.losslab.figure.v1+json';
const KILOBYTE = 1024;

const names = readdirSync(inRoot('notebooks')).filter((name) => name.endsWith('.ipynb'));
const read = (name: string): Notebook => JSON.parse(readFileSync(inRoot('notebooks', name), 'utf8'));

const bundles = (notebook: Notebook) =>
  notebook.cells
    .flatMap(({ outputs = [] }) => outputs.map(({ data = {} }) => data))
    .filter((data) => FIGURE in data);

const bytesOfPng = (data: Record<string, unknown>) =>
  Buffer.from([data['image/png']].flat().join(''), 'base64').length;

it('there are notebooks to run', () => {
  expect(names.length).toBeGreaterThan(0);
});

describe.each(names)('notebooks/%s', (name) => {
  let done: Executed;
  beforeAll(async () => {
    done = await execute(read(name));
  }, 600_000);

  it('runs from top to bottom', () => {
    expect(failures(done)).toEqual([]);
  });

  it('shows figures that are valid, each with a picture of at most 50 KB', () => {
    const shown = bundles(done.notebook);
    expect(shown.length).toBeGreaterThan(0);
    for (const data of shown) {
      validateFigure(data[FIGURE]);
      expect(bytesOfPng(data)).toBeGreaterThan(0);
      expect(bytesOfPng(data)).toBeLessThanOrEqual(50 * KILOBYTE);
    }
  });

  it('is committed with its figures, in under 400 KB', () => {
    expect(bundles(read(name)).length).toBe(bundles(done.notebook).length);
    expect(statSync(inRoot('notebooks', name)).size).toBeLessThan(400 * KILOBYTE);
  });
});
