import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetupError } from '../../scripts/setup/errors.mjs';
import { inRoot, jupyterEnvironment, venv, venvBin } from '../../scripts/setup/paths.mjs';
import { ask, cleanEnvironment } from '../../scripts/setup/run.mjs';

/** @typedef {'losslab' | 'tslab' | 'ipykernel' | 'deno'} Name */
/** @typedef {{ argv: string[], env: Record<string, string> }} Command */

/** The version measured against. */
const DENO = '2.9.6';

/** @typedef {Record<'losslab', Command> & Partial<Record<Name, Command>>} Kernels ours, and the peers that are there */

/** @param {string} scratch a folder for what kernels write @returns {Kernels} */
export function contenders(scratch) {
  const ours = kernelspec('losslab');
  if (ours === undefined) throw new SetupError('The kernel losslab is not registered.', 'Run npm run setup.');
  const data = path.join(scratch, 'cold');
  const losslab = withEnv(ours, { LOSSLAB_KERNEL_SNAPSHOT: 'off', LOSSLAB_KERNEL_DATA: data });
  const tslab = kernelspec('tslab');
  const ipykernel = kernelspec('python3');
  const deno = denoKernel(path.join(scratch, 'deno'));
  return {
    losslab,
    ...(tslab && { tslab }),
    ...(ipykernel && { ipykernel: withEnv(ipykernel, { IPYTHONDIR: path.join(scratch, 'ipython') }) }),
    ...(deno && { deno }),
  };
}

/** @param {Command} command @param {Record<string, string>} more @returns {Command} */
export function withEnv({ argv, env }, more) {
  return { argv, env: { ...env, ...more } };
}

/** What setup has registered. @param {string} name @returns {Command | undefined} */
function kernelspec(name) {
  const file = path.join(venv, 'share', 'jupyter', 'kernels', name, 'kernel.json');
  if (!existsSync(file)) return undefined;
  const { argv, env = {} } = JSON.parse(readFileSync(file, 'utf8'));
  return { argv, env: { ...jupyterEnvironment(), ...env } };
}

/** Deno from npm, whose package for a platform holds the program itself. @param {string} data @returns {Command | undefined} */
function denoKernel(data) {
  const folder = inRoot('node_modules', '.cache', 'losslab-bench', `deno-${DENO}`);
  const program = () => {
    const platform = path.join(folder, 'node_modules', '@deno', denoPlatform());
    return path.join(platform, process.platform === 'win32' ? 'deno.exe' : 'deno');
  };
  try {
    if (!existsSync(program())) installDeno(folder);
    const env = { DENO_DIR: data, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };
    return { argv: [program(), 'jupyter', '--kernel', '--conn', '{connection_file}'], env };
  } catch (error) {
    console.warn(`! skipped, could not be installed here: deno ${DENO} (${error})`);
    return undefined;
  }
}

function denoPlatform() {
  return `${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`;
}

/** @param {string} folder */
function installDeno(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--loglevel=error'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, [...args, `deno@${DENO}`], { cwd: folder, env: cleanEnvironment(), stdio: 'ignore' });
}

/** @param {Kernels} kernels */
export function versions(kernels) {
  const manifest = (/** @type {string} */ file) => JSON.parse(readFileSync(inRoot(file), 'utf8')).version;
  const ipykernel = "import importlib.metadata; print(importlib.metadata.version('ipykernel'))";
  const all = {
    losslab: manifest('kernel/package.json'),
    tslab: manifest('node_modules/tslab/package.json'),
    ipykernel: ask(venvBin('python'), ['-c', ipykernel]) ?? '',
    deno: DENO,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in kernels));
}

/** @returns {string} a new folder, for one run of the suite */
export function scratchFolder() {
  return mkdtempSync(path.join(os.tmpdir(), 'losslab-bench-kernels-'));
}
