import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { install } from '../../../kernel/src/install/install';
import { jupyterEnvironment, venvBin } from '../../../scripts/setup/paths.mjs';
import { cleanEnvironment } from '../../../scripts/setup/run.mjs';
import type { Notebook } from '../../notebooks/execute';

/** A folder with a kernelspec of its own: what these programs leave behind, the kernel's history too, goes with it. */
export interface Home {
  folder: string;
  env: NodeJS.ProcessEnv;
  write(name: string, notebook: Notebook): string;
  read(name: string): Notebook;
  remove(): void;
}

export interface HomeOptions {
  /** The Node that runs the kernel. */
  node?: string;
}

export function makeHome({ node }: HomeOptions = {}): Home {
  const folder = mkdtempSync(path.join(tmpdir(), 'losslab-client-'));
  const settings = { LOSSLAB_KERNEL_DATA: path.join(folder, 'kernel'), LOSSLAB_KERNEL_SNAPSHOT: 'off' };
  install({ place: { prefix: folder }, env: settings, node });
  return {
    folder,
    env: {
      ...cleanEnvironment(),
      ...jupyterEnvironment(),
      JUPYTER_RUNTIME_DIR: path.join(folder, 'runtime'),
      JUPYTER_PATH: path.join(folder, 'share', 'jupyter'),
    },
    write: (name, notebook) => {
      writeFileSync(path.join(folder, name), JSON.stringify(notebook));
      return name;
    },
    read: (name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a Python program of .venv in that folder, to its end. */
export async function python({ folder, env }: Home, args: string[], input = ''): Promise<Ended> {
  const child = spawn(venvBin('python'), args, { cwd: folder, env });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}

/** As JupyterLab saves it: programs without a kernel of their own take the notebook's. */
export const METADATA = {
  kernelspec: { name: 'losslab', display_name: 'TypeScript (losslab)', language: 'typescript' },
  language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
};

export interface CellOptions {
  tags?: string[];
  outputs?: unknown[];
}

/** A code cell, with the outputs it was saved with. */
export function code(
  source: string,
  { tags = [], outputs = [] }: CellOptions = {},
): Notebook['cells'][number] {
  const metadata = tags.length > 0 ? { tags } : {};
  // nbval takes only what was run for a reference.
  const execution_count = outputs.length > 0 ? 1 : null;
  return { cell_type: 'code', source, metadata, outputs: outputs as never, execution_count };
}

export function notebook(cells: Notebook['cells']): Notebook {
  return { cells, metadata: METADATA, nbformat: 4, nbformat_minor: 4 };
}
