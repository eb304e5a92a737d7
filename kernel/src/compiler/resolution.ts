/** Where the modules that cells import lie. What was found stays; what was not is looked for again, as `npm i` may have run. */
import { ts } from './typescript';

type Resolved = ts.ResolvedModuleWithFailedLookupLocations;

export class Resolution {
  readonly #host: ts.ModuleResolutionHost;
  /** What is known of packages, for TypeScript's own look-ups too. */
  readonly cache: ts.ModuleResolutionCache;
  /** The relative imports of a file, as it was looked at last. */
  readonly #failures = new Map<string, Set<string>>();
  #failed = 0;

  constructor(cwd: string, options: ts.CompilerOptions) {
    const { sys } = ts;
    this.#host = {
      fileExists: sys.fileExists,
      readFile: sys.readFile,
      directoryExists: sys.directoryExists,
      getDirectories: sys.getDirectories,
      ...(sys.realpath ? { realpath: sys.realpath } : {}),
      useCaseSensitiveFileNames: sys.useCaseSensitiveFileNames,
    };
    const canonical = (name: string) => (sys.useCaseSensitiveFileNames ? name : name.toLowerCase());
    this.cache = ts.createModuleResolutionCache(cwd, canonical, options);
  }

  resolve(
    literal: ts.StringLiteralLike,
    containing: string,
    options: ts.CompilerOptions,
    source: ts.SourceFile,
  ): Resolved {
    const mode = ts.getModeForUsageLocation(source, literal, options);
    const found = this.find(literal.text, containing, options, mode);
    if (!source.isDeclarationFile) this.#note(containing, literal.text, found);
    return found;
  }

  /** What a specifier means in a file. */
  find(
    specifier: string,
    containing: string,
    options: ts.CompilerOptions,
    mode?: ts.ResolutionMode,
  ): Resolved {
    const look = (cache?: ts.ModuleResolutionCache) =>
      ts.resolveModuleName(specifier, containing, options, this.#host, cache, undefined, mode);
    const isOwn = !containing.includes('/node_modules/');
    // The cache knows by folder what a relative path means, too: but a notebook's neighbours come and go.
    if (isOwn && /^\.{0,2}\//.test(specifier)) return look();
    const found = look(this.cache);
    if (found.resolvedModule !== undefined || !isOwn || containing.endsWith('.d.ts')) return found;
    this.cache.clear();
    return look(this.cache);
  }

  /** A mark that changes as long as a file imports what was not found, so that it is looked at again. */
  failures(file: string): string {
    if (!this.#failures.has(file)) return '';
    this.#failures.delete(file);
    this.#failed += 1;
    return `-${this.#failed}`;
  }

  #note(file: string, specifier: string, { resolvedModule }: Resolved): void {
    if (resolvedModule !== undefined || specifier.startsWith('node:')) return;
    const failures = this.#failures.get(file) ?? new Set();
    this.#failures.set(file, failures.add(specifier));
  }
}
