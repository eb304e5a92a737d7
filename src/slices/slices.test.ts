import { describe, expect, it } from 'vitest';
import { golden, goldenLoss, goldenTheta } from '../../tests/fixtures/golden';
import { goldenDirections } from '../../tests/fixtures/golden-directions';
import { type AnalyticLoss, analytic } from '../analytic';
import { filterNormalized, normalizeDirection, trajectoryPca } from '../directions';
import type { AbortError } from '../progress';
import type { Vector } from '../vector';
import { lossSlice1D, lossSlice2D, type Slice2D } from '.';

const at = (...theta: number[]) => Float64Array.from(theta);

describe('lossSlice2D', () => {
  it('agrees with the 5×5 plane of the float64 reference, alpha along the first direction', async () => {
    const loss = goldenLoss();
    const [d1, d2] = goldenDirections;
    const directions = [
      normalizeDirection(loss, goldenTheta, d1),
      normalizeDirection(loss, goldenTheta, d2),
    ] as const;
    const plane = await lossSlice2D(loss, goldenTheta, { directions, points: 5 });
    golden['plane_5x5_[a][b]'].forEach((row, i) => {
      row.forEach((expected, j) => {
        expect(Math.abs(plane.values[j * 5 + i]! - expected)).toBeLessThan(1e-6);
      });
    });
  });

  it('has the loss at θ in its middle, and what evaluate says at every point', async () => {
    const loss = analytic.quadratic([3, 2, 1]);
    const directions = [at(1, 0, 0), at(0, 1, 1)] as const;
    const plane = await lossSlice2D(loss, at(1, 1, 1), {
      directions,
      points: [5, 3],
      span: [
        [-2, 2],
        [0, 1],
      ],
    });
    expect(Array.from(plane.alpha)).toEqual([-2, -1, 0, 1, 2]);
    expect(Array.from(plane.beta)).toEqual([0, 0.5, 1]);
    expect(plane.values[2]).toBe(await loss.value(at(1, 1, 1)));
    expect(plane.values[2 * 5 + 4]).toBe(await loss.value(at(3, 2, 2)));
    expect([plane.center, plane.nonFinite]).toEqual([[0, 0], 0]);
  });

  it('takes the directions it is given along: labels, span and seed', async () => {
    const loss = analytic.rosenbrock();
    const run = {
      theta: at(1, 1),
      trajectory: [
        { step: 0, theta: at(0, 1) },
        { step: 1, theta: at(1, 1) },
      ],
    };
    const pca = trajectoryPca(run);
    const plane = await lossSlice2D(loss, run.theta, { directions: pca, points: 3 });
    expect(plane.directions).toEqual(pca);
    expect([plane.alpha[0], plane.alpha[2]]).toEqual(pca.span![0]);
    const random = filterNormalized(loss, run.theta, { seed: 7, biases: 'scale' });
    expect((await lossSlice2D(loss, run.theta, { directions: random, points: 2 })).seed).toBe(7);
  });

  it('shows a loss of two parameters over its own axes and domain, with θ where it is', async () => {
    const loss = analytic.rosenbrock();
    const plane = await lossSlice2D(loss, at(-1, 2), { points: 9 });
    expect([plane.alpha[0], plane.alpha[8], plane.beta[0], plane.beta[8]]).toEqual(loss.domain.flat());
    expect(plane.center).toEqual([-1, 2]);
    expect(plane.directions.labels).toEqual(['w₁', 'w₂']);
    expect(plane.values[5 * 9 + 3]).toBe(await loss.value(at(plane.alpha[3]!, plane.beta[5]!)));
  });

  it('draws filter-normalised directions when none are given, and the same ones for the same seed', async () => {
    const loss = goldenLoss();
    const plane = await lossSlice2D(loss, goldenTheta, { points: 3, seed: 2 });
    expect(plane.directions).toEqual(filterNormalized(loss, goldenTheta, { seed: 2 }));
    expect((await lossSlice2D(loss, goldenTheta, { points: 3, seed: 2 })).values).toEqual(plane.values);
  });

  it('leaves the model and θ where they are', async () => {
    const loss = goldenLoss();
    const [before, theta] = [loss.params(), goldenTheta.slice()];
    await lossSlice2D(loss, theta, { points: 3 });
    expect([loss.params(), theta]).toEqual([before, goldenTheta]);
  });

  it('holds metrics beside the losses', async () => {
    const plane = await lossSlice2D(withMetric(analytic.saddle()), at(0, 0), { points: 9 });
    expect(plane.metrics).toEqual({ distance: Float64Array.from(plane.values, (_, k) => k) });
  });

  it('keeps losses that are not finite and counts them', async () => {
    const loss = analytic.quadratic([1, 1]);
    const huge = [at(1e200, 0), at(0, 1)] as const;
    const plane = await lossSlice2D(loss, at(0, 0), { directions: huge, points: 3 });
    expect(plane.nonFinite).toBe(6);
    expect(plane.values[3]).toBe(Number.POSITIVE_INFINITY);
    expect(plane.values[4]).toBe(0);
  });

  it('reports progress, and on abort throws what it has', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const slice = lossSlice2D(analytic.saddle(), at(0, 0), {
      points: 20,
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        seen.push(done);
        if (done > total / 2) controller.abort();
      },
    });
    const error = (await slice.catch((e: unknown) => e)) as AbortError<Slice2D>;
    expect(error.name).toBe('AbortError');
    expect(error.partial.values.filter(Number.isFinite)).toHaveLength(seen.at(-1)!);
    expect(error.partial.nonFinite).toBe(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('refuses what makes no plane, before any work starts', async () => {
    const loss = analytic.saddle();
    const slice = (options: Parameters<typeof lossSlice2D>[2]) => lossSlice2D(loss, at(0, 0), options);
    await expect(slice({ points: 1 })).rejects.toThrow('points must be a whole number >= 2, got 1');
    await expect(slice({ span: [1, 1] })).rejects.toThrow('span of axis 1 must be [low, high]');
    await expect(
      slice({
        span: [
          [0, 1],
          [0, Number.NaN],
        ],
      }),
    ).rejects.toThrow('span of axis 2');
    await expect(slice({ directions: [at(1, 0), at(1)] })).rejects.toThrow('a direction must have 2 numbers');
    await expect(lossSlice2D(loss, at(0))).rejects.toThrow('theta must have 2 numbers');
    const one = filterNormalized(loss, at(1, 1), { count: 1, biases: 'scale' });
    await expect(slice({ directions: one })).rejects.toThrow('directions must hold two vectors, got 1');
  });

  it('refuses what is no point or no direction', async () => {
    const loss = analytic.saddle();
    const from = (theta: unknown) => lossSlice2D(loss, theta as Float64Array);
    const message = 'theta must be a Float32Array or Float64Array, got';
    await expect(from(undefined)).rejects.toThrow(new TypeError(`${message} undefined`));
    await expect(from([0, 0])).rejects.toThrow(new TypeError(`${message} Array`));
    await expect(from(at(0, Number.NaN))).rejects.toThrow('theta must be finite, got NaN at 1');
    const along = (directions: unknown) =>
      lossSlice2D(loss, at(0, 0), { directions: directions as [Vector, Vector] });
    await expect(along([at(1, 0), at(0, 0)])).rejects.toThrow(new RangeError('a direction must not be zero'));
    await expect(along([at(1, 0), at(0, Number.POSITIVE_INFINITY)])).rejects.toThrow(
      'a direction must be finite, got Infinity at 1',
    );
    await expect(along([[1, 0], at(0, 1)])).rejects.toThrow('a direction must be a Float32Array');
    await expect(along([at(1, 0)])).rejects.toThrow('directions must hold two vectors, got 1');
    await expect(along(2)).rejects.toThrow(
      'directions must be two vectors, or such as filterNormalized returns',
    );
  });

  it('refuses a direction that is zero in the numbers of the loss', async () => {
    const tiny = new Float64Array(goldenTheta.length).fill(1e-60);
    const slice = lossSlice2D(goldenLoss(), goldenTheta, { directions: [goldenTheta, tiny] });
    await expect(slice).rejects.toThrow('a direction must not be zero');
  });

  it('refuses options it does not have', async () => {
    const slice = (options: object) => lossSlice2D(analytic.saddle(), at(0, 0), options);
    await expect(slice({ direction: at(1, 0) })).rejects.toThrow(
      'unknown option direction; the options are directions, span, points, seed, onProgress, signal',
    );
  });
});

/** An analytic loss with a metric that counts the points it is asked for. */
function withMetric(loss: AnalyticLoss): AnalyticLoss {
  let asked = 0;
  return {
    ...loss,
    evaluateMany: async (thetas) => {
      const values = await loss.values(thetas);
      return { loss: values, distance: values.map(() => asked++) };
    },
  };
}

describe('lossSlice1D', () => {
  it('has the loss at θ + αd at every point, and that at θ in the middle', async () => {
    const loss = analytic.rosenbrock();
    const slice = await lossSlice1D(loss, at(0, 1), { direction: at(1, 2), span: [-1, 3], points: 9 });
    for (const [i, alpha] of slice.alpha.entries())
      expect(slice.values[i]).toBe(await loss.value(at(alpha, 1 + 2 * alpha)));
    expect(slice.marks).toEqual([{ alpha: 0, label: 'θ' }]);
    expect(slice.alpha[2]).toBe(0);
  });

  it('has by default 51 points from −1 to 1 along a filter-normalised direction', async () => {
    const loss = goldenLoss();
    const slice = await lossSlice1D(loss, goldenTheta, { seed: 3 });
    expect([slice.alpha.length, slice.alpha[0], slice.alpha[25], slice.alpha[50]]).toEqual([51, -1, 0, 1]);
    expect(slice.direction).toEqual(filterNormalized(loss, goldenTheta, { seed: 3 }).vectors[0]);
    expect(slice.values[25]).toBeCloseTo(golden.loss, 6);
    expect(slice.seed).toBe(3);
  });

  it('refuses what is no point, no direction or no option', async () => {
    const along = (direction: unknown, theta: unknown = at(0, 0)) =>
      lossSlice1D(analytic.saddle(), theta as Float64Array, { direction: direction as Float64Array });
    await expect(along(at(1))).rejects.toThrow('direction must have 2 numbers');
    await expect(along(at(0, 0))).rejects.toThrow(new RangeError('direction must not be zero'));
    await expect(along(at(0, Number.NaN))).rejects.toThrow('direction must be finite, got NaN at 1');
    await expect(along([1, 0])).rejects.toThrow(
      'direction must be a Float32Array or Float64Array, got Array',
    );
    await expect(along(3)).rejects.toThrow('direction must be a Float32Array or Float64Array, got 3');
    await expect(along(at(1, 0), null)).rejects.toThrow(
      new TypeError('theta must be a Float32Array or Float64Array, got null'),
    );
    await expect(lossSlice1D(analytic.saddle(), at(0, 0), { directions: [] } as object)).rejects.toThrow(
      'unknown option directions; the options are direction, span, points, seed, onProgress, signal',
    );
  });

  it('says so before any work when theta is missing, with or without a direction', async () => {
    const missing = undefined as unknown as Float64Array;
    const message = 'theta must be a Float32Array or Float64Array, got undefined';
    await expect(lossSlice1D(goldenLoss(), missing)).rejects.toThrow(message);
    await expect(lossSlice1D(goldenLoss(), missing, { direction: goldenTheta })).rejects.toThrow(message);
  });

  it('says what computed it, and how its graphs ran', async () => {
    const { loss } = await lossSlice1D(goldenLoss(), goldenTheta, { points: 5 });
    expect(loss.engine).toMatchObject({ backend: 'tensorflow', tfjs: '4.22.0', modes: ['calling thread'] });
  });
});
