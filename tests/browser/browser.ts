import { type Browser, chromium, type Page } from 'playwright-core';
import { findOrInstallChromium } from '../../scripts/setup/chromium.mjs';
import type { Lab } from './lab';

/** No sandbox (containers lack it), WebGL in software, and no traffic of Chromium's own. */
const FLAGS = [
  ...[
    '--no-sandbox',
    '--disable-gpu',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
  ],
  ...['--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/** A Chromium with an empty profile. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findOrInstallChromium(), args: FLAGS });
}

/** The themes of JupyterLab that figures are looked at in. */
export const THEMES = ['JupyterLab Light', 'JupyterLab Dark'] as const;

/** Widths of the output area, in px. */
export const WIDTHS = [480, 800, 1280] as const;

/** Opens a notebook of a lab as the only document, without a kernel, and waits for its figures; `height` is the window's. */
export async function openNotebook(browser: Browser, lab: Lab, name: string, height = 1000): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height } });
  // Surfaces are drawn without a graphics card: Playwright's 30 s are short for many of them.
  page.setDefaultTimeout(120_000);
  await page.goto(`${lab.url}/lab/tree/${encodeURIComponent(name)}?reset`);
  await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: 60_000 });
  await withoutKernel(page);
  await execute(page, 'application:toggle-left-area');
  await drawn(page);
  return page;
}

/** The notebooks under test name no kernel, so JupyterLab asks for one. */
async function withoutKernel(page: Page): Promise<void> {
  const dialog = page.locator('.jp-Dialog');
  await dialog.waitFor({ timeout: 60_000 });
  await dialog.locator('button', { hasText: 'No Kernel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.mouse.move(0, 0);
}

/** Runs a command of JupyterLab, as its menus do. */
export async function execute(page: Page, command: string, args: object = {}): Promise<void> {
  await page.evaluate(
    ([id, options]) =>
      (
        globalThis as unknown as {
          jupyterapp: { commands: { execute(id: unknown, args: unknown): Promise<void> } };
        }
      ).jupyterapp.commands.execute(id, options),
    [command, args],
  );
}

/** Waits until every figure of the page is drawn, after what may have asked for a new drawing. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForTimeout(200);
  await page.waitForFunction(() => {
    const figures = [...document.querySelectorAll<HTMLElement>('.losslab-figure')];
    return figures.length > 0 && figures.every((figure) => figure.dataset.losslabRendered);
  });
  await page.waitForTimeout(400);
}

/** Applies a theme, and waits until the page has its colours. */
export async function setTheme(page: Page, theme: (typeof THEMES)[number]): Promise<void> {
  await execute(page, 'apputils:change-theme', { theme });
  await page.waitForFunction((name) => document.body.dataset.jpThemeName === name, theme);
  await drawn(page);
}

/** Makes the window as wide as gives outputs their width. */
export async function setOutputWidth(page: Page, width: number): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) {
    const now = await page
      .locator('.losslab-figure')
      .first()
      .evaluate((figure) => figure.clientWidth);
    const size = page.viewportSize() ?? { width: 1400, height: 2200 };
    if (now === width) break;
    await page.setViewportSize({ ...size, width: size.width + width - now });
    await page.waitForTimeout(300);
  }
  await drawn(page);
}
