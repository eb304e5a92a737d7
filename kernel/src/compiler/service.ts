/**
 * One LanguageService for all cells. Cells are files that exist only here; what they import lies on the disk.
 *
 * A program with the root files and imports of the one before is made from it in a third of the time. So the names of
 * the cells to come are root files already, empty until their cell is there, and cells see each other without imports
 * (`cells.ts`).
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { newRegistry, PARSED, withComments } from './jsdoc';
import { type Configuration, readConfiguration } from './options';
import { Resolution } from './resolution';
import { ts } from './typescript';

export interface ServiceOptions {
  /** The notebook's folder, absolute. */
  cwd: string;
  /** The kernel's own `node_modules/@types`. */
  ownTypes?: string | undefined;
  /** The ambient declarations of the kernel's names. */
  globals?: string | undefined;
  /** Parsed files to start with: made by `newRegistry` (`jsdoc.ts`). */
  registry?: ts.DocumentRegistry | undefined;
}

interface Virtual {
  version: string;
  snapshot: ts.IScriptSnapshot;
}

/** So many cells share one list of root files. */
const BLOCK = 64;
const EMPTY: Virtual = { version: '0', snapshot: ts.ScriptSnapshot.fromString('declare global {}\n') };

export class Service {
  readonly cwd: string;
  readonly languageService: ts.LanguageService;
  readonly #options: ServiceOptions;
  readonly #names = new Map<number, string>();
  readonly #virtual = new Map<string, Virtual>();
  /** Versions of files on the disk, looked up once a round, and their texts. */
  readonly #versions = new Map<string, string>();
  readonly #texts = new Map<string, Virtual>();
  #roots: string[] = [];
  /** Files that are cells, or will be. */
  #slots: ReadonlySet<string> = new Set();
  #block = -1;
  #edits = 0;
  #configuration: Configuration;
  #configurationVersion: string;
  #resolution: Resolution;

  constructor(options: ServiceOptions) {
    this.cwd = options.cwd;
    this.#options = options;
    this.#configuration = readConfiguration(options.cwd, options.ownTypes);
    this.#configurationVersion = this.#stampConfiguration();
    this.#resolution = new Resolution(options.cwd, this.#configuration.options);
    this.#chooseRoots(0);
    this.languageService = withComments(
      ts.createLanguageService(this.#host(), options.registry ?? newRegistry()),
    );
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  get resolution(): Resolution {
    return this.#resolution;
  }

  /** The file of a cell. Cell 0 is for what is not run: completion, hovering. */
  cellFile(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    let file = path.join(this.cwd, `cell-${id}.ts`);
    // A file of the user's own that is called so keeps its name.
    while (ts.sys.fileExists(file)) file = file.replace(/\.ts$/, '_.ts');
    this.#names.set(id, file);
    return file;
  }

  /** Looks anew at the files on the disk. True when a tsconfig.json has changed: nothing that was found out counts. */
  beginRound(): boolean {
    this.#versions.clear();
    this.#edits += 1;
    const stamp = this.#stampConfiguration();
    if (stamp === this.#configurationVersion) return false;
    this.#configuration = readConfiguration(this.cwd, this.#options.ownTypes);
    this.#configurationVersion = this.#stampConfiguration();
    this.#resolution = new Resolution(this.cwd, this.#configuration.options);
    return true;
  }

  setCell(id: number, text: string): string {
    const file = this.cellFile(id);
    if (Math.floor(id / BLOCK) > this.#block) this.#chooseRoots(Math.floor(id / BLOCK));
    this.#edits += 1;
    this.#virtual.set(file, { version: `${this.#edits}`, snapshot: ts.ScriptSnapshot.fromString(text) });
    return file;
  }

  deleteCell(id: number): void {
    const file = this.cellFile(id);
    this.#virtual.delete(file);
    this.#edits += 1;
  }

  /** The program as of now. Only good until the next change. */
  program(): ts.Program {
    return this.languageService.getProgram()!;
  }

  /** A version of a file: it changes when the file does. Files in node_modules are taken to stay as they are. */
  version(file: string): string {
    const known = this.#versions.get(file);
    if (known !== undefined) return known;
    const version = file.includes('/node_modules/')
      ? '1'
      : `${stamp(file)}${this.#resolution.failures(file)}`;
    this.#versions.set(file, version);
    return version;
  }

  /** A file's text as of this round. */
  text(file: string): string | undefined {
    const snapshot = this.#onDisk(file)?.snapshot;
    return snapshot?.getText(0, snapshot.getLength());
  }

  #isCell(file: string): boolean {
    return this.#virtual.has(file) || this.#slots.has(file);
  }

  #chooseRoots(block: number): void {
    this.#block = block;
    const slots = Array.from({ length: BLOCK }, (_, at) => this.cellFile(block * BLOCK + at));
    const { globals } = this.#options;
    const ambient = globals !== undefined && ts.sys.fileExists(globals) ? [globals] : [];
    this.#slots = new Set([this.cellFile(0), ...slots, ...this.#virtual.keys()]);
    this.#roots = [...ambient, ...this.#slots];
  }

  #stampConfiguration(): string {
    return this.#configuration.files.map(stamp).join();
  }

  #virtualFile(file: string): Virtual | undefined {
    return this.#virtual.get(file) ?? (this.#isCell(file) ? EMPTY : undefined);
  }

  /** TypeScript asks for every file in every round. */
  #onDisk(file: string): Virtual | undefined {
    const version = this.version(file);
    const known = this.#texts.get(file);
    if (known?.version === version) return known;
    const text = ts.sys.readFile(file);
    if (text === undefined) return undefined;
    const read = { version, snapshot: ts.ScriptSnapshot.fromString(text) };
    this.#texts.set(file, read);
    return read;
  }

  #host(): ts.LanguageServiceHost & Pick<ts.CompilerHost, 'getModuleResolutionCache'> {
    const { sys } = ts;
    return {
      getCompilationSettings: () => this.#configuration.options,
      jsDocParsingMode: PARSED,
      getProjectVersion: () => `${this.#edits}`,
      getScriptFileNames: () => this.#roots,
      getScriptVersion: (file) => this.#virtualFile(file)?.version ?? this.version(file),
      getScriptSnapshot: (file) => {
        return (this.#virtualFile(file) ?? this.#onDisk(file))?.snapshot;
      },
      getCurrentDirectory: () => this.cwd,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
      fileExists: (file) => this.#virtualFile(file) !== undefined || sys.fileExists(file),
      readFile: sys.readFile,
      readDirectory: sys.readDirectory,
      directoryExists: sys.directoryExists,
      getDirectories: sys.getDirectories,
      ...(sys.realpath ? { realpath: sys.realpath } : {}),
      getModuleResolutionCache: () => this.#resolution.cache,
      resolveModuleNameLiterals: (literals, containing, _redirect, options, source) =>
        literals.map((literal) => this.#resolution.resolve(literal, containing, options, source)),
    };
  }
}

function stamp(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? 'none' : `${stats.mtimeMs}-${stats.size}`;
}
