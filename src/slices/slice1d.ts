import { filterNormalized } from '../directions';
import { inTypeOf } from '../directions/arithmetic';
import type { Directions } from '../directions/types';
import { checkLoss, type Loss } from '../loss';
import { checkOptions } from '../options';
import { checkPoint } from '../params';
import { type LongWork, longWork } from '../progress';
import type { Vector } from '../vector';
import { directionOf } from './direction';
import { scan } from './scan';
import { checkPoints, checkSpan, linspace, type Span } from './span';
import type { Slice1D } from './types';

export interface Slice1DOptions extends LongWork {
  /** A vector of `loss.dim` numbers, or directions of which the first is taken. */
  direction?: Vector | Directions;
  /** The first and the last alpha. */
  span?: Span;
  points?: number;
  /** Of the default direction. */
  seed?: number;
}

const OPTIONS = ['direction', 'span', 'points', 'seed', 'onProgress', 'signal'] as const;

/**
 * The loss along a line through θ: values[i] = L(θ + alpha[i]·d).
 *
 * @param loss The loss; the model behind it is not moved.
 * @param theta Where alpha is 0; `loss.dim` numbers.
 * @param options.direction One unit of alpha; by default a filter-normalised random direction (arXiv 1712.09913).
 * @param options.span By default the span the directions bring along, else [−1, 1]: with a filter-normalised
 *   direction, as far as the weights are long.
 * @param options.points How many; 51 by default, odd, so that alpha = 0 is among them.
 * @param options.seed Of the default direction; 0 by default.
 * @param options.onProgress Called with `{ done, total }` points.
 * @param options.signal Aborts: the AbortError's `partial` is the slice so far, NaN where it is not computed.
 * @throws RangeError when theta or direction has the wrong length or is not finite, the direction is zero, or span or
 *   points make no line; TypeError when they are no typed arrays, and for unknown options.
 * @example
 * ```ts
 * import { analytic, lossSlice1D } from 'losslab';
 * const slice = await lossSlice1D(analytic.saddle(), Float64Array.of(0, 0), { direction: Float64Array.of(0, 1) });
 * console.log(slice.values[25]); // 0, the loss at theta
 * ```
 */
export async function lossSlice1D<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  options: Slice1DOptions = {},
): Promise<Slice1D<A>> {
  checkLoss(loss);
  checkOptions(options, OPTIONS);
  const { points = 51 } = options;
  checkPoints(points);
  checkPoint(loss.layout, theta);
  const given = options.direction ?? filterNormalized(loss, theta, { seed: options.seed ?? 0, count: 1 });
  const directions = isDirections(given) ? given : ownDirection(given);
  const vector = directions.vectors[0];
  if (vector === undefined) throw new RangeError('direction must hold one vector, got none');
  const direction = directionOf(loss, vector, 'direction');
  const span = options.span ?? directions.span?.[0] ?? [-1, 1];
  checkSpan(span);
  const alpha = linspace(span, points);
  const at = inTypeOf(loss, theta);
  return longWork({ label: 'lossSlice1D', total: points }, options, (work) =>
    scan(
      loss,
      { at, directions: [direction], count: points, coefficients: (i) => [alpha[i]!] },
      (result) => ({
        kind: 'slice1d',
        alpha,
        ...result,
        direction,
        description: directions.description,
        label: directions.labels[0] ?? 'α',
        at,
        ...(directions.seed === undefined ? {} : { seed: directions.seed }),
        loss: loss.description,
        marks: span[0] <= 0 && span[1] >= 0 ? [{ alpha: 0, label: 'θ' }] : [],
      }),
      work,
    ),
  );
}

function isDirections(direction: Vector | Directions): direction is Directions {
  return typeof direction === 'object' && 'vectors' in direction;
}

function ownDirection(vector: Vector): Directions {
  return { vectors: [vector], description: 'given direction', labels: ['α (length of the direction)'] };
}
