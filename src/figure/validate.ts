import { FIGURE_VERSION, type Figure, LIMITS } from './schema';
import { validateLinePanel } from './validateLine';
import { validatePlanePanel } from './validatePlane';
import { fail, list, object, oneOf, text, whole } from './validators';

const KINDS = ['line', 'contour', 'surface', 'sharpness', 'grid'];

/**
 * Checks that JSON of unknown origin is a figure that can be drawn; an untrusted notebook may hold anything.
 *
 * @param json What stands under the MIME type in a notebook.
 * @returns The same object.
 * @throws TypeError that names the path: `panels[0].values: expected 2601 numbers, got 2600`.
 *
 * @example
 * ```ts
 * import { sharpness, validateFigure } from 'losslab';
 *
 * const saved = JSON.stringify(sharpness({ rho: [0.01, 0.1], sharpness: [0.0001, 0.01] }));
 * const figure = validateFigure(JSON.parse(saved));
 * figure.kind; // 'sharpness'
 * ```
 */
export function validateFigure(json: unknown): Figure {
  const figure = object('figure', json);
  if (figure.version !== FIGURE_VERSION)
    fail(
      'version',
      `${FIGURE_VERSION}`,
      `${describeVersion(figure.version)}; install the losslab that wrote it`,
    );
  const kind = oneOf('kind', figure.kind, KINDS);
  text('caption', figure.caption);
  if (figure.columns !== undefined) whole('columns', figure.columns, 1, LIMITS.panels);
  const panels = list('panels', figure.panels, 1, kind === 'grid' ? LIMITS.panels : 1);
  panels.forEach((panel, i) => {
    validatePanel(`panels[${i}]`, panel, kind);
  });
  return json as Figure;
}

function validatePanel(path: string, json: unknown, figureKind: string): void {
  const panel = object(path, json);
  const kind = oneOf(`${path}.kind`, panel.kind, figureKind === 'grid' ? KINDS.slice(0, 4) : [figureKind]);
  if (panel.title !== undefined) text(`${path}.title`, panel.title);
  if (kind === 'contour' || kind === 'surface') validatePlanePanel(path, panel);
  else validateLinePanel(path, panel);
}

function describeVersion(version: unknown): string {
  return typeof version === 'number' ? String(version) : 'none';
}
