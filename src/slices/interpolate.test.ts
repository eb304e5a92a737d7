import { describe, expect, it } from 'vitest';
import { goldenLoss, goldenTheta } from '../../tests/fixtures/golden';
import { goldenDirections } from '../../tests/fixtures/golden-directions';
import { analytic } from '../analytic';
import { interpolate } from '.';

const at = (...theta: number[]) => Float64Array.from(theta);

describe('interpolate', () => {
  it('has exactly the losses of the ends at 0 and 1', async () => {
    const loss = goldenLoss();
    const [thetaB] = goldenDirections;
    const line = await interpolate(loss, goldenTheta, thetaB);
    expect(line.alpha).toHaveLength(51);
    expect(line.values[line.alpha.indexOf(0)]).toBe(await loss.value(goldenTheta));
    expect(line.values[line.alpha.indexOf(1)]).toBe(await loss.value(thetaB));
  });

  it('has (1 − α)θ_A + αθ_B between and beyond them', async () => {
    const loss = analytic.rosenbrock();
    const line = await interpolate(loss, at(0, 0), at(2, 4), { points: 5 });
    expect(Array.from(line.alpha)).toEqual([-0.5, 0, 0.5, 1, 1.5]);
    for (const [i, alpha] of line.alpha.entries())
      expect(line.values[i]).toBe(await loss.value(at(2 * alpha, 4 * alpha)));
  });

  it('goes up and down again between two minima', async () => {
    const loss = analytic.twoMinima();
    const line = await interpolate(loss, at(-1, 0), at(1, 0), { labels: ['sharp', 'wide'] });
    const between = line.values.filter((_, i) => line.alpha[i]! > 0.05 && line.alpha[i]! < 0.95);
    expect(Math.max(...between)).toBeGreaterThan(0.5);
    expect(line.marks).toEqual([
      { alpha: 0, label: 'sharp' },
      { alpha: 1, label: 'wide' },
    ]);
    expect(line.label).toBe('α (0: sharp, 1: wide)');
  });

  it.each([2, 3, 4, 5, 10, 50, 51])(
    'with %i points hits both solutions, never moving its ends',
    async (points) => {
      for (const span of [
        [-0.5, 1.5],
        [-100, 1.5],
        [-0.4, 100],
      ] as const) {
        const { alpha } = await interpolate(analytic.saddle(), at(0, 0), at(1, 1), { points, span });
        expect([alpha[0], alpha.at(-1)]).toEqual(span);
        expect(alpha.length - points).toBeLessThanOrEqual(2);
        expect(alpha).toContain(0);
        expect(alpha).toContain(1);
        expect(alpha.every((x, i) => i === 0 || x > alpha[i - 1]!)).toBe(true);
      }
    },
  );

  it('adds points only where none of its own can be moved', async () => {
    const alphas = async (points: number, span?: [number, number]) => {
      const line = await interpolate(analytic.saddle(), at(0, 0), at(1, 1), {
        points,
        ...(span && { span }),
      });
      expect(line.values).toHaveLength(line.alpha.length);
      return Array.from(line.alpha);
    };
    expect(await alphas(2)).toEqual([-0.5, 0, 1, 1.5]);
    expect(await alphas(3)).toEqual([-0.5, 0, 1, 1.5]);
    expect(await alphas(3, [-100, 100])).toEqual([-100, 0, 1, 100]);
    expect(await alphas(4, [-1, 2])).toEqual([-1, 0, 1, 2]);
    expect(await alphas(3, [-1, 1.2])).toEqual([-1, 0, 1, 1.2]);
    expect(await alphas(2, [0, 1])).toEqual([0, 1]);
    expect(await alphas(51)).toHaveLength(51);
  });

  it('counts the points added in its progress', async () => {
    const seen: object[] = [];
    const onProgress = (progress: object) => seen.push(progress);
    await interpolate(analytic.saddle(), at(0, 0), at(1, 1), { points: 2, onProgress });
    expect(seen).toEqual([{ done: 4, total: 4 }]);
  });

  it('marks only the ends that lie in its span', async () => {
    const line = await interpolate(analytic.saddle(), at(0, 0), at(1, 1), { span: [0.25, 0.75], points: 3 });
    expect(line.marks).toEqual([]);
    expect(Array.from(line.alpha)).toEqual([0.25, 0.5, 0.75]);
  });

  it('refuses ends of the wrong length and spans that are none', async () => {
    const loss = analytic.saddle();
    await expect(interpolate(loss, at(0), at(1, 1))).rejects.toThrow('thetaA must have 2 numbers');
    await expect(interpolate(loss, at(0, 0), at(1))).rejects.toThrow('thetaB must have 2 numbers');
    await expect(interpolate(loss, at(0, 0), at(1, Number.NaN))).rejects.toThrow(
      'thetaB must be finite, got NaN at 1',
    );
    await expect(interpolate(loss, at(0, 0), undefined as unknown as Float64Array)).rejects.toThrow(
      'thetaB must be a Float32Array or Float64Array, got undefined',
    );
    await expect(interpolate(loss, at(0, 0), at(1, 1), { pionts: 5 } as object)).rejects.toThrow(
      'unknown option pionts; the options are span, points, labels, onProgress, signal',
    );
    await expect(interpolate(loss, at(0, 0), at(1, 1), { span: [2, 1] })).rejects.toThrow(
      'span must be [low, high] with finite low < high, got [2, 1]',
    );
  });
});
