import { describe, expect, it } from 'vitest';
import { encodeNumbers } from './numbers';
import { contour } from './plane';
import { validateFigure } from './validate';

const axis = [0, 1, 2];
const figure = contour(
  {
    kind: 'slice2d',
    alpha: axis,
    beta: axis,
    values: [1, 2, 3, 2, 3, 4, 3, 4, 5],
    directions: {
      vectors: [
        [1, 0],
        [0, 1],
      ],
      description: 'axes',
      labels: ['w₁', 'w₂'],
    },
    at: [0, 0],
    center: [0, 0],
    loss: { name: 'plane', samples: 0, parameters: 2 },
  },
  {
    paths: {
      SGD: {
        trajectory: [
          { step: 0, theta: [0, 0] },
          { step: 1, theta: [1, 1] },
        ],
      },
    },
  },
);

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape is what the validator is for
type Anything = any;

/** The figure with one change deep inside. */
function changed(change: (json: Anything) => void): unknown {
  const copy = JSON.parse(JSON.stringify(figure));
  change(copy);
  return copy;
}

const CASES: [string, (json: Anything) => void][] = [
  [
    'version: expected 1, got 2',
    (f) => {
      f.version = 2;
    },
  ],
  [
    'version: expected 1, got none',
    (f) => {
      delete f.version;
    },
  ],
  [
    "kind: expected 'line' or 'contour' or 'surface' or 'sharpness' or 'grid', got 'pie'",
    (f) => {
      f.kind = 'pie';
    },
  ],
  [
    'caption: expected a text, got nothing',
    (f) => {
      delete f.caption;
    },
  ],
  [
    'caption: expected at most 4000 characters, got 5000',
    (f) => {
      f.caption = 'x'.repeat(5000);
    },
  ],
  [
    'panels: expected 1 to 1 items, got 0',
    (f) => {
      f.panels = [];
    },
  ],
  [
    "panels[0].kind: expected 'contour', got 'line'",
    (f) => {
      f.panels[0].kind = 'line';
    },
  ],
  [
    'panels[0].values: expected 9 numbers, got 8',
    (f) => {
      f.panels[0].values.pop();
    },
  ],
  [
    "panels[0].values[3]: expected a finite number, got '<b>'",
    (f) => {
      f.panels[0].values[3] = '<b>';
    },
  ],
  [
    'panels[0].alpha: expected 2 to 401 numbers, got 1',
    (f) => {
      f.panels[0].alpha = [0];
    },
  ],
  [
    'panels[0].x.range: expected two rising numbers, got 1 and 1',
    (f) => {
      f.panels[0].x.range = [1, 1];
    },
  ],
  [
    'panels[0].x.range[0]: expected a finite number, got null',
    (f) => {
      f.panels[0].x.range[0] = null;
    },
  ],
  [
    "panels[0].color.scale: expected 'linear' or 'log', got a boolean",
    (f) => {
      f.panels[0].color.scale = true;
    },
  ],
  [
    'panels[0].color.range: expected positive numbers on a log scale, got 0',
    (f) => {
      f.panels[0].color.scale = 'log';
      f.panels[0].color.range[0] = 0;
    },
  ],
  [
    'panels[0].color.levels[1]: expected a number above',
    (f) => {
      f.panels[0].color.levels[1] = -9;
    },
  ],
  [
    'panels[0].color.labelled[0].level: expected one of the levels, got 77',
    (f) => {
      f.panels[0].color.labelled[0].level = 77;
    },
  ],
  [
    'panels[0].paths[0].beta: expected 2 numbers, got 1',
    (f) => {
      f.panels[0].paths[0].beta = [1];
    },
  ],
  [
    'panels[0].paths[0].style: expected a whole number from 0 to 12, got -1',
    (f) => {
      f.panels[0].paths[0].style = -1;
    },
  ],
  [
    'panels[0].center: expected 2 to 2 items, got 1',
    (f) => {
      f.panels[0].center = [0];
    },
  ],
];

describe('validateFigure', () => {
  it('returns what a builder made', () => {
    const json = changed(() => {});
    expect(validateFigure(json)).toBe(json);
  });

  it.each(CASES)('says %s', (message, change) => {
    expect(() => validateFigure(changed(change))).toThrow(TypeError);
    expect(() => validateFigure(changed(change))).toThrow(message);
  });

  it.each([null, undefined, 3, 'figure', []])('refuses %s', (json) => {
    expect(() => validateFigure(json)).toThrow('figure: expected an object');
  });

  it('compares the length of base64 with what it holds', () => {
    const packed = encodeNumbers(new Float32Array(81)) as { float32: string; length: number };
    const nine = Array.from({ length: 9 }, (_, i) => i);
    const large = changed((f) => Object.assign(f.panels[0], { alpha: nine, beta: nine, values: packed }));
    expect(() => validateFigure(large)).not.toThrow();
    packed.length = 82;
    expect(() => validateFigure(large)).toThrow('panels[0].values.length: expected 81, got 82');
    packed.float32 = '<script>';
    expect(() => validateFigure(large)).toThrow(
      'panels[0].values.float32: expected base64, got other characters',
    );
  });
});
