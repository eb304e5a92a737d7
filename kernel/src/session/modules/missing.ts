import { existsSync } from 'node:fs';
import path from 'node:path';

/** A module that a cell asks for and that is not there. */
export class ModuleNotFoundError extends Error {
  override readonly name = 'ModuleNotFoundError';
  readonly code = 'ERR_MODULE_NOT_FOUND';
}

/** `./x`, `../x`, `/x`: a file, not a package. */
export function isPath(specifier: string): boolean {
  return (
    /^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..' || path.isAbsolute(specifier)
  );
}

/** `@scope/name/deep/file` → `@scope/name`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** What to say when nothing was found; Node's own words when it knows more than that something is missing. */
export function missing(specifier: string, folder: string, cause: unknown): unknown {
  if (!isNotFound(cause)) return cause;
  if (isPath(specifier) || specifier.startsWith('file:')) return missingFile(specifier, folder);
  const name = packageOf(specifier);
  if (isInstalled(name, folder) || specifier.startsWith('#')) return cause;
  return new ModuleNotFoundError(
    `Cannot find package '${name}' from ${folder} upwards. To install it there: npm i ${name}`,
  );
}

function isNotFound(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return (
    code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT'
  );
}

const UNCOMPILED = ['.ts', '.tsx', '.mts', '/index.ts'];

function missingFile(specifier: string, folder: string): ModuleNotFoundError {
  const file = path.resolve(folder, specifier);
  const source = UNCOMPILED.map((end) => file + end).find((candidate) => existsSync(candidate));
  if (source !== undefined) return uncompiled(specifier, source);
  return new ModuleNotFoundError(
    `Cannot find '${specifier}': there is no such file in ${path.dirname(file)}`,
  );
}

/** TypeScript is compiled with the cell that names it. */
export function uncompiled(specifier: string, source: string): ModuleNotFoundError {
  const name = path.basename(source);
  return new ModuleNotFoundError(
    `Cannot load '${specifier}': ${name} was not compiled with this cell, because the cell does not name it. ` +
      `Import it with its name written out: import … from './${name.replace(/\.\w+$/, '')}'`,
  );
}

function isInstalled(name: string, folder: string): boolean {
  for (let place = folder; ; place = path.dirname(place)) {
    if (existsSync(path.join(place, 'node_modules', name))) return true;
    if (place === path.dirname(place)) return false;
  }
}
