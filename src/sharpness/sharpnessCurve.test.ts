import { describe, expect, it } from 'vitest';
import { goldenLoss, goldenTheta } from '../../tests/fixtures/golden';
import { analytic } from '../analytic';
import type { AbortError } from '../progress';
import { type SharpnessCurve, samSharpness, sharpnessCurve } from '.';

const neverFalls = (values: Float64Array) => values.every((v, k) => k === 0 || v >= values[k - 1]!);

describe('sharpnessCurve', () => {
  it('is ρ²λmax/2 at a quadratic minimum, from every start', async () => {
    const curve = await sharpnessCurve(analytic.quadratic([4, 2, 1]), new Float64Array(3));
    curve.rho.forEach((rho, k) => {
      expect(curve.sharpness[k]! / (2 * rho ** 2)).toBeCloseTo(1, 9);
      expect(curve.lower[k]! / (2 * rho ** 2)).toBeCloseTo(1, 6);
    });
  });

  it('never falls, on any surface and for each bound', async () => {
    const surfaces = [analytic.twoMinima(), analytic.monkeySaddle(), analytic.plateau(), analytic.beale()];
    for (const loss of surfaces) {
      for (let seed = 0; seed < 5; seed++) {
        const rhos = [0.02, 0.1, 0.5, 1, 2];
        const curve = await sharpnessCurve(loss, loss.params({ seed }), { rhos, steps: 3, seed });
        expect([curve.sharpness, curve.lower, curve.upper].every(neverFalls)).toBe(true);
        expect(curve.lower.every((low, k) => low >= 0 && low <= curve.upper[k]!)).toBe(true);
      }
    }
  });

  it('is at least what samSharpness finds for the same ρ from ε = 0', async () => {
    const loss = goldenLoss();
    const rhos = [0.05, 0.2];
    const curve = await sharpnessCurve(loss, goldenTheta, { rhos });
    for (const [k, rho] of rhos.entries()) {
      const { sharpness } = await samSharpness(loss, goldenTheta, { rho, starts: 1 });
      expect(curve.sharpness[k]).toBeGreaterThanOrEqual(sharpness);
    }
  });

  it('has nine radii around 0.05 by default, and says how it was made', async () => {
    const loss = analytic.rosenbrock();
    const curve = await sharpnessCurve(loss, Float64Array.of(1, 1), { seed: 4, steps: 2 });
    expect([curve.rho.length, curve.rho[0], curve.rho[4], curve.rho[8]]).toEqual([9, 0.005, 0.05, 0.5]);
    expect([curve.kind, curve.steps, curve.starts, curve.seed]).toEqual(['sharpness', 2, 3, 4]);
    expect([curve.at, curve.loss]).toEqual([Float64Array.of(1, 1), loss.description]);
  });

  it("with steps: 1 is SAM's proxy at each ρ, one start, falling where it falls", async () => {
    const dome = analytic.quadratic([-1, -1]);
    const theta = Float64Array.of(0.5, 0);
    const curve = await sharpnessCurve(dome, theta, { rhos: [0.5, 1, 2], steps: 1 });
    for (const [k, rho] of curve.rho.entries())
      expect(curve.sharpness[k]).toBe((await samSharpness(dome, theta, { rho, steps: 1 })).sharpness);
    expect(curve.sharpness[2]).toBeLessThan(0);
    expect(curve.starts).toBe(1);
  });

  it('takes ρ = 0 as the beginning', async () => {
    const curve = await sharpnessCurve(analytic.saddle(), Float64Array.of(0, 0), { rhos: [0, 0.1] });
    expect(curve.sharpness[0]).toBe(0);
    expect(curve.sharpness[1]).toBeCloseTo(0.005, 9);
  });

  it('reports progress up to its total, and on abort throws what it has', async () => {
    const loss = analytic.quadratic([4, 1]);
    const seen: number[] = [];
    const controller = new AbortController();
    const options = { rhos: [0.1, 0.2], steps: 4, starts: 2, signal: controller.signal };
    await sharpnessCurve(loss, Float64Array.of(1, 1), {
      ...options,
      onProgress: ({ done, total }) => seen.push(done / total),
    });
    expect([seen.length, seen.at(-1)]).toEqual([16, 1]);
    const onProgress = ({ done }: { done: number }) => {
      if (done > 8) controller.abort();
    };
    const work = sharpnessCurve(loss, Float64Array.of(1, 1), { ...options, onProgress });
    const { partial } = (await work.catch((e: unknown) => e)) as AbortError<SharpnessCurve>;
    expect(partial.sharpness[0]).toBeGreaterThan(0);
    expect(partial.sharpness[1]).toBeNaN();
  });

  it('refuses an option it does not have', async () => {
    const curve = sharpnessCurve(analytic.saddle(), Float64Array.of(0, 0), { rho: 0.1 } as object);
    await expect(curve).rejects.toThrow(
      'unknown option rho; the options are rhos, steps, starts, seed, batch',
    );
  });

  it('refuses radii that do not ascend, or are none', async () => {
    const at = (rhos: number[]) => sharpnessCurve(analytic.saddle(), Float64Array.of(0, 0), { rhos });
    await expect(at([])).rejects.toThrow('rhos must hold at least one radius');
    await expect(at([0.1, 0.1])).rejects.toThrow('rhos must ascend, got 0.1 after 0.1');
    await expect(at([-1])).rejects.toThrow('rho must be a finite number >= 0, got -1');
  });
});
