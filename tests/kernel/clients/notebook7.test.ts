import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { venvBin } from '../../../scripts/setup/paths.mjs';
import { startBrowser } from '../../browser/browser';
import { freePort } from '../../setup/starting';
import { code, makeHome, notebook, python } from './client';

/** The states of the kernels that a page is connected to. */
async function connectedKernels(url: string): Promise<string[]> {
  const kernels: { connections: number; execution_state: string }[] = await (
    await fetch(`${url}/api/kernels`)
  ).json();
  return kernels.filter(({ connections }) => connections > 0).map(({ execution_state }) => execution_state);
}

describe('Notebook 7', () => {
  const home = makeHome();
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    home.write('cells.ipynb', notebook([code('const name: string = "λ";'), code('name + 6 * 7')]));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
    server = spawn(
      venvBin('python'),
      [
        ...['-m', 'notebook', '--no-browser', '--ip=127.0.0.1', `--port=${port}`, ...asRoot],
        ...[
          '--IdentityProvider.token=',
          '--ServerApp.disable_check_xsrf=True',
          `--ServerApp.root_dir=${home.folder}`,
        ],
      ],
      { env: home.env, cwd: home.folder, stdio: 'ignore' },
    );
    while ((await fetch(`${url}/api`).catch(() => undefined))?.status !== 200) {
      if (server.exitCode !== null) throw new Error(`notebook ended with ${server.exitCode}`);
      await pause(100);
    }
  });

  afterAll(async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
    home.remove();
  });

  it('opens a notebook, runs its cells and shows the result', async () => {
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${url}/notebooks/cells.ipynb`);
      const cells = page.locator('.jp-CodeCell');
      await cells.first().waitFor({ timeout: 60_000 });
      await expect.poll(() => connectedKernels(url), { timeout: 60_000, interval: 200 }).toEqual(['idle']);
      await page
        .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        .first()
        .waitFor({ state: 'attached' });
      await cells.first().locator('.cm-content').click();
      await page.keyboard.press('Shift+Enter');
      await page.keyboard.press('Shift+Enter');
      await page.locator('.jp-OutputArea-executeResult', { hasText: 'λ42' }).waitFor({ timeout: 60_000 });
      // The language of the cells is known, so that they are coloured.
      expect(await cells.first().locator('.cm-content').getAttribute('data-language')).toBe('typescript');
    } finally {
      await browser.close();
    }
  }, 120_000);

  it("drops nothing of what a cell prints fast: the server's limits are lifted", async () => {
    const code = `for (let i = 0; i < 5000; i++) display(i);
      for (let i = 0; i < 200_000; i++) console.log('a line of thirty characters ...');`;
    const done = await python(home, [path.join(__dirname, 'server.py')], JSON.stringify({ url, code }));
    expect(done.stderr).toBe('');
    const { counts, text } = JSON.parse(done.stdout);
    expect(counts.display_data).toBe(5000);
    expect(text).toEqual({ stdout: 200_000 * 32 });
  });
});
