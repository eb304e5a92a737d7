import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Figure } from 'losslab/figure';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNotebook, startBrowser } from './browser';
import { figures, notebookOf } from './fixtures';
import { type Inspected, inspect, type PlotBox } from './inspect';
import { type Lab, startLab } from './lab';
import { problems } from './rules';

// Each rule is seen to fail: drawn figures are damaged, first on the page, then in what was read from it.

const NAMES = ['paths', 'line', 'surface'] as const;
type Name = (typeof NAMES)[number];
const shown = figures() as Record<Name, Figure>;

let lab: Lab;
let browser: Browser;
let page: Page;
const read = {} as Record<Name, Inspected>;

beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), startBrowser()]);
  writeFileSync(
    path.join(lab.folder, 'rules.ipynb'),
    JSON.stringify(notebookOf(NAMES.map((name) => shown[name]))),
  );
  page = await openNotebook(browser, lab, 'rules.ipynb', 2200);
  for (const name of NAMES) read[name] = await inspect(drawing(name));
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

function drawing(name: Name): Locator {
  return page.locator('.losslab-figure').nth(NAMES.indexOf(name));
}

/** The problems of a figure while the page has these styles besides its own. */
async function styled(name: Name, css: string): Promise<string[]> {
  const style = await page.addStyleTag({ content: css });
  try {
    return problems(shown[name], await inspect(drawing(name)));
  } finally {
    await style.evaluate((element) => (element as Element).remove());
  }
}

/** The problems of a figure of which something else was read than stands there. */
function misread(name: Name, change: (seen: Inspected, plot: PlotBox) => void): string[] {
  const seen = structuredClone(read[name]);
  change(seen, seen.plots[0] as PlotBox);
  return problems(shown[name], seen);
}

describe('the rules', () => {
  it.each(NAMES)('find nothing wrong with %s as it is', (name) => {
    expect(problems(shown[name], read[name])).toEqual([]);
  });

  const damages: [string, Name, string, RegExp][] = [
    ['small type in a plot', 'line', '.xtick text { font-size: 9px !important }', /^".+" is 9 px$/],
    [
      'small type in a caption',
      'line',
      '.losslab-caption { font-size: 11px !important }',
      /^"Loss.+" is 11 px$/,
    ],
    ['pale type', 'line', '.xtitle { fill: #aaa !important }', /^".+" has a contrast of 2\.\d\d$/],
    [
      'type as dark as what is behind it',
      'paths',
      '.losslab-caption { background: #333; color: #444 !important }',
      /^"Loss.+" has a contrast of 1\.\d\d$/,
    ],
    ['texts on each other', 'line', '.xtitle { transform: translateY(-24px) }', /^".+" and ".+" overlap$/],
    [
      'a text out of its frame',
      'line',
      '.losslab-caption { margin-left: -60px }',
      /^"Loss.+" leaves the frame/,
    ],
    [
      'a figure too wide',
      'line',
      '.losslab-caption { min-width: 3000px }',
      /^the figure is wider than its frame$/,
    ],
    [
      'a mode bar always there',
      'line',
      '.modebar, .modebar-group { opacity: 1 !important; transition: none !important }',
      /^the mode bar is shown while idle$/,
    ],
    [
      'a legend on a plot',
      'paths',
      '.losslab-figure { position: relative } .losslab-legend { position: absolute; top: 150px; left: 150px }',
      /^the legend covers a plot$/,
    ],
  ];
  it.each(damages)('see %s (%s)', async (_, name, css, expected) => {
    const found = await styled(name, css);
    expect(found).toContainEqual(expect.stringMatching(expected));
    // The mode bar takes a moment to fade.
    await expect.poll(async () => problems(shown[name], await inspect(drawing(name)))).toEqual([]);
  });

  type Change = (seen: Inspected, plot: PlotBox) => void;
  const misreadings: [Name, Change, string | RegExp][] = [
    ['line', (seen) => Object.assign(seen, { caption: '' }), 'there is no caption'],
    ['line', (_, plot) => plot.titles.splice(0, 1, ''), 'panel 0: an axis has no title'],
    [
      'line',
      (_, plot) => Object.assign(plot.box, { right: plot.box.left + 100 }),
      /is \d\.\d\d : 1, not 16 : 9$/,
    ],
    ['line', (_, plot) => plot.lineWidths.push(1), /^panel 0: lines are 2,.*1 px wide$/],
    ['line', (_, plot) => void delete plot.below, 'panel 0: the lower box is missing'],
    [
      'line',
      (_, plot) => Object.assign(plot.below!, { top: plot.box.bottom }),
      'panel 0: the lower box is not below',
    ],
    ['line', (seen) => void delete seen.legend, 'several runs and no legend'],
    ['paths', (_, plot) => Object.assign(plot, { spans: [3, 6] }), /^panel 0: α and β have scales/],
    ['paths', (_, plot) => Object.assign(plot, { isoLabels: 8 }), 'panel 0: 8 isolines have labels'],
    ['paths', (_, plot) => Object.assign(plot, { isoLabels: 0 }), 'panel 0: 0 isolines have labels'],
    ['paths', (_, plot) => plot.lineWidths.push(1), /^panel 0: paths are .*1 px wide$/],
    ['paths', (_, plot) => void delete plot.bar, 'there is no colour bar'],
    ['paths', (_, plot) => void delete plot.barTitle, 'a colour bar has no title'],
    [
      'paths',
      (_, plot) => Object.assign(plot.bar!, { top: plot.bar!.top - 9 }),
      /^a colour bar is .* px off/,
    ],
    ['surface', (_, plot) => Object.assign(plot.scene!, { aspect: [1, 1, 1] }), 'panel 0: aspect 1,1,1'],
    ['surface', (_, plot) => Object.assign(plot.scene!, { eye: [1, 1, 1] }), 'panel 0: camera 1,1,1'],
    ['surface', (_, plot) => Object.assign(plot.scene!, { fontSizes: [9] }), 'panel 0: texts of 9 px'],
    [
      'surface',
      (_, plot) => Object.assign(plot.scene!, { floor: false }),
      'panel 0: no contours on the floor',
    ],
    ['surface', (_, plot) => void delete plot.scene, 'panel 0: the surface is not in 3D'],
  ];
  it.each(misreadings)('see what is wrong with a plot of %s (%#)', (name, change, expected) => {
    const found = misread(name, change);
    expect(found).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('see a panel that is not drawn, and a plane that is not square', () => {
    const nothing = misread('line', (seen) => seen.plots.pop());
    expect(nothing).toEqual(expect.arrayContaining(['nothing is drawn', 'panel 0 is not drawn']));
    const flat = misread('paths', (_, { box }) => Object.assign(box, { bottom: box.bottom - 40 }));
    expect(flat).toContain('panel 0: the plot is not square');
  });
});
