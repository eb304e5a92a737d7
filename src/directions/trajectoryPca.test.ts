import { describe, expect, it } from 'vitest';
import { randomFrom } from '../random';
import { project, trajectoryPca } from '.';
import { difference, dot, norm, scaled } from './arithmetic';

/** A path of points, ending at the last. */
function pathOf<A extends Float32Array | Float64Array>(points: A[]) {
  return { theta: points.at(-1)!, trajectory: points.map((theta, step) => ({ step, theta })) };
}

/** A spiral into the plane of two random directions of 500 dimensions, with a little noise around it. */
function spiral(noise: number) {
  const random = randomFrom(1);
  const [u, v] = [random.gaussians(500), random.gaussians(500)];
  const end = random.gaussians(500);
  const points = Array.from({ length: 40 }, (_, i) => {
    const r = (39 - i) / 39;
    const [a, b] = [3 * r * Math.cos(6 * r), r * Math.sin(6 * r)];
    const shake = scaled(random.gaussians(500), noise * r);
    return end.map((x, k) => x + a * u[k]! + b * v[k]! + shake[k]!);
  });
  return { run: pathOf(points), u, v };
}

describe('trajectoryPca', () => {
  it('finds the plane of a path that lies in one', () => {
    const { run, u } = spiral(0);
    const directions = trajectoryPca(run);
    expect(directions.explained![0]! + directions.explained![1]!).toBeCloseTo(1, 10);
    const [a, b] = project(
      { at: run.theta, directions },
      run.theta.map((x, i) => x + u[i]!),
    ) as [number, number];
    expect(Math.hypot(a, b)).toBeCloseTo(norm(u), 8);
  });

  it.each([0, 0.1, 1])('has orthonormal directions (noise %d)', (noise) => {
    const [first, second] = trajectoryPca(spiral(noise).run).vectors as [Float64Array, Float64Array];
    expect(Math.abs(norm(first) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(norm(second) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(dot(first, second))).toBeLessThan(1e-12);
  });

  it('has directions in the array type of the run, orthonormal to 1e-6 in float32', () => {
    const { run } = spiral(0.1);
    const single = pathOf(run.trajectory.map(({ theta }) => Float32Array.from(theta)));
    const [first, second] = trajectoryPca(single).vectors as [Float32Array, Float32Array];
    expect(first).toBeInstanceOf(Float32Array);
    expect(Math.abs(dot(first, second))).toBeLessThan(1e-6);
    expect(Math.abs(norm(second) - 1)).toBeLessThan(1e-6);
  });

  it('explains the share of the squared path that the plane keeps, and no other plane keeps more', () => {
    const { run, u, v } = spiral(1);
    const kept = (vectors: Float64Array[]) => {
      const ways = run.trajectory.map(({ theta }) => difference(theta, run.theta));
      const inside = ways.map((way) => {
        const c = project(
          { at: run.theta, directions: { vectors } },
          run.theta.map((x, i) => x + way[i]!),
        );
        return norm(way.map((_, i) => c[0]! * vectors[0]![i]! + c[1]! * vectors[1]![i]!)) ** 2;
      });
      const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
      return sum(inside) / sum(ways.map((way) => dot(way, way)));
    };
    const { vectors, explained, labels } = trajectoryPca(run);
    expect(kept(vectors)).toBeCloseTo(explained![0]! + explained![1]!, 10);
    expect(kept([u, v])).toBeLessThan(kept(vectors));
    expect(labels[0]).toBe(`α (PC 1, ${Math.round(100 * explained![0]!)} % of the path)`);
  });

  it('has a square span that holds the path with a margin of 10 to 15 %', () => {
    const { run } = spiral(0.1);
    const directions = trajectoryPca(run);
    const span = directions.span as [[number, number], [number, number]];
    const points = run.trajectory.map(({ theta }) => project({ at: run.theta, directions }, theta));
    const side = span[0][1] - span[0][0];
    expect(span[1][1] - span[1][0]).toBeCloseTo(side, 10);
    const ranges = [0, 1].map((axis) => points.map((p) => p[axis]!));
    ranges.forEach((range, axis) => {
      expect(Math.min(...range) - span[axis]![0]).toBeGreaterThan(0.09 * side);
      expect(span[axis]![1] - Math.max(...range)).toBeGreaterThan(0.09 * side);
    });
    const widest = Math.max(...ranges.map((range) => Math.max(...range) - Math.min(...range)));
    expect((side / widest - 1) / 2).toBeGreaterThanOrEqual(0.1);
    expect((side / widest - 1) / 2).toBeLessThanOrEqual(0.15);
  });

  it('turns the farthest point of the path to the positive side of both directions', () => {
    const { run } = spiral(0.1);
    const mirrored = pathOf(run.trajectory.map(({ theta }) => theta.map((x, i) => 2 * run.theta[i]! - x)));
    for (const path of [run, mirrored]) {
      const directions = trajectoryPca(path);
      const points = path.trajectory.map(({ theta }) => project({ at: path.theta, directions }, theta));
      for (const axis of [0, 1]) {
        const places = points.map((p) => p[axis]!);
        expect(Math.max(...places)).toBeGreaterThan(-Math.min(...places));
      }
    }
  });

  it('gives a straight path a second direction across it, with the share 0', () => {
    const run = pathOf([Float64Array.of(4, 2, 2), Float64Array.of(3, 2, 1), Float64Array.of(0, 2, -2)]);
    const { vectors, explained, labels } = trajectoryPca(run);
    expect(vectors.map((v) => Array.from(v, (x) => Number(x.toFixed(12))))).toEqual([
      [Number(Math.SQRT1_2.toFixed(12)), 0, Number(Math.SQRT1_2.toFixed(12))],
      [0, 1, 0],
    ]);
    expect(explained![0]).toBeCloseTo(1, 12);
    expect(labels).toEqual(['α (PC 1, 100 % of the path)', 'β (PC 2, 0 % of the path)']);
  });

  it('takes several runs, seen from the end of the first', () => {
    const end = Float64Array.of(1, 1, 1);
    const first = pathOf([Float64Array.of(3, 1, 1), end]);
    const second = pathOf([Float64Array.of(3, 1, 1), Float64Array.of(1, 2, 1)]);
    const directions = trajectoryPca([first, second]);
    expect(directions.explained![0]! + directions.explained![1]!).toBeCloseTo(1, 12);
    const [a, b] = project({ at: end, directions }, second.theta) as [number, number];
    expect(Math.hypot(a, b)).toBeCloseTo(1, 12);
    expect(directions.description).toContain('2 paths');
  });

  it('refuses a path that stands still, that is not finite, or that has one parameter', () => {
    const point = Float64Array.of(1, 2);
    expect(() => trajectoryPca(pathOf([point, point]))).toThrow('the path does not move');
    expect(() => trajectoryPca(pathOf([Float64Array.of(Number.NaN, 0), point]))).toThrow('not finite');
    expect(() => trajectoryPca(pathOf([Float64Array.of(1)]))).toThrow('at least 2 parameters');
    expect(() => trajectoryPca([])).toThrow('at least one run');
    expect(() => trajectoryPca([pathOf([point]), pathOf([Float64Array.of(1, 2, 3)])])).toThrow(
      'all runs must have 2 parameters',
    );
  });
});
