import { createRequire } from 'node:module';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import {
  contour,
  type Figure,
  grid,
  type LineInput,
  line,
  type PlaneInput,
  type RunInput,
  sharpness,
  surface,
} from '../../figure';
import { LEFT } from './axes';
import { type Box, overlap } from './elements';
import { toSvg } from './index';
import { linearTicks, logTicks } from './scale';

const fonts = path.join(
  path.dirname(createRequire(__filename).resolve('dejavu-fonts-ttf/package.json')),
  'ttf',
);
const font = {
  loadSystemFonts: false,
  fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => path.join(fonts, file)),
};

const description =
  'filter-normalised Gaussian directions with a long description of how they were made, seed 1';

function planeOf(f: (x: number, y: number) => number, points = 31, loss = 'softmaxCrossEntropy'): PlaneInput {
  const axis = Float64Array.from({ length: points }, (_, i) => -1 + (2 * i) / (points - 1));
  const directions = {
    vectors: [
      [1, 0],
      [0, 1],
    ],
    description,
    labels: ['α (PC 1, 93 % of the path)', 'β (PC 2, 5 % of the path)'],
  };
  const values = Float64Array.from({ length: points ** 2 }, (_, k) =>
    f(axis[k % points]!, axis[Math.floor(k / points)]!),
  );
  return {
    kind: 'slice2d',
    alpha: axis,
    beta: axis,
    values,
    directions,
    at: [0, 0],
    center: [0, 0],
    loss: { name: loss, samples: 1437, parameters: 2410 },
  };
}

function sliceOf(f: (a: number) => number): LineInput {
  const alpha = Float64Array.from({ length: 51 }, (_, i) => -0.5 + i / 25);
  const marks = [
    { alpha: 0, label: 'batch 16' },
    { alpha: 1, label: 'SAM, ρ = 0.05' },
  ];
  const metrics = { accuracy: alpha.map((a) => 1 - (a * a) / 9) };
  return {
    kind: 'slice1d',
    alpha,
    values: alpha.map(f),
    metrics,
    description,
    label: 'α (0 is batch 16, 1 is SAM)',
    loss: planeOf(f).loss,
    marks,
  };
}

const run: RunInput = {
  trajectory: Array.from({ length: 150 }, (_, k) => ({
    step: k,
    theta: [0.9 * (1 - k / 149), 0.8 * Math.cos(k / 30) * (1 - k / 149)],
  })),
  optimizer: 'SAM(rho=0.05, momentum)',
  seed: 1,
};
const bowl = planeOf((x, y) => 0.02 + 2 * x * x + 9 * y * y);
const saddle = planeOf((x, y) => x * x - y * y, 21, 'saddle');
const rho = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
const curve = {
  rho,
  sharpness: rho.map((r) => r * r),
  lower: rho.map((r) => r * r * 0.8),
  upper: rho.map((r) => r * r * 1.1),
  steps: 20,
  starts: 3,
  seed: 0,
};

const FIGURES: [string, Figure][] = [
  [
    'a contour with paths',
    contour(bowl, { paths: { SGD: run, SAM: run }, title: 'Paths of SGD and SAM through the plane' }),
  ],
  ['a contour of negative losses', contour(saddle)],
  ['a constant contour', contour(planeOf(() => 3))],
  ['tiny losses', contour(planeOf((x, y) => 1e-7 * (1 + x * x + y * y)))],
  ['two contours', contour({ SGD: bowl, 'SAM, ρ = 0.05': saddle })],
  [
    'three contours',
    contour({ 'small batch': bowl, 'full batch': bowl, 'SAM, ρ = 0.05': bowl }, { paths: { SGD: run } }),
  ],
  ['a surface', surface(bowl, { paths: { SGD: run } })],
  ['a line with accuracy', line(sliceOf((a) => 0.1 + a * a))],
  [
    'lines over many decades',
    line({ SGD: sliceOf((a) => 10 ** (6 * a)), SAM: sliceOf((a) => 0.001 + a * a) }, { title: 'Far' }),
  ],
  [
    'sharpness',
    sharpness({ 'batch 16': curve, 'full batch': curve, 'SAM, ρ = 0.05': curve, 'SAM, ρ = 0.2': curve }),
  ],
  ['a mixed grid', grid([line(sliceOf((a) => a * a)), contour(bowl), sharpness(curve)])],
];

