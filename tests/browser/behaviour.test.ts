import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Figure } from 'losslab/figure';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawn, execute, openNotebook, setTheme, startBrowser } from './browser';
import { figures, notebookOf } from './fixtures';
import { type Lab, startLab } from './lab';

const { contour, line, surface } = figures() as Record<'contour' | 'line' | 'surface', Figure>;

let lab: Lab;
let browser: Browser;

beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

async function open(name: string, shown: unknown[]): Promise<{ page: Page; errors: string[] }> {
  writeFileSync(path.join(lab.folder, name), JSON.stringify(notebookOf(shown)));
  const page = await openNotebook(browser, lab, name);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  return { page, errors };
}

describe('a figure that cannot be drawn', () => {
  it('shows what is wrong with it, and leaves its neighbours alone', async () => {
    const cut = structuredClone(line);
    (cut.panels[0] as { series: { x: unknown }[] }).series[0]!.x = [1, 2, 3];
    const { page, errors } = await open('broken.ipynb', [{ ...contour, version: 9 }, cut, 'no object', line]);
    const texts = await page.locator('.losslab-problem').allTextContents();
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain('version: expected 1, got 9');
    expect(texts[1]).toContain('panels[0].series[0].');
    expect(texts[2]).toContain('figure: expected an object');
    expect(await page.locator('[data-losslab-rendered=line]').count()).toBe(1);
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('a drawn figure', () => {
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    ({ page, errors } = await open('drawn.ipynb', [line, contour]));
  });

  afterAll(() => page?.close());

  it('tells coordinates and loss under the pointer, and shows its mode bar then only', async () => {
    const plot = page.locator('.losslab-plot').nth(1);
    const modeBar = plot.locator('.modebar-group').first();
    expect(await modeBar.evaluate((bar) => getComputedStyle(bar).opacity)).toBe('0');
    await plot.hover({ position: { x: 220, y: 160 } });
    await page.mouse.move(0, 0, { steps: 1 });
    await plot.hover({ position: { x: 224, y: 164 } });
    const box = plot.locator('.hoverlayer text').first();
    await box.waitFor();
    expect(await box.textContent()).toMatch(/α.*β.*loss/);
    await page.waitForTimeout(500);
    expect(await modeBar.evaluate((bar) => getComputedStyle(bar).opacity)).toBe('1');
    await page.mouse.move(0, 0);
  });

  it('follows the theme', async () => {
    const ink = () =>
      page
        .locator('.xtitle')
        .first()
        .evaluate((title) => getComputedStyle(title).fill);
    await setTheme(page, 'JupyterLab Light');
    const light = await ink();
    await setTheme(page, 'JupyterLab Dark');
    expect(await ink()).not.toBe(light);
    await setTheme(page, 'JupyterLab Light');
    expect(await ink()).toBe(light);
  });

  it('keeps its element when its data change', async () => {
    const first = page.locator('.losslab-figure').first();
    await first.evaluate((node) => node.classList.add('seen-before'));
    await changeOutput(page, 0, { ...line, caption: 'measured again' });
    await drawn(page);
    expect(await page.locator('.seen-before .losslab-caption').textContent()).toContain('measured again');
  });

  it('is gone without an error when its document closes', async () => {
    await execute(page, 'docmanager:save');
    await execute(page, 'application:close');
    await page.locator('.losslab-figure').first().waitFor({ state: 'detached' });
    await page.waitForTimeout(300);
    expect(errors).toEqual([]);
  });
});

describe('more surfaces than a browser has WebGL contexts for', () => {
  it('are live where they are seen, eight at most, and pictures elsewhere', async () => {
    const { page, errors } = await open(
      'many.ipynb',
      Array.from({ length: 12 }, () => surface),
    );
    const live = () => page.locator('.losslab-plot .gl-container').count();
    const pictures = page.locator('.losslab-snapshot');
    expect([await live(), await pictures.count()]).toEqual([8, 0]);
    await page.locator('.losslab-figure').last().scrollIntoViewIfNeeded();
    await page.locator('.losslab-figure').last().locator('.gl-container').waitFor({ state: 'attached' });
    await pictures.first().waitFor({ state: 'attached' });
    expect(await live()).toBe(8);
    await page.locator('.losslab-figure').first().scrollIntoViewIfNeeded();
    await page.locator('.losslab-figure').first().locator('.gl-container').waitFor({ state: 'attached' });
    expect(await live()).toBeLessThanOrEqual(8);
    expect(errors).toEqual([]);
    await page.close();
    // Twelve surfaces are drawn without a graphics card, which takes a slow processor a minute.
  }, 240_000);
});

/** Changes a saved output as a kernel's `update_display_data` does. */
async function changeOutput(page: Page, cell: number, figure: Figure): Promise<void> {
  await page.evaluate(
    ([index, data]) => {
      // biome-ignore lint/suspicious/noExplicitAny: JupyterLab's application, exposed for tests
      const { currentWidget } = (globalThis as any).jupyterapp.shell;
      const outputs = currentWidget.content.widgets[index as number].model.outputs;
      const output = { ...outputs.get(0).toJSON() };
      outputs.set(0, { ...output, data: { ...output.data, 'application/vnd.losslab.figure.v1+json': data } });
    },
    [cell, figure] as const,
  );
}
