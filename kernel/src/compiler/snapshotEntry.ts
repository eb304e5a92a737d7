/**
 * What `node --build-snapshot` runs: the compiler's process up to its first check, and no further. Such a script gets
 * nothing but Node's own modules, so it brings a `require` for the rest.
 */
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { startupSnapshot } from 'node:v8';

interface Module {
  exports: object;
}

type Wrapped = (exports: object, require: object, module: Module, file: string, folder: string) => void;

const loaded = new Map<string, Module>();

function load(file: string): object {
  const known = loaded.get(file);
  if (known) return known.exports;
  const module: Module = { exports: {} };
  loaded.set(file, module);
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.json')) module.exports = JSON.parse(text) as object;
  else
    wrapped(text, file).call(
      module.exports,
      module.exports,
      requireOf(file),
      module,
      file,
      path.dirname(file),
    );
  return module.exports;
}

function wrapped(text: string, file: string): Wrapped {
  const names = 'exports, require, module, __filename, __dirname';
  // biome-ignore lint/security/noGlobalEval: the modules of this package, which `require` would run just so
  return globalThis.eval(`(function (${names}) {${text}\n})\n//# sourceURL=${file}`) as Wrapped;
}

function requireOf(file: string): object {
  const ordinary = createRequire(file);
  const own = (name: string): object => (isBuiltin(name) ? require(name) : load(ordinary.resolve(name)));
  return Object.assign(own, { resolve: ordinary.resolve });
}

const { serve, warm } = load(path.join(__dirname, 'server.js')) as typeof import('./server');
warm();
startupSnapshot.setDeserializeMainFunction(serve);
