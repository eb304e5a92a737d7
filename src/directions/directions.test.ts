import { describe, expect, it } from 'vitest';
import { golden, goldenLoss, goldenTheta } from '../../tests/fixtures/golden';
import { goldenDirections } from '../../tests/fixtures/golden-directions';
import { analytic } from '../analytic';
import { view } from '../params';
import type { Vector } from '../vector';
import { filterNormalized, normalizeDirection, project, randomDirection } from '.';
import { dot, norm } from './arithmetic';

const loss = goldenLoss();
const theta = Float32Array.from(goldenTheta);
const [W1, b1] = loss.layout.params as [
  (typeof loss.layout.params)[number],
  (typeof loss.layout.params)[number],
];

/** The norms of a kernel's columns, its filters. */
function columnNorms(kernel: Vector, columns: number): number[] {
  return Array.from({ length: columns }, (_, c) => norm(kernel.filter((_, i) => i % columns === c)));
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6): void {
  expect(actual).toHaveLength(expected.length);
  Array.from(expected).forEach((e, i) => {
    expect(Math.abs(actual[i]! - e)).toBeLessThan(tolerance);
  });
}

describe('normalizeDirection', () => {
  it('agrees with the float64 reference', () => {
    const [d1, d2] = goldenDirections.map((d) => normalizeDirection(loss, theta, d));
    expectClose(d1!.subarray(0, 5), golden.filter_norm_dir1_first5);
    expectClose([norm(d1!), norm(d2!)], golden.filter_norm_dirs_norms);
  });

  it('by filter gives every filter the norm it has in the weights, and no move to biases', () => {
    const direction = normalizeDirection(loss, theta, randomDirection(loss), { by: 'filter' });
    expectClose(columnNorms(view(direction, W1), 5), columnNorms(view(theta, W1), 5));
    expect(norm(view(direction, b1))).toBe(0);
  });

  it('by layer gives whole tensors the norm they have in the weights', () => {
    const direction = normalizeDirection(loss, theta, randomDirection(loss), {
      by: 'layer',
      biases: 'scale',
    });
    for (const param of loss.layout.params)
      expectClose([norm(view(direction, param))], [norm(view(theta, param))]);
    expect(columnNorms(view(direction, W1), 5)[0]).not.toBeCloseTo(columnNorms(view(theta, W1), 5)[0]!, 3);
  });

  it('by weight multiplies each number by the size of its weight', () => {
    const random = randomDirection(loss, { seed: 2 });
    const direction = normalizeDirection(loss, theta, random, { by: 'weight', biases: 'scale' });
    expectClose(
      direction,
      random.map((d, i) => d * Math.abs(theta[i]!)),
    );
  });

  it('does not change with the scale of the direction, and changes neither argument', () => {
    const [d, t] = [randomDirection(loss), theta.slice()];
    const before = d.slice();
    const once = normalizeDirection(loss, t, d);
    expectClose(
      normalizeDirection(
        loss,
        t,
        d.map((x) => 10 * x),
      ),
      once,
    );
    expect([d, t]).toEqual([before, theta]);
  });

  it('leaves a filter that is 0 in the direction, or in the weights, at 0', () => {
    const none = new Float32Array(32);
    expect(norm(normalizeDirection(loss, theta, none))).toBe(0);
    expect(norm(normalizeDirection(loss, none, randomDirection(loss)))).toBe(0);
  });

  it('refuses unknown options and wrong lengths', () => {
    const by = 'row' as 'filter';
    expect(() => normalizeDirection(loss, theta, theta, { by })).toThrow(
      'by must be one of filter, layer, weight, got row',
    );
    expect(() => normalizeDirection(loss, theta, Float32Array.of(1))).toThrow(
      'direction must have 32 numbers',
    );
    expect(() => normalizeDirection(loss, Float32Array.of(1), theta)).toThrow('theta must have 32 numbers');
  });
});

