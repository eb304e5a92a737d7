/** Compiler options: those of the nearest tsconfig.json, ours where it says nothing, and what a cell can not do without. */
import path from 'node:path';
import { ts } from './typescript';

export interface Configuration {
  options: ts.CompilerOptions;
  /** The tsconfig.json that was read, and what it extends. */
  files: string[];
  errors: readonly ts.Diagnostic[];
}

/** Libraries of the Node that runs: what a later one brought is not there for an earlier one. */
const LIBRARIES: readonly (readonly [since: number, names: readonly string[]])[] = [
  [20, ['es2024', 'esnext.disposable', 'esnext.decorators']],
  [22, ['es2025.collection', 'es2025.iterator', 'esnext.array']],
  [24, ['es2025', 'esnext.error']],
];

function libraries(): string[] {
  const major = Number.parseInt(process.versions.node, 10);
  return LIBRARIES.filter(([since]) => major >= since).flatMap(([, names]) =>
    names.map((name) => `lib.${name}.d.ts`),
  );
}

/** A notebook is for trying things: not `strict` unless its tsconfig.json says so. */
function defaults(cwd: string, ownTypes: string | undefined): ts.CompilerOptions {
  return {
    lib: libraries(),
    typeRoots: typeRoots(cwd, ownTypes),
    strict: false,
    skipLibCheck: true,
    resolveJsonModule: true,
    allowJs: true,
    pretty: true,
  };
}

/** `node_modules/@types` here and in every folder above, as tsc looks; at last the kernel's own. */
function typeRoots(cwd: string, ownTypes: string | undefined): string[] {
  const roots: string[] = [];
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    roots.push(path.join(folder, 'node_modules', '@types'));
    if (folder === path.dirname(folder)) break;
  }
  return ownTypes === undefined ? roots : [...roots, ownTypes];
}

/**
 * What a cell needs, whatever the configuration says: a module, lowered to what the oldest Node runs (`using` and
 * decorators are not in it), with its source map; only errors, no advice about unused names.
 */
function required(given: ts.CompilerOptions): ts.CompilerOptions {
  const older = given.target !== undefined && given.target < ts.ScriptTarget.ES2022;
  return {
    target: ts.ScriptTarget.ES2022,
    useDefineForClassFields: given.useDefineForClassFields ?? !older,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    allowSyntheticDefaultImports: true,
    preserveConstEnums: true,
    isolatedModules: false,
    isolatedDeclarations: false,
    verbatimModuleSyntax: false,
    sourceMap: true,
    inlineSourceMap: false,
    inlineSources: false,
    noEmit: false,
    noEmitOnError: false,
    emitDeclarationOnly: false,
    declaration: false,
    declarationMap: false,
    composite: false,
    incremental: false,
    noEmitHelpers: false,
    importHelpers: false,
    removeComments: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    allowUnusedLabels: true,
    allowUnreachableCode: true,
    jsx: ts.JsxEmit.None,
  };
}

/** Options that speak of where files go, or of builds: they mean nothing here, and some would stop a cell. */
const DROPPED: readonly string[] = [
  'outDir',
  'outFile',
  'rootDir',
  'rootDirs',
  'declarationDir',
  'tsBuildInfoFile',
  'sourceRoot',
  'mapRoot',
  'plugins',
  'baseUrl',
  'jsxFactory',
  'newLine',
];

/** @param ownTypes The kernel's own folder `@types`, for notebooks that have no @types/node. */
export function readConfiguration(cwd: string, ownTypes?: string): Configuration {
  const file = findConfiguration(cwd);
  if (file === undefined) return configuration(cwd, ownTypes, {}, [], []);
  const files = [file];
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error) return configuration(cwd, ownTypes, {}, files, [error]);
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    fileExists: ts.sys.fileExists,
    readFile: (name) => {
      files.push(name);
      return ts.sys.readFile(name);
    },
    // A notebook's files are those that its cells import.
    readDirectory: () => [],
  };
  const parsed = ts.parseJsonConfigFileContent(config, host, path.dirname(file), undefined, file);
  const errors = parsed.errors.filter(({ code }) => !NO_FILES.has(code));
  return configuration(cwd, ownTypes, parsed.options, files, errors);
}

/** "No inputs were found", "The files list is empty": true, and meant. */
const NO_FILES: ReadonlySet<number> = new Set([18002, 18003]);

function configuration(
  cwd: string,
  ownTypes: string | undefined,
  given: ts.CompilerOptions,
  files: string[],
  errors: readonly ts.Diagnostic[],
): Configuration {
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => !DROPPED.includes(name)));
  const options = { ...defaults(cwd, ownTypes), ...known, ...required(given) };
  // Cells run in Node, whatever else is there: `console.log` always compiles.
  options.types = [...new Set(['node', ...(given.types ?? [])])];
  return { options, files, errors };
}

/** The nearest tsconfig.json from the working folder upwards, up to the folder of the project: that of a package.json. */
function findConfiguration(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'tsconfig.json');
    if (ts.sys.fileExists(file)) return file;
    if (ts.sys.fileExists(path.join(folder, 'package.json'))) return undefined;
    if (folder === path.dirname(folder)) return undefined;
  }
}
