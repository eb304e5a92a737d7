import { createRequire } from 'node:module';
import path from 'node:path';
import { kernelFolder } from './folders';
import type { Kernelspec } from './spec';
import { writeIfChanged } from './write';

export interface TslabOptions {
  /** Where the kernelspec goes: `<prefix>/share/jupyter/kernels/tslab`. */
  prefix: string;
  /** The folder whose `node_modules` the notebooks import from. */
  root: string;
}

/**
 * Registers the stock tslab kernel, with absolute paths: its own `tslab install` writes to wherever the
 * first `jupyter` on the PATH says, adds a JavaScript kernel, and expects `tslab` on the PATH too.
 */
export function installTslab({ prefix, root }: TslabOptions): void {
  const file = path.join(kernelFolder({ prefix }, 'tslab'), 'kernel.json');
  writeIfChanged(file, `${JSON.stringify(tslabSpec(root), null, 2)}\n`);
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
