import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Neighbour } from '../../places/compiled';
import { isOwn, loadUrl, OwnFiles } from './files';
import { type Namespace, namespaceOf } from './interop';
import { isPath, missing } from './missing';
import { Neighbours } from './neighbours';
import { resolveFrom, whenResolving } from './resolve';

export interface ImporterOptions {
  /** Where the notebook lies: all is resolved from here, whatever `process.chdir` does. */
  cwd: string;
  /** Modules of the kernel's own, by their specifier: made when first asked for. */
  modules?: Record<string, () => object>;
  /** Called with every neighbour that is loaded, so that tracebacks can quote it. */
  onNeighbour?: (neighbour: Neighbour) => void;
}

/** What `import.meta` is in a module. */
export interface Meta {
  readonly url: string;
  readonly filename: string;
  readonly dirname: string;
  resolve(specifier: string): string;
}

/** Import attributes: those of a static import, or the second argument of a dynamic one. */
export type Attributes = ImportCallOptions | ImportAttributes;

/** How cells reach modules. */
export interface Importer {
  /** `import … from` and `import()`. */
  import(specifier: unknown, attributes?: Attributes): Promise<Namespace>;
  require: NodeJS.Require;
  /** `import.meta` of a cell. */
  meta: Meta;
  /** What cells see as `__filename`: nothing lies there. */
  filename: string;
  dirname: string;
  /** Takes the compiled files that came with a cell; they run when they are imported. */
  loadNeighbours(neighbours: readonly Neighbour[]): void;
}

/** Packages are found from the working folder as Node finds them, files of the user's own in their present state. */
export function createImporter(options: ImporterOptions): Importer {
  const loader = new Loader(options);
  const filename = path.join(options.cwd, 'notebook.ts');
  void whenResolving();
  return {
    import: (specifier, attributes) => loader.import(String(specifier), filename, optionsOf(attributes)),
    require: loader.requireOf(filename),
    meta: loader.metaOf(filename),
    filename,
    dirname: options.cwd,
    loadNeighbours: (neighbours) => loader.add(neighbours),
  };
}

function optionsOf(attributes: Attributes | undefined): ImportCallOptions | undefined {
  if (attributes === undefined || attributes === null) return undefined;
  return 'with' in attributes && typeof attributes.with === 'object'
    ? attributes
    : { with: attributes as ImportAttributes };
}

class Loader {
  readonly #options: ImporterOptions;
  readonly #made = new Map<string, object>();
  readonly #files: OwnFiles;
  readonly #neighbours: Neighbours;

  constructor(options: ImporterOptions) {
    this.#options = options;
    this.#files = new OwnFiles(options.cwd);
    this.#neighbours = new Neighbours({
      load: (specifier, parent, attributes) => this.#loadOutside(specifier, parent, attributes),
      metaOf: (file) => this.metaOf(file),
      scopeOf: (file) => ({
        require: this.requireOf(file),
        __filename: file,
        __dirname: path.dirname(file),
      }),
    });
  }

  add(neighbours: readonly Neighbour[]): void {
    this.#neighbours.add(neighbours);
    for (const neighbour of neighbours) this.#options.onNeighbour?.(neighbour);
  }

  async import(specifier: string, parent: string, attributes?: ImportCallOptions): Promise<Namespace> {
    const file = this.#neighbours.find(specifier, parent);
    if (file !== undefined) return this.#neighbours.load(file);
    return (await this.#loadOutside(specifier, parent, attributes)).namespace;
  }

  async #loadOutside(
    specifier: string,
    parent: string,
    attributes?: ImportCallOptions,
  ): Promise<{ namespace: Namespace; file?: string }> {
    const special = this.#special(specifier);
    if (special !== undefined) return { namespace: namespaceOf(special) };
    await whenResolving();
    const url = resolveFrom(specifier, parent);
    const file = ownFile(specifier, url);
    if (file === undefined) return { namespace: await loadUrl(url, attributes) };
    return { namespace: await this.#files.load(file, attributes), file };
  }

  #special(specifier: string): object | undefined {
    const { modules = {} } = this.#options;
    const make = Object.hasOwn(modules, specifier) ? modules[specifier] : undefined;
    if (make === undefined) return undefined;
    const made = this.#made.get(specifier) ?? make();
    this.#made.set(specifier, made);
    return made;
  }

  metaOf(file: string): Meta {
    const resolve = (specifier: string): string => {
      const neighbour = this.#neighbours.find(String(specifier), file);
      return neighbour === undefined ? resolveFrom(String(specifier), file) : pathToFileURL(neighbour).href;
    };
    const url = pathToFileURL(file).href;
    return Object.assign(Object.create(null), { dirname: path.dirname(file), filename: file, resolve, url });
  }

  /** `require` as CommonJS modules have it, from a file that need not exist. */
  requireOf(file: string): NodeJS.Require {
    const plain = createRequire(file);
    const load = (id: string): unknown => this.#special(id) ?? this.#required(id, file, plain);
    return Object.assign(load, plain);
  }

  #required(id: string, parent: string, plain: NodeJS.Require): unknown {
    const neighbour = typeof id === 'string' ? this.#neighbours.find(id, parent) : undefined;
    if (neighbour !== undefined) return this.#requiredNeighbour(id, neighbour);
    let found: string;
    try {
      found = plain.resolve(id);
    } catch (error) {
      throw typeof id === 'string' ? missing(id, path.dirname(parent), error) : error;
    }
    if (isBuiltin(found) || !isPath(id) || !isOwn(found)) return plain(id);
    return this.#files.require(found);
  }

  #requiredNeighbour(id: string, file: string): Namespace {
    const namespace = this.#neighbours.loaded(file);
    if (namespace !== undefined) return namespace;
    throw new Error(
      `require('${id}') cannot run ${path.basename(file)}, which is an ES module: import it first`,
    );
  }
}

/** A file that may change while the session lives: asked for by its path, not as a part of a package. */
function ownFile(specifier: string, url: string): string | undefined {
  if (!url.startsWith('file:') || /[?#]/.test(url)) return undefined;
  const file = fileURLToPath(url);
  const asked = isPath(specifier) || specifier.startsWith('file:');
  return asked && isOwn(file) ? file : undefined;
}
