/** What helps when a module is not found. */
import path from 'node:path';
import type { Service } from './service';
import { lookedFor, ts } from './typescript';

/** "Cannot find module", of imports of values, of JSON and of nothing but the module. */
export const NOT_FOUND: ReadonlySet<number> = new Set([2307, 2732, 2792, 2882]);

/** The `npm i` that would help, what the package lacks, how the file is read, or the files that were looked for. */
export function helpWithModule(specifier: string, from: string, service: Service): string | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return helpWithPackage(specifier, from);
  return asText(specifier, from, service) ?? tried(specifier, from, service);
}

function helpWithPackage(specifier: string, from: string): string | undefined {
  const [, name, part] = /^(@[^/]+\/[^/]+|[^@#./:][^/:]*)(?:\/(.*))?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  if (!isInstalled(name, path.dirname(from)))
    return `If it is a package that is not installed: npm i ${name}`;
  return part
    ? `${name} is installed, but has nothing to import under ${part}`
    : `${name} is installed, but says of nothing in it that it can be imported`;
}

function isInstalled(name: string, folder: string): boolean {
  const above = path.dirname(folder);
  if (ts.sys.directoryExists(path.join(folder, 'node_modules', name))) return true;
  return above !== folder && isInstalled(name, above);
}

const CODE = /\.([cm]?[jt]sx?|node|wasm)$/;

/** A file that is there, and is no code. */
function asText(specifier: string, from: string, { cwd }: Service): string | undefined {
  const target = path.resolve(path.dirname(from), specifier);
  if (CODE.test(target) || !ts.sys.fileExists(target)) return undefined;
  const name = path.relative(cwd, target);
  return `It is a file, but no code: import fs from 'node:fs', and fs.readFileSync('${name}', 'utf8') is its text`;
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
