import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { toDisplayOf } from '../display/mime';
import type { Channel } from '../session/channel';

/** tslab's `Display`: one method for each kind of content. */
export interface TslabDisplay {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array): void;
}

/** What `import * as tslab from 'tslab'` gives in a cell. */
export interface Tslab {
  readonly versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
  newDisplay(): TslabDisplay;
  readonly display: TslabDisplay;
}

/** The release of tslab whose public API this is. */
const VERSION = '1.0.22';

/** tslab's public API on this kernel's channel. */
export function tslabModule(channel: Channel): Tslab {
  return {
    versions: { tslab: VERSION, typescript: typescriptVersion(), node: process.version },
    newDisplay: () => rewritten(channel),
    display: displays((type, content) => {
      channel.publish({ kind: 'display', update: false, display: only(type, content) });
    }),
  };
}

/** Of the TypeScript that compiles the cells; read from its manifest, as it runs in another process. */
function typescriptVersion(): string {
  const manifest = createRequire(__filename).resolve('typescript/package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** One display: the first call adds it, later ones change it. */
function rewritten(channel: Channel): TslabDisplay {
  const id = randomUUID();
  let update = false;
  return displays((type, content) => {
    channel.publish({ kind: 'display', update, display: only(type, content), id });
    update = true;
  });
}

function only(type: string, content: string | Uint8Array): ReturnType<typeof toDisplayOf> {
  return toDisplayOf('tslab.display', { [type]: content });
}

type Raw = (contentType: string, content: string | Uint8Array) => void;

function displays(raw: Raw): TslabDisplay {
  const as =
    <T extends string | Uint8Array>(type: string): ((content: T) => void) =>
    (content) =>
      raw(type, content);
  return {
    raw,
    javascript: as('text/javascript'),
    html: as('text/html'),
    markdown: as('text/markdown'),
    latex: as('text/latex'),
    svg: as('image/svg+xml'),
    png: as('image/png'),
    jpeg: as('image/jpeg'),
    gif: as('image/gif'),
    pdf: as('application/pdf'),
    text: as('text/plain'),
  };
}
