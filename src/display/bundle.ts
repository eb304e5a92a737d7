import { FIGURE_MIME, type Figure, validateFigure } from '../figure';
import { pngOf } from './png';
import { toSvg } from './svg';
import { toText } from './text';

/** One result in the forms that front ends choose from, by MIME type. */
export type MimeBundle = Record<string, unknown>;

/**
 * A figure in all its forms: JSON for the losslab extension, PNG for static viewers, text for terminals.
 *
 * @param figure What `contour`, `line` … return, or its JSON.
 * @returns `{ 'application/vnd.losslab.figure.v1+json', 'image/png' (base64), 'text/plain' }`.
 * @throws TypeError that names the path of what cannot be drawn.
 *
 * @example
 * ```ts
 * import { sharpness, toMimeBundle } from 'losslab';
 *
 * const figure = sharpness({ rho: [0.01, 0.1, 1], sharpness: [0.0001, 0.01, 1] });
 * const bundle = toMimeBundle(figure);
 * Object.keys(bundle); // three MIME types
 * ```
 */
export function toMimeBundle(figure: Figure): MimeBundle {
  validateFigure(figure);
  return { [FIGURE_MIME]: figure, 'image/png': pngOf(toSvg(figure)), 'text/plain': toText(figure) };
}
