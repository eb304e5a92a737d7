import type { Directions } from '../directions/types';
import { checkLoss, type Loss } from '../loss';
import { checkOptions } from '../options';
import { checkPoint } from '../params';
import { type LongWork, longWork } from '../progress';
import type { Vector } from '../vector';
import { planeOf } from './plane';
import { scan } from './scan';
import { linspace, pointsPair, type Span, spanPair } from './span';
import type { Slice2D } from './types';

export interface Slice2DOptions extends LongWork {
  /** Such as `trajectoryPca(run)`, or two vectors of `loss.dim` numbers. */
  directions?: Directions | readonly [Vector, Vector];
  /** [low, high] of both axes, or one for each. */
  span?: Span | readonly [Span, Span];
  /** Along both axes, or one for each. */
  points?: number | readonly [number, number];
  /** Of the default directions. */
  seed?: number;
}

const OPTIONS = ['directions', 'span', 'points', 'seed', 'onProgress', 'signal'] as const;

/**
 * The loss over a plane through θ: values[j·nx + i] = L(θ + alpha[i]·d₁ + beta[j]·d₂).
 *
 * A loss of two parameters without `directions` is drawn over its own axes: alpha and beta are the parameters, the origin is
 * (0, 0) and `center` says where θ lies.
 *
 * @param loss The loss; the model behind it is not moved.
 * @param theta The point in question; `loss.dim` numbers.
 * @param options.directions By default two filter-normalised random directions (arXiv 1712.09913), of a loss of two
 *   parameters its own axes.
 * @param options.span By default the span the directions bring along (trajectory PCA: the path's box; own axes: the
 *   loss's domain, else one unit around θ), else [−1, 1].
 * @param options.points 51 by default, as in the paper; odd, so that θ is among them.
 * @param options.seed Of the default directions; 0 by default.
 * @param options.onProgress Called with `{ done, total }` points.
 * @param options.signal Aborts: the AbortError's `partial` is the slice so far, NaN where it is not computed.
 * @throws RangeError when theta or a direction has the wrong length or is not finite, a direction is zero, or span or
 *   points make no plane; TypeError when they are no typed arrays, and for unknown options.
 * @example
 * ```ts
 * import { analytic, lossSlice2D } from 'losslab';
 * const loss = analytic.rosenbrock();
 * const plane = await lossSlice2D(loss, Float64Array.of(1, 1), { points: 41 });
 * console.log(plane.center, Math.min(...plane.values)); // [ 1, 1 ] 0
 * ```
 */
export async function lossSlice2D<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  options: Slice2DOptions = {},
): Promise<Slice2D<A>> {
  checkLoss(loss);
  checkOptions(options, OPTIONS);
  const [nx, ny] = pointsPair(options.points ?? 51);
  checkPoint(loss.layout, theta);
  const { directions, at, center, span } = planeOf(loss, theta, options.directions, options.seed ?? 0);
  const [spanX, spanY] = spanPair(options.span ?? span);
  const alpha = linspace(spanX, nx);
  const beta = linspace(spanY, ny);
  return longWork({ label: 'lossSlice2D', total: nx * ny }, options, (work) =>
    scan(
      loss,
      {
        at,
        directions: directions.vectors,
        count: nx * ny,
        coefficients: (i) => [alpha[i % nx]!, beta[Math.floor(i / nx)]!],
      },
      (result) => ({
        kind: 'slice2d',
        alpha,
        beta,
        ...result,
        directions,
        at,
        center,
        ...(directions.seed === undefined ? {} : { seed: directions.seed }),
        loss: loss.description,
      }),
      work,
    ),
  );
}
