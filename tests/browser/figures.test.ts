import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FIGURE_MIME, type Figure } from 'losslab/figure';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { openNotebook, setOutputWidth, setTheme, startBrowser, THEMES, WIDTHS } from './browser';
import { figures, notebookOf } from './fixtures';
import { inspect } from './inspect';
import { type Lab, startLab } from './lab';
import { problems } from './rules';

/** Every figure of the committed notebooks, and one of each kind; by name. */
const collections: Record<string, Record<string, Figure>> = { fixtures: figures(), ...savedFigures() };

/** In px, a window that holds the tallest figure: a screenshot ends where an output is scrolled away. */
const TALL = 2200;

let lab: Lab;
let browser: Browser;

beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

describe.each(Object.entries(collections))('the figures of %s', (name, shown) => {
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    writeFileSync(path.join(lab.folder, `${name}.ipynb`), JSON.stringify(notebookOf(Object.values(shown))));
    page = await openNotebook(browser, lab, `${name}.ipynb`, TALL);
    page.on('pageerror', (error) => errors.push(error.message));
  });

  afterAll(() => page?.close());

  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      it(`look as they should at ${width} px in ${theme}`, async () => {
        await setTheme(page, theme);
        await setOutputWidth(page, width);
        expect(await look(page, name, shown, `${width}-${theme.split(' ')[1]}`)).toEqual({});
      });
    }
  }

  it('raise no error in the page', () => {
    expect(errors).toEqual([]);
  });
});

/** What offends the rules, by figure; a screenshot of each is kept. */
async function look(
  page: Page,
  collection: string,
  shown: Record<string, Figure>,
  suffix: string,
): Promise<Record<string, string[]>> {
  const folder = inRoot('artifacts', 'figures', collection);
  mkdirSync(folder, { recursive: true });
  const found: Record<string, string[]> = {};
  for (const [i, [name, figure]] of Object.entries(shown).entries()) {
    const locator = page.locator('.losslab-figure').nth(i);
    await locator.scrollIntoViewIfNeeded();
    await page.mouse.move(0, 0);
    await locator.screenshot({ path: path.join(folder, `${name}-${suffix}.png`) });
    const offences = problems(figure, await inspect(locator));
    if (offences.length > 0) found[name] = offences;
  }
  return found;
}

function savedFigures(): Record<string, Record<string, Figure>> {
  const folder = inRoot('notebooks');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ipynb')) : [];
  const found = files.map(
    (file) => [path.basename(file, '.ipynb'), figuresIn(path.join(folder, file))] as const,
  );
  return Object.fromEntries(found.filter(([, shown]) => Object.keys(shown).length > 0));
}

interface SavedCell {
  outputs?: { data?: Record<string, unknown> }[];
}

function figuresIn(file: string): Record<string, Figure> {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells: SavedCell[] };
  const outputs = cells.flatMap(({ outputs }) => outputs ?? []).map(({ data }) => data?.[FIGURE_MIME]);
  const shown = outputs.filter((figure) => figure !== undefined) as Figure[];
  return Object.fromEntries(shown.map((figure, i) => [`figure-${i + 1}`, figure]));
}
