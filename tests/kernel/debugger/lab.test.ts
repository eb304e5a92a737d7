import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, startBrowser } from '../../browser/browser';
import { type Lab, startLab } from '../../browser/lab';
import { notebookOf } from '../../notebooks/execute';

const CELLS = [
  `type Rate = number;
function descend(theta: number, rate: Rate) {
  const gradient = 2 * theta;
  return theta - rate * gradient;
}`,
  `let theta = 4;
for (let step = 0; step < 3; step++) {
  theta = descend(theta, 0.25);
}
theta`,
];

let lab: Lab;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), startBrowser()]);
  const kernelspec = { name: 'losslab', display_name: 'TypeScript (losslab)', language: 'typescript' };
  const notebook = { ...notebookOf(CELLS), metadata: { kernelspec } };
  writeFileSync(path.join(lab.folder, 'debug.ipynb'), JSON.stringify(notebook));
  page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  await page.goto(`${lab.url}/lab/tree/debug.ipynb?reset`);
  await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: 60_000 });
  await isIdle();
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

const cell = (at: number) => page.locator('.jp-CodeCell').nth(at);
const kernelIs = (status: string) =>
  page.waitForFunction(
    `jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === '${status}'`,
    undefined,
    { timeout: 60_000 },
  );
const isIdle = () => kernelIs('idle');
/** The line that is marked as the one where the program stands. */
const standing = () => page.locator('.jp-DebuggerEditor-highlight');

/** Clicks beside a line, from 1: the gutter's first element only gives it its width. */
const clickBeside = (at: number, line: number) =>
  cell(at).locator('.cm-gutter.cm-breakpoint-gutter .cm-gutterElement').nth(line).click();
const breakpoints = (at: number) => cell(at).locator('.cm-breakpoint-icon:visible');

/** Starts a cell; the command ends with it. */
const start = async (at: number) => {
  await cell(at).click();
  return { ended: execute(page, 'notebook:run-cell') };
};

describe('the debugger in JupyterLab', () => {
  it('is offered for our kernel, and its gutters come when it is switched on', async () => {
    // JupyterLab asks the kernel about its debugger before it hears clicks.
    await page.locator('.jp-DebuggerBugButton[aria-disabled=false]').waitFor();
    await page.waitForTimeout(2000);
    await page.locator('.jp-DebuggerBugButton').click();
    await page.locator('.jp-DebuggerBugButton[aria-pressed=true]').waitFor();
    await cell(0).locator('.cm-breakpoint-gutter').first().waitFor();
  });

  it('stops in a function of another cell, at the line that was clicked, and shows where that is', async () => {
    await (await start(0)).ended;
    await clickBeside(0, 3);
    await breakpoints(0).waitFor();
    const { ended } = await start(1);
    await standing().waitFor();
    expect((await standing().innerText()).trim()).toBe('const gradient = 2 * theta;');
    await page.waitForFunction(
      "document.querySelector('.jp-DebuggerCallstack-body').innerText.includes('descend')",
    );
    await page.waitForFunction(
      "/theta[^]*4/.test(document.querySelector('.jp-DebuggerVariables-body').innerText)",
    );
    await execute(page, 'debugger:next');
    await page.waitForFunction(
      "document.querySelector('.jp-DebuggerEditor-highlight')?.innerText.includes('return theta')",
    );
    await page.waitForFunction(
      "/gradient[^]*8/.test(document.querySelector('.jp-DebuggerVariables-body').innerText)",
    );
    for (let round = 0; round < 3; round++) {
      await execute(page, 'debugger:continue');
      await page.waitForTimeout(200);
    }
    await ended;
    await isIdle();
    expect((await cell(1).locator('.jp-OutputArea-output').innerText()).trim()).toBe('0.5');
    expect(await standing().count()).toBe(0);
  });

  it('shows the notebook’s variables when nothing stands', async () => {
    await page.waitForFunction(
      "/descend[^]*theta[^]*0\\.5/.test(document.querySelector('.jp-DebuggerVariables-body').innerText)",
    );
  });

  it('stops a cell at a breakpoint by the stop button, and runs it to its end without the breakpoint', async () => {
    const { ended } = await start(1);
    await standing().waitFor();
    await execute(page, 'notebook:interrupt-kernel');
    await ended;
    await isIdle();
    expect(await cell(1).locator('.jp-OutputArea-output').innerText()).toContain('KeyboardInterrupt');
    await clickBeside(0, 3);
    await breakpoints(0).waitFor({ state: 'hidden' });
    await (await start(1)).ended;
    expect((await cell(1).locator('.jp-OutputArea-output').innerText()).trim()).toBe('0.5');
  });
});
