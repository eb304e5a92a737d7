/**
 * What V8 has made of TypeScript's text, kept beside our own code: the compiler of a first kernel then has its first cell
 * checked in three quarters of the time. What no longer fits (another Node, other flags) V8 refuses, and nothing is lost.
 */
import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { writeIfChanged } from '../install/write';

const TYPESCRIPT = require.resolve('typescript');

/** Of this Node with these flags, and of this TypeScript. */
function cacheFile(): string {
  const about = readFileSync(require.resolve('typescript/package.json'), 'utf8');
  const { version } = JSON.parse(about) as { version: string };
  return path.join(__dirname, `typescript-${version}-${cachedDataVersionTag().toString(16)}.code`);
}

/** Loads TypeScript for all who `require` it later, if something is kept. @returns whether V8 took what there was */
export function loadTypeScript(): boolean {
  const file = cacheFile();
  if (!existsSync(file)) return false;
  const script = compiled(readFileSync(file));
  runAsModule(script);
  return script.cachedDataRejected === false;
}

/** Keeps what V8 has compiled of TypeScript when `use` has run. To be called where TypeScript is not loaded yet. */
export function keepTypeScript(use: () => void): void {
  const file = cacheFile();
  if (existsSync(file)) return;
  const script = compiled();
  runAsModule(script);
  use();
  writeIfChanged(file, script.createCachedData());
}

type Wrapped = (
  exports: object,
  require: NodeJS.Require,
  module: Module,
  file: string,
  folder: string,
) => void;

function compiled(cachedData?: Buffer): Script {
  const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(TYPESCRIPT, 'utf8')}\n})`;
  return new Script(text, { filename: TYPESCRIPT, ...(cachedData && { cachedData }) });
}

function runAsModule(script: Script): void {
  const module = new Module(TYPESCRIPT);
  module.filename = TYPESCRIPT;
  const run = script.runInThisContext() as Wrapped;
  run.call(
    module.exports,
    module.exports,
    createRequire(TYPESCRIPT),
    module,
    TYPESCRIPT,
    path.dirname(TYPESCRIPT),
  );
  module.loaded = true;
  require.cache[TYPESCRIPT] = module;
}
