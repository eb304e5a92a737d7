import { describe, expect, it } from 'vitest';
import type { LineInput, SharpnessInput } from './inputs';
import { line } from './line';
import { decodeNumbers } from './numbers';
import type { LinePanel } from './schema';
import { sharpness } from './sharpness';
import { validateFigure } from './validate';

const alpha = Float64Array.from({ length: 41 }, (_, i) => -0.5 + i / 20);

function sliceOf(f: (a: number) => number, more: Partial<LineInput> = {}): LineInput {
  return {
    kind: 'slice1d',
    alpha,
    values: alpha.map(f),
    metrics: {},
    description: 'from A to B',
    label: 'α (0 is A, 1 is B)',
    loss: { name: 'softmaxCrossEntropy', samples: 1437, parameters: 2410 },
    marks: [
      { alpha: 0, label: 'A' },
      { alpha: 1, label: 'B' },
    ],
    ...more,
  };
}

const panel = (figure: { panels: unknown[] }): LinePanel => figure.panels[0] as LinePanel;

describe('line', () => {
  it('draws one slice or several by name, with marks once', () => {
    expect(panel(line(sliceOf((a) => a * a))).series.map(({ name }) => name)).toEqual(['loss']);
    const several = line({ SGD: sliceOf((a) => a * a), SAM: sliceOf((a) => a + 1) });
    expect(panel(several).series.map(({ name, style }) => [name, style])).toEqual([
      ['SGD', 0],
      ['SAM', 1],
    ]);
    expect(panel(several).marks).toEqual([
      { x: 0, label: 'A' },
      { x: 1, label: 'B' },
    ]);
    expect(validateFigure(JSON.parse(JSON.stringify(several)))).toEqual(several);
  });

  it('takes a log axis beyond two decades of positive losses only', () => {
    expect(panel(line(sliceOf((a) => 10 ** (1.45 * a)))).y.scale).toBe('log');
    expect(panel(line(sliceOf((a) => 10 ** (0.9 * a)))).y.scale).toBe('linear');
    expect(panel(line(sliceOf((a) => 1000 * a))).y.scale).toBe('linear');
    expect(
      panel(
        line(
          sliceOf((a) => 1 + a * a),
          { scale: 'log' },
        ),
      ).y.scale,
    ).toBe('log');
  });

  it('shows accuracy in a box of its own when it was measured', () => {
    const accuracy = alpha.map((a) => 1 - Math.abs(a) / 2);
    const { below } = panel(
      line({ SGD: sliceOf((a) => a * a, { metrics: { accuracy } }), SAM: sliceOf(() => 1) }),
    );
    expect(below?.y.label).toBe('accuracy (share)');
    expect(below?.series.map(({ name }) => name)).toEqual(['SGD']);
    expect(decodeNumbers(below!.series[0]!.y)[10]).toBeCloseTo(accuracy[10]!, 4);
    expect(panel(line(sliceOf((a) => a))).below).toBeUndefined();
  });

  it('titles its axes and tells its loss in the caption', () => {
    const figure = line(sliceOf((a) => a, { seed: 4 }));
    expect(panel(figure).x.label).toBe('α (0 is A, 1 is B)');
    expect(panel(figure).y.label).toBe('loss (softmax cross entropy)');
    expect(figure.caption).toBe(
      'Loss: softmax cross entropy, mean over 1,437 samples, 2,410 parameters. Line: from A to B, seed 4.',
    );
  });

  it('draws at most 12 marks, each once, and says when there are more', () => {
    const between = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => {
          const marks = [
            { alpha: 0, label: 'A' },
            { alpha: 1, label: `end ${i}` },
          ];
          return [`line ${i}`, sliceOf((a) => a, { marks })];
        }),
      );
    const all = line(between(11));
    expect(panel(all).marks).toHaveLength(12);
    expect(all.caption).not.toContain('Marks');
    const more = line(between(12));
    expect(panel(more).marks).toEqual(panel(all).marks);
    expect(more.caption).toMatch(/ Marks: the first 12 of 13\.$/);
    expect(validateFigure(JSON.parse(JSON.stringify(more)))).toEqual(more);
  });

  it('leaves gaps where the loss is not finite', () => {
    const y = decodeNumbers(panel(line(sliceOf((a) => (a > 1 ? Number.NaN : a)))).series[0]!.y);
    expect(y[40]).toBeNaN();
    expect(y[0]).toBe(-0.5);
  });

  it('says how many losses a log axis leaves out', () => {
    expect(
      line(
        sliceOf((a) => a),
        { scale: 'log' },
      ).caption,
    ).toContain('Log scale: 11 points with loss ≤ 0 left out.');
    expect(line(sliceOf((a) => a)).caption).not.toContain('left out');
  });

  it('names what is wrong with bad input', () => {
    expect(() => line({})).toThrow('empty object');
    expect(() => line([] as never)).toThrow(
      'expected what lossSlice1D or interpolate returns, or several by name, got a list',
    );
    expect(() => line(sliceOf(() => Number.NaN))).toThrow('values: expected finite losses, got none in 41');
    expect(() => line({ SGD: sliceOf((a) => a, { values: [1] }) })).toThrow(
      'SGD.values: expected 41 numbers, got 1',
    );
    expect(() =>
      line(
        sliceOf((a) => a),
        { log: true } as never,
      ),
    ).toThrow('unknown option log');
    expect(() =>
      line(
        sliceOf(() => -1),
        { scale: 'log' },
      ),
    ).toThrow('log needs positive losses');
  });
});

