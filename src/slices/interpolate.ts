import { difference, inTypeOf } from '../directions/arithmetic';
import { checkLoss, type Loss } from '../loss';
import { checkOptions } from '../options';
import { checkPoint } from '../params';
import { type LongWork, longWork } from '../progress';
import type { Vector } from '../vector';
import { type Scan, scan } from './scan';
import { checkPoints, checkSpan, linspace, type Span } from './span';
import type { Slice1D } from './types';

export interface InterpolateOptions extends LongWork {
  span?: Span;
  points?: number;
  /** Names of the two ends. */
  labels?: readonly [string, string];
}

const OPTIONS = ['span', 'points', 'labels', 'onProgress', 'signal'] as const;

/**
 * The loss on the straight line from one solution through another: values[i] = L((1 − alpha[i])·θ_A + alpha[i]·θ_B)
 * (Goodfellow et al., arXiv 1412.6544). Between two minima of one basin there is no bump.
 *
 * The values at alpha = 0 and 1 are those of θ_A and θ_B themselves: where the grid would miss one, its nearest point
 * is moved onto it; the first and the last stay where the span says, and where one of them is nearest a point is added.
 *
 * @param loss The loss; the model behind it is not moved.
 * @param thetaA Where alpha is 0; `loss.dim` numbers.
 * @param thetaB Where alpha is 1; `loss.dim` numbers.
 * @param options.span By default [−0.5, 1.5]: half the distance beyond both ends, which shows how sharp they are.
 * @param options.points 51 by default; with few of them (and in long spans) the line has up to two more.
 * @param options.labels Names of the ends for the figure; A and B by default.
 * @param options.onProgress Called with `{ done, total }` points.
 * @param options.signal Aborts: the AbortError's `partial` is the slice so far, NaN where it is not computed.
 * @throws RangeError when an end has the wrong length or is not finite, or span or points make no line; TypeError when
 *   an end is no typed array, and for unknown options.
 * @example
 * ```ts
 * import { analytic, interpolate } from 'losslab';
 * const loss = analytic.twoMinima();
 * const line = await interpolate(loss, Float64Array.of(-1, 0), Float64Array.of(1, 0), { labels: ['sharp', 'wide'] });
 * console.log(line.values[line.alpha.indexOf(0)], line.values[line.alpha.indexOf(1)]); // 0 0
 * ```
 */
export async function interpolate<A extends Vector>(
  loss: Loss<A>,
  thetaA: Vector,
  thetaB: Vector,
  options: InterpolateOptions = {},
): Promise<Slice1D<A>> {
  checkLoss(loss);
  checkOptions(options, OPTIONS);
  const { span = [-0.5, 1.5], points = 51, labels = ['A', 'B'] } = options;
  checkPoints(points);
  checkSpan(span);
  checkPoint(loss.layout, thetaA, 'thetaA');
  checkPoint(loss.layout, thetaB, 'thetaB');
  const at = inTypeOf(loss, thetaA);
  const end = inTypeOf(loss, thetaB);
  const way = difference(end, at);
  const marks = labels.map((label, alpha) => ({ alpha, label })).filter(({ alpha }) => within(alpha, span));
  const alpha = marks.reduce((grid, mark) => withPoint(grid, mark.alpha), linspace(span, points));
  const ends = [await loss.evaluate(at), await loss.evaluate(end)];
  return longWork({ label: 'interpolate', total: alpha.length }, options, (work) =>
    scan(
      loss,
      { at, directions: [way], count: alpha.length, coefficients: (i) => [alpha[i]!] },
      (result) => ({
        kind: 'slice1d',
        alpha,
        ...atEnds(result, alpha, ends),
        direction: inTypeOf(loss, way),
        description: `straight line from ${labels[0]} to ${labels[1]}`,
        label: `α (0: ${labels[0]}, 1: ${labels[1]})`,
        at,
        loss: loss.description,
        marks,
      }),
      work,
    ),
  );
}

function within(alpha: number, [low, high]: Span): boolean {
  return low <= alpha && alpha <= high;
}

/** Moves the nearest point of the grid onto alpha; adds one where that is an end of the span, or stands at 0 already. */
function withPoint(grid: Float64Array, alpha: number): Float64Array {
  if (grid.includes(alpha)) return grid;
  const distances = grid.map((x) => Math.abs(x - alpha));
  const nearest = distances.indexOf(Math.min(...distances));
  const inner = nearest > 0 && nearest < grid.length - 1;
  const others = inner && grid[nearest] !== 0 ? grid.filter((_, i) => i !== nearest) : grid;
  return Float64Array.from([...others, alpha]).sort();
}

/** θ_A + 1·(θ_B − θ_A) is rounded: at the ends stand the losses of θ_A and θ_B themselves. */
function atEnds(result: Scan, alpha: Float64Array, ends: Record<string, number>[]): Scan {
  ends.forEach((end, which) => {
    const i = alpha.indexOf(which);
    if (i < 0) return;
    for (const [name, list] of Object.entries({ loss: result.values, ...result.metrics }))
      list[i] = end[name] ?? Number.NaN;
  });
  return result;
}
