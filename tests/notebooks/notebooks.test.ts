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

/** One notebook is written so that the stock tslab kernel runs it, too. */
const RUNS = [...names.map((name) => ['losslab', name] as const), ['tslab', '01-first-look.ipynb'] as const];

it('there are notebooks to run', () => {
  expect(names.length).toBeGreaterThan(0);
});

describe.each(RUNS)('under %s, notebooks/%s', (kernel, name) => {
  let done: Executed;
  beforeAll(async () => {
    done = await execute(read(name), { kernel });
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

  it('writes nothing to stderr', () => {
    const streams = done.notebook.cells.flatMap(({ outputs = [] }) => outputs);
    expect(streams.filter(({ name }) => name === 'stderr')).toEqual([]);
  });

  it('is committed with its figures, in under 400 KB', () => {
    expect(bundles(read(name)).length).toBe(bundles(done.notebook).length);
    expect(statSync(inRoot('notebooks', name)).size).toBeLessThan(400 * KILOBYTE);
  });

  it('is committed for our kernel', () => {
    expect(read(name).metadata).toMatchObject({
      kernelspec: { name: 'losslab', display_name: 'TypeScript (losslab)', language: 'typescript' },
      language_info: { name: 'typescript', file_extension: '.ts' },
    });
  });
});

describe("docs/tslab.ipynb, tslab's whole display API", () => {
  const tslab: Notebook = JSON.parse(readFileSync(inRoot('docs', 'tslab.ipynb'), 'utf8'));
  const shownBy = ({ cells }: Notebook) =>
    cells.map(({ outputs = [] }) => outputs.map(({ data = {} }) => Object.keys(data).sort()));
  let done: Executed;
  beforeAll(async () => {
    done = await execute(tslab, { cwd: inRoot('docs') });
  });

  it('runs, and shows what it was committed with', () => {
    expect(failures(done)).toEqual([]);
    expect(shownBy(done.notebook)).toEqual(shownBy(tslab));
  });

  it('shows every MIME type that tslab knows', () => {
    const types = new Set(shownBy(tslab).flat(2));
    for (const type of ['html', 'markdown', 'latex', 'plain', 'javascript'])
      expect(types).toContain(`text/${type}`);
    for (const type of ['svg+xml', 'png', 'jpeg', 'gif']) expect(types).toContain(`image/${type}`);
    for (const type of ['pdf', 'json']) expect(types).toContain(`application/${type}`);
  });
});