describe('randomDirection', () => {
  it('is Gaussian, not uniform: half of its numbers are negative and some exceed 2', () => {
    const wide = analytic.quadratic(new Array(2000).fill(1));
    const direction = randomDirection(wide, { seed: 1 });
    const share = (predicate: (x: number) => boolean) => direction.filter(predicate).length / 2000;
    expect(Math.abs(share((x) => x < 0) - 0.5)).toBeLessThan(0.045);
    expect(Math.abs(share((x) => Math.abs(x) > 2) - 0.0455)).toBeLessThan(0.019);
  });

  it('has the array type of its loss and is determined by its seed', () => {
    expect(randomDirection(loss)).toBeInstanceOf(Float32Array);
    expect(randomDirection(analytic.saddle())).toBeInstanceOf(Float64Array);
    expect(randomDirection(loss, { seed: 1 })).toEqual(randomDirection(loss, { seed: 1 }));
    expect(randomDirection(loss, { seed: 1 })).not.toEqual(randomDirection(loss, { seed: 2 }));
  });
});

describe('filterNormalized', () => {
  it('draws independent directions, each normalised, and says how', () => {
    const directions = filterNormalized(loss, theta, { seed: 3 });
    const [d1, d2] = directions.vectors as [Float32Array, Float32Array];
    expectClose([norm(d1), norm(d2)], golden.filter_norm_dirs_norms);
    expect(Math.abs(dot(d1, d2)) / (norm(d1) * norm(d2))).toBeLessThan(0.8);
    expect(directions.description).toBe('random, filter-normalised, seed 3');
    expect(directions.labels).toHaveLength(2);
    expect(filterNormalized(loss, theta, { seed: 3 })).toEqual(directions);
  });

  it('starts with the direction that count: 1 gives', () => {
    const [first] = filterNormalized(loss, theta, { seed: 4 }).vectors;
    expect(filterNormalized(loss, theta, { seed: 4, count: 1 }).vectors).toEqual([first]);
  });

  it('says what to do where nothing can move', () => {
    const saddle = analytic.saddle();
    expect(() => filterNormalized(saddle, saddle.params())).toThrow("give biases: 'scale'");
    expect(() => filterNormalized(loss, new Float32Array(32))).toThrow('use randomDirection');
    expect(() => filterNormalized(loss, theta, { count: 0 })).toThrow(
      'count must be a whole number >= 1, got 0',
    );
  });
});

describe('directions refuse', () => {
  it('options they do not have', () => {
    expect(() => randomDirection(loss, { sede: 1 } as object)).toThrow(
      new TypeError('unknown option sede; the options are seed'),
    );
    expect(() => filterNormalized(loss, theta, { by: 'layer' } as object)).toThrow(
      'unknown option by; the options are seed, count, biases',
    );
    expect(() => normalizeDirection(loss, theta, theta, { seed: 1 } as object)).toThrow(
      'unknown option seed; the options are by, biases',
    );
  });

  it('what is no point, with its name and the place', () => {
    const bad = theta.slice();
    bad[3] = Number.NEGATIVE_INFINITY;
    expect(() => filterNormalized(loss, bad)).toThrow('theta must be finite, got -Infinity at 3');
    expect(() => normalizeDirection(loss, theta, bad)).toThrow(
      'direction must be finite, got -Infinity at 3',
    );
    expect(() => normalizeDirection(loss, Array.from(theta) as unknown as Float32Array, theta)).toThrow(
      new TypeError('theta must be a Float32Array or Float64Array, got Array'),
    );
  });
});

describe('project', () => {
  it('finds the coefficients a point was made of, for directions far from orthogonal', () => {
    const [d1, d2] = [Float64Array.of(1, 0, 0), Float64Array.of(1, 0.1, 0)];
    const at = Float64Array.of(1, 2, 3);
    const point = at.map((x, i) => x + 0.5 * d1[i]! - 2 * d2[i]!);
    expectClose(project({ at, directions: { vectors: [d1, d2] } }, point), [0.5, -2]);
  });

  it('drops what sticks out of the plane', () => {
    const plane = { at: Float64Array.of(0, 0, 0), directions: { vectors: [Float64Array.of(2, 0, 0)] } };
    expectClose(project(plane, Float64Array.of(4, 7, -1)), [2]);
  });
});
