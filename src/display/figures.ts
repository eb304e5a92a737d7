// The figure builders as a notebook user meets them: what they return shows itself.

import type { Figure, LineInput, PlaneInput, SharpnessInput } from '../figure';
import * as build from '../figure';
import { displayable, type ShownFigure } from './displayable';

/**
 * Contour lines of the loss over one plane, or over several side by side, which then share colours, levels and span.
 *
 * Levels are logarithmic when max/min > 50 and no loss is negative (else linear), 12 to 20 of them, clipped at the
 * 99th percentile. A run is projected by least squares, (α, β) = argmin ‖θ − at − α·d₁ − β·d₂‖, and drawn in every
 * plane that holds it.
 *
 * @param planes What `lossSlice2D` returns, or up to 12 of them by name.
 * @param options.paths What `minimize` returned, by name; at most 8. Default: none.
 * @param options.scale Colours `'linear'` or `'log'`. Default: by the rule above.
 * @param options.title Title of a single plane; several carry their names. Default: none.
 * @param options.columns Panels in a row. Default: at most 3, what a notebook's width holds.
 * @param options.caption A sentence put before the caption, such as a SAM radius. Default: none.
 * @throws TypeError for what is not a slice and for unknown options; RangeError for lists that do not match, for
 *   losses none of which is finite, and for a path that no plane holds (share of its squared length < 0.5).
 * @see Li et al. 2018, arXiv 1712.09913
 *
 * @example
 * ```ts
 * import { analytic, contour, lossSlice2D, show } from 'losslab';
 *
 * const loss = analytic.quadratic([1, 10]);
 * const plane = await lossSlice2D(loss, loss.params(), { points: 21 });
 * await show(contour(plane));
 * ```
 */
export function contour(
  planes: PlaneInput | Record<string, PlaneInput>,
  options: build.PlaneOptions = {},
): ShownFigure {
  return displayable(build.contour(planes, options));
}

/**
 * The loss over one plane, or several side by side, as surfaces in 3D; scale, clipping and paths as in {@link contour}.
 * In a PNG a surface is its contour.
 *
 * @param planes What `lossSlice2D` returns, or up to 12 of them by name.
 * @param options Those of {@link contour}, with the same defaults.
 * @throws What {@link contour} throws.
 * @see Li et al. 2018, arXiv 1712.09913
 *
 * @example
 * ```ts
 * import { analytic, lossSlice2D, show, surface } from 'losslab';
 *
 * const loss = analytic.saddle();
 * const plane = await lossSlice2D(loss, loss.params(), { points: 21 });
 * await show(surface(plane, { title: 'A saddle' }));
 * ```
 */
export function surface(
  planes: PlaneInput | Record<string, PlaneInput>,
  options: build.PlaneOptions = {},
): ShownFigure {
  return displayable(build.surface(planes, options));
}

/**
 * The loss along a line, or along several by name, with accuracy in a box of its own below when it was measured.
 *
 * @param slices What `lossSlice1D` or `interpolate` returns, or up to 12 of them by name.
 * @param options.scale Loss axis `'linear'` or `'log'`. Default: log beyond two decades (max/min > 100) of positive losses.
 * @param options.title Above the plot. Default: none.
 * @param options.caption A sentence put before the caption. Default: none.
 * @throws TypeError for what is not a slice and for unknown options; RangeError for lists that do not match or hold
 *   no finite loss, and for a log scale without a positive loss.
 * @see Goodfellow et al. 2015, arXiv 1412.6544 (interpolation between solutions)
 *
 * @example
 * ```ts
 * import { analytic, interpolate, line, show } from 'losslab';
 *
 * const loss = analytic.quadratic([1, 10]);
 * const between = await interpolate(loss, Float64Array.of(-1, 0), Float64Array.of(1, 0.5), { points: 21 });
 * await show(line(between));
 * ```
 */
export function line(
  slices: LineInput | Record<string, LineInput>,
  options: build.LineOptions = {},
): ShownFigure {
  return displayable(build.line(slices, options));
}

/**
 * Sharpness, max L(θ + ε) − L(θ) over ‖ε‖ ≤ ρ, against the radius ρ, with the range over starts as a band.
 *
 * On log–log axes a quadratic minimum is a line of slope 2 (ρ²λmax/2), a point with a gradient one of slope 1 (ρ‖g‖).
 *
 * @param curves What `sharpnessCurve` returns, or up to 12 of them by name.
 * @param options.scale Both axes `'linear'` or `'log'`. Default: log when at least two points have ρ > 0 and sharpness > 0.
 * @param options.title Above the plot. Default: none.
 * @param options.caption A sentence put before the caption. Default: none.
 * @throws TypeError for what is not a curve and for unknown options; RangeError for lists that do not match or hold
 *   nothing finite, and for a log scale without a positive sharpness.
 * @see Foret et al. 2021, arXiv 2010.01412
 *
 * @example
 * ```ts
 * import { sharpness, show } from 'losslab';
 *
 * const rho = [0.01, 0.1, 1];
 * await show(sharpness({ sharp: { rho, sharpness: [0.001, 0.1, 10] }, flat: { rho, sharpness: [0.0001, 0.01, 1] } }));
 * ```
 */
export function sharpness(
  curves: SharpnessInput | Record<string, SharpnessInput>,
  options: build.SharpnessOptions = {},
): ShownFigure {
  return displayable(build.sharpness(curves, options));
}

/**
 * Figures side by side as one; panels that show the same quantity come to share range, span, scale and levels.
 *
 * @param figures At least one; at most 12 panels in all.
 * @param options.columns Panels in a row. Default: at most 3, what a notebook's width holds.
 * @param options.caption A sentence put before the captions of the figures. Default: none.
 * @throws TypeError for what is not a figure and for unknown options; RangeError for none, or for more than 12 panels.
 *
 * @example
 * ```ts
 * import { grid, sharpness, show } from 'losslab';
 *
 * const rho = [0.01, 0.1, 1];
 * const left = sharpness({ rho, sharpness: [0.001, 0.1, 10] }, { title: 'sharp' });
 * const right = sharpness({ rho, sharpness: [0.0001, 0.01, 1] }, { title: 'flat' });
 * await show(grid([left, right]));
 * ```
 */
export function grid(figures: Figure[], options: build.GridOptions = {}): ShownFigure {
  return displayable(build.grid(figures, options));
}
