import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { type Namespace, namespaceOf } from './interop';

const nodeRequire = createRequire(__filename);

/** What tells one state of a file from the next. */
export function signatureOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'gone' : `${stat.mtimeMs}-${stat.size}`;
}

/** Files that the user edits while the session lives; packages are as they were when they were loaded. */
export function isOwn(file: string): boolean {
  return !file.split(path.sep).includes('node_modules');
}

/** Loads a module that Node can run as it is, once, however it is reached. */
export async function loadUrl(url: string, attributes?: ImportCallOptions): Promise<Namespace> {
  if (!url.startsWith('file:') || /[?#]/.test(url)) return asNamespace(await imported(url, attributes), url);
  const file = fileURLToPath(url);
  const end = path.extname(file);
  if (end === '.json' || end === '.node') return namespaceOf(nodeRequire(file));
  return asNamespace(await imported(url, attributes), url);
}

/** Node refuses options that are undefined on some versions and cells that give none are the rule. */
function imported(url: string, attributes: ImportCallOptions | undefined): Promise<Namespace> {
  return attributes === undefined ? import(url) : import(url, attributes);
}

/** Node's namespace; of a CommonJS module ours, around the one instance that `require` gives too. */
function asNamespace(namespace: Namespace, url: string): Namespace {
  if (!url.startsWith('file:')) return namespace;
  const exports = commonJsExports(fileURLToPath(url));
  return exports === undefined ? namespace : namespaceOf(exports.value);
}

function commonJsExports(file: string): { value: unknown } | undefined {
  const module = nodeRequire.cache[file];
  // Required ES modules lie in the cache too.
  if (module === undefined || types.isModuleNamespaceObject(module.exports)) return undefined;
  return { value: module.exports };
}

/**
 * Files of the user's own that Node runs. They are loaded anew when they have changed, and CommonJS modules also when
 * one that they require has.
 */
export class OwnFiles {
  readonly #folder: string;
  readonly #signatures = new Map<string, string>();
  readonly #urls = new Map<string, string>();
  #reloads = 0;

  /** @param folder What lies below it, or beside the file asked for, may change. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async load(file: string, attributes?: ImportCallOptions): Promise<Namespace> {
    const namespace = this.#requirable(file)
      ? this.require(file)
      : await loadUrl(this.#currentUrl(file), attributes);
    this.#note(file);
    return namespaceOf(namespace);
  }

  /** As `require(file)`, with what changed read again. */
  require(file: string): Namespace {
    this.refresh(file);
    const exports = nodeRequire(file) as Namespace;
    this.#note(file);
    return exports;
  }

  /** Forgets a CommonJS module when it, or one of the user's own that it requires, has changed. */
  refresh(file: string): void {
    this.#forget(file, path.dirname(file), new Map());
  }

  /** Whether Node runs this file as CommonJS: known once it has. */
  #requirable(file: string): boolean {
    return file.endsWith('.json') || file.endsWith('.node') || commonJsExports(file) !== undefined;
  }

  /** The ES loader never forgets: a changed file gets another address. */
  #currentUrl(file: string): string {
    const known = this.#urls.get(file);
    if (known !== undefined && this.#signatures.get(file) === signatureOf(file)) return known;
    const url = pathToFileURL(file).href + (known === undefined ? '' : `?v=${++this.#reloads}`);
    this.#urls.set(file, url);
    return url;
  }

  #isChangeable(file: string, folder: string): boolean {
    return isOwn(file) && (isBelow(file, folder) || isBelow(file, this.#folder));
  }

  #forget(file: string, folder: string, seen: Map<string, boolean>): boolean {
    const known = seen.get(file);
    if (known !== undefined) return known;
    seen.set(file, false);
    const module = nodeRequire.cache[file];
    // Native code is loaded once in a process's life.
    if (module === undefined || file.endsWith('.node')) return false;
    const recorded = this.#signatures.get(file);
    let stale = recorded !== undefined && recorded !== signatureOf(file);
    for (const child of module.children) {
      if (this.#isChangeable(child.filename, folder) && this.#forget(child.filename, folder, seen))
        stale = true;
    }
    seen.set(file, stale);
    if (stale) delete nodeRequire.cache[file];
    return stale;
  }

  #note(file: string): void {
    this.#noteTree(file, path.dirname(file), new Set());
  }

  #noteTree(file: string, folder: string, seen: Set<string>): void {
    if (seen.has(file)) return;
    seen.add(file);
    this.#signatures.set(file, signatureOf(file));
    for (const child of nodeRequire.cache[file]?.children ?? []) {
      if (this.#isChangeable(child.filename, folder)) this.#noteTree(child.filename, folder, seen);
    }
  }
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
