import { type Figure, validateFigure } from '../figure';
import { type MimeBundle, toMimeBundle } from './bundle';
import { DISPLAY, type Displayable, isDisplayable } from './displayable';
import { print, tslabSend } from './node';

/** What the losslab kernel puts on the global object. */
interface Kernel {
  display(bundle: MimeBundle, options: { raw: true }): unknown;
}

/**
 * Shows a figure where the program runs: in the losslab kernel and in stock tslab below the cell, in plain Node as text.
 *
 * @param what A figure, or anything with a `[Symbol.for('Jupyter.display')]()` that returns a MIME bundle.
 * @throws TypeError when it can not be shown.
 *
 * @example
 * ```ts
 * import { sharpness, show } from 'losslab';
 *
 * show(sharpness({ rho: [0.01, 0.1, 1], sharpness: [0.0001, 0.01, 1] }));
 * ```
 */
export async function show(what: Figure | Displayable): Promise<void> {
  const bundle = await bundleOf(what);
  const kernel = losslabKernel();
  if (kernel !== undefined) {
    await kernel.display(bundle, { raw: true });
    return;
  }
  const send = tslabSend();
  if (send !== undefined) send({ data: bundle, metadata: {}, transient: {} }, false);
  else print(String(bundle['text/plain'] ?? Object.keys(bundle).join(', ')));
}

function bundleOf(what: unknown): MimeBundle | Promise<MimeBundle> {
  if (isDisplayable(what)) return what[DISPLAY]();
  if (typeof what === 'object' && what !== null && 'panels' in what)
    return toMimeBundle(validateFigure(what));
  throw new TypeError(
    `show: expected a figure (what contour, surface, line, sharpness or grid return) or an object with ` +
      `[Symbol.for('Jupyter.display')](), got ${what === null ? 'null' : typeof what}`,
  );
}

function losslabKernel(): Kernel | undefined {
  const kernel = (globalThis as Record<symbol, unknown>)[Symbol.for('jupyter.kernel')] as
    | Partial<Kernel>
    | undefined;
  return typeof kernel?.display === 'function' ? (kernel as Kernel) : undefined;
}
