import { statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isPath, missing } from './missing';

type Resolve = (specifier: string, parent: string) => string;

/** The second argument counts with --experimental-import-meta-resolve alone, which our kernelspec sets. */
const RESOLVER = 'data:text/javascript,export default (name, parent) => import.meta.resolve(name, parent)';

let resolveAsNode: Resolve | undefined;
let ready: Promise<void> | undefined;

/** Gets Node's own resolver of ES modules, with its conditions; without the flag CommonJS's has to do. */
export function whenResolving(): Promise<void> {
  ready ??= import(RESOLVER).then((module: { default: Resolve }) => {
    if (hearsParent(module.default)) resolveAsNode = module.default;
  });
  return ready;
}

function hearsParent(resolve: Resolve): boolean {
  try {
    return resolve('./b', 'file:///a') === 'file:///b';
  } catch {
    return false;
  }
}

/**
 * The URL of what a file means by a specifier. More forgiving than Node where TypeScript's "bundler" resolution is:
 * files may leave out their extension, folders mean their index.
 * @throws ModuleNotFoundError, or what Node says of the package
 */
export function resolveFrom(specifier: string, parent: string): string {
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  if (isPath(specifier)) return resolvePath(specifier, parent);
  if (/^[a-z][a-z0-9+.-]+:/i.test(specifier) && !path.isAbsolute(specifier)) return specifier;
  return resolvePackage(specifier, parent);
}

function resolvePath(specifier: string, parent: string): string {
  const folder = path.dirname(parent);
  const [, plain = specifier, query = ''] = /^([^?#]*)(.*)$/s.exec(specifier) ?? [];
  try {
    if (isFile(path.resolve(folder, specifier))) return urlOf(path.resolve(folder, specifier), parent);
    return urlOf(path.resolve(folder, plain), parent) + query;
  } catch (error) {
    throw missing(specifier, folder, error);
  }
}

/** Links are followed, as Node does: a module has one name. */
function urlOf(file: string, parent: string): string {
  return pathToFileURL(createRequire(parent).resolve(file)).href;
}

function resolvePackage(specifier: string, parent: string): string {
  try {
    const url = resolveAsNode?.(specifier, pathToFileURL(parent).href);
    if (url !== undefined && (!url.startsWith('file:') || isFile(fileURLToPath(url)))) return url;
    return pathToFileURL(createRequire(parent).resolve(specifier)).href;
  } catch (error) {
    throw missing(specifier, path.dirname(parent), error);
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
