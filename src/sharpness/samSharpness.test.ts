import { describe, expect, it } from 'vitest';
import { golden, goldenLoss, goldenTheta } from '../../tests/fixtures/golden';
import { type AnalyticLoss, analytic } from '../analytic';
import type { AbortError } from '../progress';
import { type Sharpness, samSharpness } from '.';

const bowl = analytic.quadratic([4, 2, 1]);
const minimum = new Float64Array(3);

/** Counts the gradients a loss is asked for. */
function counted(loss: AnalyticLoss): { loss: AnalyticLoss; gradients: () => number } {
  let gradients = 0;
  const gradient: AnalyticLoss['gradient'] = (theta) => {
    gradients++;
    return loss.gradient(theta);
  };
  return { loss: { ...loss, gradient }, gradients: () => gradients };
}

describe('samSharpness', () => {
  it.each([0.01, 0.05, 0.2])('is ρ²λmax/2 at a quadratic minimum (ρ %d)', async (rho) => {
    const { sharpness, perStart, label } = await samSharpness(bowl, minimum, { rho });
    expect(sharpness / ((rho ** 2 * 4) / 2)).toBeCloseTo(1, 9);
    expect(perStart).toHaveLength(3);
    expect(label).toBe('worst case in the ball');
  });

  it('agrees with the float64 reference, in the ball and for one step', async () => {
    const loss = goldenLoss();
    const ball = await samSharpness(loss, goldenTheta, { rho: 0.05 });
    expect(Math.abs(ball.sharpness - golden['pgd_max_sharpness_rho.05'])).toBeLessThan(1e-6);
    const step = await samSharpness(loss, goldenTheta, { rho: 0.05, steps: 1 });
    expect(Math.abs(step.sharpness - golden['sam_rho.05'].sharpness)).toBeLessThan(1e-6);
    expect(step.label).toBe('one-step (SAM proxy)');
  });

  it('is never less than what one step finds', async () => {
    const loss = analytic.twoMinima();
    for (let seed = 0; seed < 10; seed++) {
      const theta = loss.params({ seed });
      const step = await samSharpness(loss, theta, { rho: 0.3, steps: 1 });
      const ball = await samSharpness(loss, theta, { rho: 0.3 });
      expect(ball.sharpness).toBeGreaterThanOrEqual(step.sharpness);
      expect(ball.sharpness).toBe(Math.max(...ball.perStart));
      expect(ball.worst - ball.base).toBe(ball.sharpness);
    }
  });

  it('tells the sharp from the wide of two minima', async () => {
    const loss = analytic.twoMinima({ sharp: 20, wide: 1 });
    const sharp = await samSharpness(loss, Float64Array.of(-1, 0));
    const wide = await samSharpness(loss, Float64Array.of(1, 0));
    // ρ²λ/2 but for the other bowl, which is 2 away: a share of 1e-4 for the wide, 3e-2 for the sharp one.
    expect(Math.abs(wide.sharpness / 0.00125 - 1)).toBeLessThan(1e-3);
    expect(Math.abs(sharp.sharpness / 0.025 - 1)).toBeLessThan(0.05);
  });

  it('finds the way out of a saddle, where one step sees nothing', async () => {
    const loss = analytic.saddle();
    const origin = Float64Array.of(0, 0);
    expect((await samSharpness(loss, origin, { rho: 0.1, steps: 1 })).sharpness).toBe(0);
    expect((await samSharpness(loss, origin, { rho: 0.1 })).sharpness).toBeCloseTo(0.1 ** 2 / 2, 9);
  });

  it('finds the largest eigenvalue although a negative one is larger', async () => {
    const loss = analytic.quadratic([1, 0.5, -4]);
    const { sharpness, perStart } = await samSharpness(loss, minimum, { rho: 0.1, steps: 40 });
    expect(sharpness / 0.005).toBeCloseTo(1, 3);
    expect(Math.min(...perStart) / 0.005).toBeGreaterThan(0.9);
  });

  it('reports a one-step proxy below 0 as it is, but no worst case', async () => {
    // From (0.5, 0), a step of length 2 along −x lands beyond the top of this dome.
    const dome = analytic.quadratic([-1, -1]);
    const theta = Float64Array.of(0.5, 0);
    const step = await samSharpness(dome, theta, { rho: 2, steps: 1 });
    expect(step.sharpness).toBeCloseTo(0.125 - 1.125, 12);
    expect((await samSharpness(dome, theta, { rho: 2 })).sharpness).toBeGreaterThanOrEqual(0);
  });

  it('is 0 for ρ = 0', async () => {
    expect((await samSharpness(bowl, Float64Array.of(1, 1, 1), { rho: 0 })).sharpness).toBe(0);
  });

  it('is the same for the same seed, and takes a gradient for each step and start', async () => {
    const { loss, gradients } = counted(analytic.rosenbrock());
    const theta = Float64Array.of(0.5, 0.5);
    const once = await samSharpness(loss, theta, { steps: 5, starts: 4, seed: 2 });
    expect(gradients()).toBe(1 + 4 * (1 + 5));
    expect(await samSharpness(loss, theta, { steps: 5, starts: 4, seed: 2 })).toEqual(once);
    expect([once.steps, once.starts, once.seed, once.rho]).toEqual([5, 4, 2, 0.05]);
  });

  it('counts a loss that is not a number as infinitely sharp', async () => {
    const cliff: AnalyticLoss = {
      ...bowl,
      gradient: async (theta) => {
        const { value, gradient } = await bowl.gradient(theta);
        return { value: value > 1e-3 ? Number.NaN : value, gradient };
      },
    };
    const { sharpness } = await samSharpness(cliff, minimum, { rho: 0.1 });
    expect(sharpness).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps the starts that are done when it is aborted', async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done > 25) controller.abort();
    };
    const work = samSharpness(bowl, minimum, { rho: 0.1, onProgress, signal: controller.signal });
    const { name, partial } = (await work.catch((e: unknown) => e)) as AbortError<Sharpness>;
    expect(name).toBe('AbortError');
    expect([partial.starts, partial.perStart.length]).toEqual([1, 1]);
    expect(partial.sharpness).toBeCloseTo(0.02, 9);
  });

  it('refuses arguments without a meaning', async () => {
    const at = (options: Parameters<typeof samSharpness>[2], theta = minimum) =>
      samSharpness(bowl, theta, options);
    await expect(at({ rho: -1 })).rejects.toThrow('rho must be a finite number >= 0, got -1');
    await expect(at({ rho: Number.NaN })).rejects.toThrow(RangeError);
    await expect(at({ steps: 0 })).rejects.toThrow('steps must be a whole number >= 1, got 0');
    await expect(at({ starts: 1.5 })).rejects.toThrow('starts must be a whole number >= 1, got 1.5');
    await expect(at({ roh: 0.1 } as object)).rejects.toThrow(
      'unknown option roh; the options are rho, steps',
    );
    await expect(at({ seed: 0.5 })).rejects.toThrow('seed must be a whole number');
    await expect(at({}, new Float64Array(2))).rejects.toThrow('theta must have 3 numbers');
    await expect(at({}, Float64Array.of(0, Number.NaN, 0))).rejects.toThrow(
      'theta must be finite, got NaN at 1',
    );
    await expect(at({}, Float64Array.of(1e200, 0, 0))).rejects.toThrow('the loss at theta must be finite');
  });
});
