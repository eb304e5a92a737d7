import type { Figure } from '../figure';
import { type MimeBundle, toMimeBundle } from './bundle';

/** Where Jupyter front ends for JavaScript (Deno's, ours) look for a MIME bundle. */
export const DISPLAY: unique symbol = Symbol.for('Jupyter.display') as never;

/** Something that knows how to show itself in a notebook. */
export interface Displayable {
  [DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

/** A figure that shows itself as the last expression of a cell. */
export type ShownFigure = Figure & { [DISPLAY](): MimeBundle };

/** Adds the symbol, not enumerable, so that the figure stays plain JSON. */
export function displayable(figure: Figure): ShownFigure {
  return Object.defineProperty(figure, DISPLAY, { value: () => toMimeBundle(figure) }) as ShownFigure;
}

export function isDisplayable(x: unknown): x is Displayable {
  return typeof x === 'object' && x !== null && typeof (x as Partial<Displayable>)[DISPLAY] === 'function';
}
