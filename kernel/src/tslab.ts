import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface InstallOptions {
  /** Where the kernelspec goes: `<prefix>/share/jupyter/kernels/tslab`. */
  prefix: string;
  /** The folder whose `node_modules` the notebooks import from. */
  root: string;
}

/**
 * Registers the stock tslab kernel, with absolute paths: its own `tslab install` writes to wherever the
 * first `jupyter` on the PATH says, adds a JavaScript kernel, and expects `tslab` on the PATH too.
 */
export function installTslab({ prefix, root }: InstallOptions): void {
  const folder = path.join(prefix, 'share', 'jupyter', 'kernels', 'tslab');
  writeIfChanged(path.join(folder, 'kernel.json'), `${JSON.stringify(tslabSpec(root), null, 2)}\n`);
}

export interface Kernelspec {
  argv: string[];
  display_name: string;
  language: string;
  env: Record<string, string>;
}

/** What `kernel.json` says of the stock kernel. */
export function tslabSpec(root: string): Kernelspec {
  const manifest = createRequire(path.join(root, 'package.json')).resolve('tslab/package.json');
  const program = path.join(path.dirname(manifest), 'bin', 'tslab');
  return {
    argv: [process.execPath, program, 'kernel', '--config-path', '{connection_file}'],
    display_name: 'TypeScript (tslab)',
    language: 'typescript',
    env: { NODE_NO_WARNINGS: '1' },
  };
}

/** Whole or not at all: Jupyter may read the folder while this runs. */
function writeIfChanged(file: string, text: string): void {
  if (readIfThere(file) === text) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}.tmp`, text);
  renameSync(`${file}.${process.pid}.tmp`, file);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