/** The boxes of the texts as resvg sets them; a white seam below a text is the same text once more. */
function textBoxes(svg: string): { text: string; size: number; box: Box }[] {
  const head = /^<svg[^>]*>/.exec(svg)![0];
  const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].filter(
    ([tag]) => !tag.includes('stroke="#fff"'),
  );
  return texts.map(([tag, text]) => {
    const size = Number(/font-size="([\d.]+)"/.exec(tag)![1]);
    const box = new Resvg(`${head}${tag}</svg>`, { font }).getBBox()!;
    return { text: text!, size, box };
  });
}

describe.each(FIGURES)('the SVG of %s', (_, figure) => {
  const svg = toSvg(figure);
  const boxes = textBoxes(svg);

  it('sets every text at 12 px or more, inside the frame, none over another', () => {
    const [width, height] = ['width', 'height'].map((side) =>
      Number(new RegExp(` ${side}="(\\d+)"`).exec(svg)![1]),
    );
    for (const { text, size, box } of boxes) {
      expect(size, text).toBeGreaterThanOrEqual(12);
      expect(box.x, text).toBeGreaterThanOrEqual(0);
      expect(box.y, text).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width, text).toBeLessThanOrEqual(width!);
      expect(box.y + box.height, text).toBeLessThanOrEqual(height!);
    }
    const collisions = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter((b) => overlap(a.box, b.box))
        .map((b) => `${a.text} / ${b.text}`),
    );
    expect(collisions).toEqual([]);
  });

  it('says its whole caption and the titles of its axes', () => {
    const said = boxes
      .map(({ text }) => text)
      .join(' ')
      .replace(/&#38;/g, '&');
    expect(said).toContain(figure.caption);
    for (const panel of figure.panels)
      for (const axis of [panel.x, panel.y]) expect(said).toContain(axis.label);
  });
});

describe('the SVG of a contour', () => {
  const count = (svg: string, what: RegExp): number => [...svg.matchAll(what)].length;

  it('draws each isoline and each band of the colour bar', () => {
    const figure = contour(bowl);
    const panel = figure.panels[0]!;
    const levels = 'color' in panel ? panel.color.levels.length : 0;
    expect(levels).toBeGreaterThanOrEqual(12);
    expect(count(toSvg(figure), /fill-rule="evenodd"/g)).toBe(levels);
  });

  it('labels at least 4 isolines in the plot besides the colour bar', () => {
    expect(
      count(toSvg(contour(bowl)), /font-size="12"[^>]*stroke="#fff"|stroke="#fff"[^>]*font-size="12"/g),
    ).toBeGreaterThanOrEqual(4);
  });

  it('puts isolines where the loss is: a circle of radius 0.5 for x² + y² = 0.25', () => {
    const round = contour(
      planeOf((x, y) => x * x + y * y, 51),
      { scale: 'linear' },
    );
    const panel = round.panels[0]!;
    if (!('color' in panel)) throw new Error('not a plane');
    panel.color.levels = [0.25];
    panel.color.labelled = [];
    const d = /<path d="([^"]*)" fill="#[^"]*" fill-rule/.exec(toSvg(round))![1]!;
    const rings = d
      .split('M')
      .map((ring) => [...ring.matchAll(/([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]));
    const hole = rings[rings.length - 1]!;
    const side = 460 / 2;
    const radii = hole.map(([x, y]) => Math.hypot(x! - (14 + LEFT + side), y! - (14 + 8 + side)) / side);
    for (const radius of radii) expect(Math.abs(radius - 0.5)).toBeLessThan(0.002);
  });

  it('draws at most 30 markers on a path of 150 points, a star and a hollow circle', () => {
    const svg = toSvg(contour(bowl, { paths: { SGD: run } }));
    expect(count(svg, /r="2.6"/g)).toBeLessThanOrEqual(30);
    expect(count(svg, /<polygon/g)).toBe(1);
    expect(count(svg, /r="6" fill="none"/g)).toBe(2);
  });

  it('writes names of users as text, never as markup', () => {
    expect(toSvg(contour(bowl, { title: '<script>&"' }))).toContain('&#60;script&#62;&#38;&#34;');
  });
});

describe('ticks', () => {
  it('are round and at most as many as asked for', () => {
    expect(linearTicks([-1, 1], 5)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(linearTicks([0.12, 0.31], 4)).toEqual([0.15, 0.2, 0.25, 0.3]);
    expect(logTicks([0.004, 0.6], 8)).toEqual([0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
    expect(logTicks([1e-6, 1e6], 5)).toEqual([1e-6, 1e-3, 1, 1e3, 1e6]);
  });
});
