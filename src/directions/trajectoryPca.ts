import { EigenvalueDecomposition } from 'ml-matrix';
import type { Run } from '../optim/run';
import type { Vector } from '../vector';
import { difference, dot, norm, scaled } from './arithmetic';
import type { Directions } from './types';

/** The path keeps this share of the box's side free on each side. */
const MARGIN = 0.12;

/** Below this share of the largest eigenvalue a direction is rounding: float32 weights carry 1e-7, squared. */
const ROUNDING = 1e-13;

type Path<A extends Vector> = Pick<Run<A>, 'theta' | 'trajectory'>;

/**
 * The plane that holds most of a training path: the first two principal directions of the differences θᵢ − θ_end,
 * as in Li et al. (arXiv 1712.09913, section 7.2).
 *
 * No mean is subtracted: the plane must pass through θ_end, and of all planes that do this one leaves out the least
 * of Σ‖θᵢ − θ_end‖². `explained` is the share of that sum along each direction.
 *
 * @param runs What `minimize` returned; or several runs, whose end is the first one's `theta`. Draw the plane at that point.
 * @returns Two orthonormal directions; `labels` that state their share; `span`, a square box that holds the path with
 *   a margin. The point of the path that lies farthest along a direction lies on its positive side, so that the signs
 *   do not depend on rounding. Of a straight path the second direction is the coordinate axis most nearly across it.
 * @throws RangeError when the path does not move, is not finite, or has fewer than two parameters.
 * @example
 * ```ts
 * import { analytic, lossSlice2D, minimize, tf, trajectoryPca } from 'losslab';
 * const loss = analytic.rosenbrock();
 * const run = await minimize(loss, loss.params(), tf.train.adam(0.05), { steps: 50 });
 * const plane = await lossSlice2D(loss, run.theta, { directions: trajectoryPca(run) });
 * ```
 */
export function trajectoryPca<A extends Vector>(runs: Path<A> | readonly Path<A>[]): Directions<A> {
  const paths = Array.isArray(runs) ? (runs as readonly Path<A>[]) : [runs as Path<A>];
  const end = endOf(paths);
  const ways = paths.flatMap(({ trajectory }) => trajectory.map(({ theta }) => difference(theta, end)));
  checkMoves(ways);
  const { axes, explained } = principalAxes(ways);
  const vectors = axes.map((axis) => scaled(axis, signOf(axis, ways)));
  return {
    vectors: vectors.map((axis) => inTypeOf(end, axis)),
    description: `trajectory PCA of ${paths.length === 1 ? 'the path' : `${paths.length} paths`}, ${percent(explained[0] + explained[1])} of its variance about its end`,
    labels: explained.map(
      (share, i) => `${i === 0 ? 'α' : 'β'} (PC ${i + 1}, ${percent(share)} of the path)`,
    ),
    explained,
    span: squareAround(ways.map((way) => [dot(way, vectors[0]!), dot(way, vectors[1]!)])),
  };
}

function endOf<A extends Vector>(paths: readonly Path<A>[]): A {
  const end = paths[0]?.theta;
  if (end === undefined) throw new RangeError('trajectoryPca needs at least one run, got none');
  if (end.length < 2) throw new RangeError(`a plane needs at least 2 parameters, the run has ${end.length}`);
  const other = paths.find(({ theta }) => theta.length !== end.length);
  if (other)
    throw new RangeError(`all runs must have ${end.length} parameters, one has ${other.theta.length}`);
  return end;
}

function checkMoves(ways: Float64Array[]): void {
  if (!ways.every((way) => way.every(Number.isFinite)))
    throw new RangeError('the path is not finite (the run diverged): train with a smaller learning rate');
  if (ways.every((way) => way.every((x) => x === 0)))
    throw new RangeError('the path does not move: its points are all the same; train for more steps');
}

/** The eigenvectors of Σ wᵢwᵢᵀ, from those of the small Gram matrix wᵢᵀwⱼ: dim may be large, points are few. */
function principalAxes(ways: Float64Array[]): { axes: Float64Array[]; explained: [number, number] } {
  const gram = gramOf(ways);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const total = gram.reduce((sum, row, i) => sum + row[i]!, 0);
  const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j]! - realEigenvalues[i]!);
  const combine = (k: number): Float64Array => sumOf(ways, eigenvectorMatrix.getColumn(k));
  const first = unit(combine(order[0]!));
  const second = realEigenvalues[order[1]!] ?? 0;
  const straight = second <= ROUNDING * total;
  const axes = [first, unit(without(straight ? acrossAxis(first) : combine(order[1]!), first))];
  return { axes, explained: [realEigenvalues[order[0]!]! / total, straight ? 0 : second / total] };
}

function gramOf(ways: Float64Array[]): number[][] {
  const gram = ways.map(() => new Array<number>(ways.length).fill(0));
  ways.forEach((a, i) => {
    for (let j = 0; j <= i; j++) gram[i]![j] = gram[j]![i] = dot(a, ways[j]!);
  });
  return gram;
}

/** The coordinate axis that has the least of the direction. */
function acrossAxis(direction: Float64Array): Float64Array {
  let least = 0;
  direction.forEach((x, i) => {
    if (Math.abs(x) < Math.abs(direction[least]!)) least = i;
  });
  return new Float64Array(direction.length).fill(1, least, least + 1);
}

function sumOf(vectors: Float64Array[], coefficients: number[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  vectors.forEach((v, k) => {
    for (let i = 0; i < sum.length; i++) sum[i]! += coefficients[k]! * v[i]!;
  });
  return sum;
}

/** v less its part along the unit vector; twice, because the first pass leaves rounding of what it removed. */
function without(v: Float64Array, unitVector: Float64Array): Float64Array {
  const once = sumOf([v, unitVector], [1, -dot(v, unitVector)]);
  return sumOf([once, unitVector], [1, -dot(once, unitVector)]);
}

function unit(v: Float64Array): Float64Array {
  return scaled(v, 1 / norm(v));
}

/** +1 or −1: on which side the farthest point of the path lies. */
function signOf(axis: Float64Array, ways: Float64Array[]): number {
  const places = ways.map((way) => dot(way, axis));
  return places.reduce((far, place) => (Math.abs(place) > Math.abs(far) ? place : far), 0) < 0 ? -1 : 1;
}

function squareAround(points: [number, number][]): [number, number][] {
  const ranges = [0, 1].map((axis) => points.map((point) => point[axis]!));
  const middles = ranges.map((range) => (Math.min(...range) + Math.max(...range)) / 2);
  const side = Math.max(...ranges.map((range) => Math.max(...range) - Math.min(...range)));
  const half = side * (0.5 + MARGIN);
  return middles.map((middle) => [middle - half, middle + half]);
}

function inTypeOf<A extends Vector>(like: A, v: Float64Array): A {
  const vector: Vector = like.slice();
  vector.set(v);
  return vector as A;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(share > 0.995 ? 3 : 2))} %`;
}