describe('sharpness', () => {
  const rho = [0.01, 0.02, 0.05, 0.1, 0.2];
  const curve: SharpnessInput = {
    rho,
    sharpness: rho.map((r) => r * r),
    lower: rho.map((r) => 0.5 * r * r),
    upper: rho.map((r) => 2 * r * r),
    steps: 20,
    starts: 3,
    seed: 0,
  };

  it('is log–log with bands, which fit into its range', () => {
    const figure = sharpness({ SGD: curve, SAM: curve });
    const { x, y, series } = panel(figure);
    expect([x.scale, y.scale]).toEqual(['log', 'log']);
    expect(y.range[1]).toBeGreaterThan(2 * 0.04);
    expect(decodeNumbers(series[1]!.upper!)[4]).toBeCloseTo(0.08, 6);
    expect(figure.caption).toContain('worst case in the ball, 20 ascent steps, 3 starts, seed 0.');
    expect(validateFigure(JSON.parse(JSON.stringify(figure)))).toEqual(figure);
  });

  it('leaves ρ = 0 out of log axes and says so', () => {
    const figure = sharpness({ rho: [0, ...rho], sharpness: [0, ...rho] });
    expect(panel(figure).x.range[0]).toBeGreaterThan(0);
    expect(figure.caption).toContain('Log scale: 1 point with ρ or sharpness ≤ 0 left out.');
  });

  it('is linear when nothing is positive', () => {
    expect(panel(sharpness({ rho, sharpness: rho.map(() => -1) })).y.scale).toBe('linear');
  });

  it('calls one ascent step by its name', () => {
    expect(sharpness({ ...curve, steps: 1 }).caption).toContain('one ascent step');
  });

  it('names what is wrong with bad input', () => {
    expect(() => sharpness({ SGD: { rho } as never })).toThrow('SGD: expected what sharpnessCurve returns');
    expect(() => sharpness({ ...curve, lower: [1] })).toThrow('lower: expected 5 numbers, got 1');
    expect(() => sharpness({ rho, sharpness: rho.map(() => Number.NaN) })).toThrow('expected finite numbers');
    expect(() => sharpness({ rho, sharpness: rho.map(() => 0) }, { scale: 'log' })).toThrow(
      'log needs a positive',
    );
  });
});
