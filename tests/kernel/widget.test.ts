import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, startBrowser } from '../browser/browser';
import { type Lab, startLab } from '../browser/lab';

/** A widget's module in the manner of anywidget: it is given a model and an element, and knows nothing of Jupyter. */
const SLIDER = `export default {
  render({ model, el }) {
    const button = document.createElement('button');
    const list = document.createElement('output');
    const draw = () => {
      button.textContent = 'steps: ' + model.get('steps');
      list.textContent = [...model.get('losses')].join(' ');
    };
    button.onclick = () => { model.set('steps', model.get('steps') + 1); model.save_changes(); };
    model.on('change', draw);
    el.append(button, list);
    draw();
  },
};`;

/** The kernel's half, as a notebook would write it: state goes as JSON, arrays beside it as bytes. */
const CELLS = [
  `const state = { steps: 3 };
const heard: number[] = [];
const place = 'a';
function descend(steps: number) { return Float32Array.from({ length: steps }, (_, i) => 2 ** -i); }
display(jupyter.html\`<div data-widget="\${place}"></div>\`);
const comm = jupyter.comm.open('test.widget', { esm: ${JSON.stringify(SLIDER)}, place, state }, { buffers: [descend(state.steps)] });
comm.onMessage(({ data }) => {
  state.steps = data.steps;
  heard.push(data.steps);
  comm.send({ steps: state.steps }, { buffers: [descend(state.steps)] });
});`,
  'heard',
  'await new Promise((resume) => setTimeout(resume, 4000)); heard.length',
  `let told = 'nothing';
jupyter.comm.open('test.nobody').onClose(() => { told = 'closed'; });`,
  `for (let i = 0; i < 100 && told === 'nothing'; i++) await new Promise((resume) => setTimeout(resume, 50));
told`,
  'comm.close(); comm.closed',
];

/** The front end's half: what anywidget's own would be. */
const FRONT_END = `
const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
kernel.registerCommTarget('test.widget', async (comm, open) => {
  const { esm, place, state } = open.content.data;
  const bytes = (message) => {
    const view = message.buffers[0];
    return new Float32Array(view.buffer ? view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) : view);
  };
  state.losses = bytes(open);
  let listener = () => {};
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    on: (event, heard) => { listener = heard; },
    save_changes: () => comm.send({ steps: state.steps }),
  };
  comm.onMsg = (message) => { Object.assign(state, message.content.data, { losses: bytes(message) }); listener(); };
  let el;
  while (!(el = document.querySelector('[data-widget="' + place + '"]'))) await new Promise((resume) => setTimeout(resume, 50));
  comm.onClose = () => { el.textContent = 'closed'; };
  const module = await import('data:text/javascript,' + encodeURIComponent(esm));
  module.default.render({ model, el });
});`;

const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: 'losslab', display_name: 'TypeScript (losslab)', language: 'typescript' } },
  cells: CELLS.map((source, at) => ({
    cell_type: 'code',
    id: `cell-${at}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  })),
};

let lab: Lab;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), startBrowser()]);
  writeFileSync(path.join(lab.folder, 'widget.ipynb'), JSON.stringify(notebook));
  page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
  await page.goto(`${lab.url}/lab/tree/widget.ipynb?reset`);
  await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: 60_000 });
  await page.waitForFunction(
    'jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle"',
    undefined,
    { timeout: 60_000 },
  );
  await page.evaluate(FRONT_END);
  await cell(0).click();
  await execute(page, 'notebook:run-cell');
  await button().waitFor({ timeout: 30_000 });
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

const cell = (at: number) => page.locator('.jp-CodeCell').nth(at);
const button = () => page.locator('[data-widget] button');
const losses = () => page.locator('[data-widget] output').textContent();

/** Runs a cell and waits for what it shows. */
async function run(at: number): Promise<string> {
  await cell(at).click();
  await execute(page, 'notebook:run-cell');
  const output = cell(at).locator('.jp-OutputArea-output').first();
  await output.waitFor({ timeout: 30_000 });
  return (await output.innerText()).trim();
}

describe('a widget over comms, in JupyterLab', () => {
  it('is drawn by its own module from the state and the bytes that came with it', async () => {
    expect(await button().textContent()).toBe('steps: 3');
    expect(await losses()).toBe('1 0.5 0.25');
  });

  it('changes the state in the kernel, which answers with new bytes', async () => {
    await button().click();
    await page.waitForFunction(
      'document.querySelector("[data-widget] output").textContent === "1 0.5 0.25 0.125"',
    );
    expect(await run(1)).toBe('[ 4 ]');
  });

  it('is answered while a cell waits', async () => {
    await cell(2).click();
    // The command ends with the cell.
    const ran = execute(page, 'notebook:run-cell');
    await page.waitForFunction(
      'jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === "busy"',
    );
    const began = Date.now();
    await button().click();
    await page.waitForFunction(
      'document.querySelector("[data-widget] output").textContent.endsWith(" 0.0625")',
    );
    expect(Date.now() - began).toBeLessThan(3000);
    await ran;
    const output = cell(2).locator('.jp-OutputArea-output').first();
    await output.waitFor({ timeout: 30_000 });
    expect((await output.innerText()).trim()).toBe('2');
  });

  it('whose target nobody has registered is closed by the front end, and the kernel is told', async () => {
    await cell(3).click();
    await execute(page, 'notebook:run-cell');
    expect(await run(4)).toBe(`'closed'`);
  });

  it('closes in the front end when the kernel closes it', async () => {
    expect(await run(5)).toBe('true');
    await page.waitForFunction('document.querySelector("[data-widget]").textContent === "closed"');
  });
});
