import { withPlace } from './frames';
import type { Scripts } from './scripts';

type Prepare = NonNullable<typeof Error.prepareStackTrace>;

/**
 * Has `error.stack` name the user's own lines, whoever reads it, as Node's runners of TypeScript do. V8 asks when a stack
 * is read for the first time: errors that nobody reads cost nothing. Who puts another function there has what that makes.
 */
export function tellPlaces(scripts: Scripts): void {
  const plain: Prepare = Error.prepareStackTrace ?? asV8;
  Error.prepareStackTrace = (error, sites) => {
    const text: unknown = plain(error, sites);
    return typeof text === 'string' ? explained(text, sites.length, scripts) : text;
  };
}

/** The message is left as it is. */
function explained(text: string, frames: number, scripts: Scripts): string {
  if (frames === 0) return text;
  const lines = text.split('\n');
  const show = (line: string): string => withPlace(line, scripts);
  const shown = lines.splice(-frames).map((line) => scripts.told.shown(line, show));
  return [...lines, ...shown.filter((line) => line !== '')].join('\n');
}

/** What Node does on its own, where it does not say how. */
const asV8: Prepare = (error, sites) =>
  [Error.prototype.toString.call(error), ...sites.map((site) => `    at ${site}`)].join('\n');
