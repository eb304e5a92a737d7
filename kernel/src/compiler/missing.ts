/** What helps when a module is not found. */
import path from 'node:path';
import type { Missed } from './missed';
import { helpWithName, NO_NAME } from './missingNames';
import type { Service } from './service';
import { lookedFor, ts } from './typescript';

/** "Cannot find module", of imports of values, of JSON and of nothing but the module. */
const NOT_FOUND: ReadonlySet<number> = new Set([2307, 2732, 2792, 2882]);

/** The diagnostic with the `npm i` that would help, or with the files that were looked for. */
export function withHelp(diagnostic: ts.Diagnostic, service: Service, missed: Missed): ts.Diagnostic {
  const { code, file, start, length, messageText } = diagnostic;
  if (file === undefined || start === undefined) return diagnostic;
  const named = file.text.slice(start, start + (length ?? 0));
  const help = NO_NAME.has(code)
    ? (missed.help(named) ?? helpWithName(named, file.text, start))
    : NOT_FOUND.has(code)
      ? helpWithModule(named.replace(/^['"`]|['"`]$/g, ''), file.fileName, service)
      : undefined;
  const said = ts.flattenDiagnosticMessageText(messageText, '\n');
  return help === undefined ? diagnostic : { ...diagnostic, messageText: `${said}\n  ${help}` };
}

function helpWithModule(specifier: string, from: string, service: Service): string | undefined {
  return /^\.{0,2}\//.test(specifier) ? tried(specifier, from, service) : install(specifier);
}

function install(specifier: string): string | undefined {
  const name = /^(@[^/]+\/[^/]+|[^@#./:][^/:]*)(\/|$)/.exec(specifier)?.[1];
  return name && `If it is a package that is not installed: npm i ${name}`;
}

/** TypeScript tries many names of folders and package.json files: those of the path itself say enough. */
function tried(specifier: string, from: string, service: Service): string | undefined {
  const { options } = service.configuration;
  const target = path.resolve(path.dirname(from), specifier);
  // TypeScript takes `./a.ts` for `./a.ts.ts` too: nobody means that.
  const more = /\.[cm]?[jt]sx?$/.test(target) ? `${target}.` : undefined;
  const files = lookedFor(service.resolution.find(specifier, from, options))
    .filter((file) => path.dirname(file) === path.dirname(target))
    .filter((file) => more === undefined || !file.startsWith(more))
    .map((file) => path.relative(service.cwd, file));
  return files.length === 0 ? undefined : `Looked for ${[...new Set(files)].join(', ')}`;
}
