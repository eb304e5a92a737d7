#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, readArguments, UsageError } from './install/arguments';
import { kernelFolder } from './install/folders';
import { type InstallOptions, install, uninstall } from './install/install';
import { KERNEL_NAME } from './install/spec';

const HELP = `Registers the TypeScript kernel with Jupyter.

Usage: npx @losslab/kernel install [options]
       npx @losslab/kernel uninstall [--user | --prefix P | --sys-prefix [P]] [--name N]

Where:
  --user              the user's own Jupyter folder (the default; JUPYTER_DATA_DIR is honoured)
  --prefix P          P/share/jupyter/kernels
  --sys-prefix [P]    the same for a Python environment; without P that of the python on the PATH
What:
  --name N            the name of the kernelspec (losslab)
  --display-name D    the name that is shown ("TypeScript (losslab)")
  --node-options O    options of the kernel's Node, such as --node-options=--max-old-space-size=8192; may be repeated
  --env NAME=VALUE    an environment variable of the kernel; may be repeated

  --help, --version

Settings of the kernel, for --env:
  LOSSLAB_KERNEL_CHECK=off         cells run without being type-checked
  LOSSLAB_KERNEL_OUTPUT_LIMIT=N    megabytes of output that one cell may have (50)
  LOSSLAB_KERNEL_DATA=FOLDER       where history and start-up snapshot lie
  LOSSLAB_KERNEL_HISTORY=off       history is kept in memory alone
  LOSSLAB_KERNEL_SNAPSHOT=off      no snapshot is made for a faster start
`;

/** Does what is asked and says what was done. */
function run(task: Command): string {
  switch (task.command) {
    case 'help':
      return HELP.trimEnd();
    case 'version':
      return version();
    case 'install':
      return `The kernel is registered in ${install(task.options)}${hint(__dirname)}`;
    case 'uninstall':
      return `The kernel was taken from ${takeAway(task.options)}`;
  }
}

/** What npx fetches lies in npm's cache, and the kernelspec names that place. */
function hint(program: string): string {
  if (!program.split(path.sep).includes('_npx')) return '';
  return `\nIt runs from npm's cache; npm install --global @losslab/kernel && losslab-kernel install keeps it elsewhere`;
}

function takeAway(options: InstallOptions): string {
  const folder = uninstall(options);
  if (folder !== undefined) return folder;
  const { place = { user: true }, name = KERNEL_NAME } = options;
  throw new UsageError(`no kernel lies in ${kernelFolder(place, name)}`);
}

function version(): string {
  const text = readFileSync(path.resolve(__dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** One line that says what is wrong and what to do. */
function explain(error: unknown): string {
  const { code, path: where, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${where} cannot be written (${code}): choose another place with --user or --prefix, or get the right to write there`;
  return message;
}

try {
  process.stdout.write(`${run(readArguments(process.argv.slice(2)))}\n`);
} catch (error) {
  const advice = error instanceof UsageError ? '; see --help' : '';
  process.stderr.write(`losslab-kernel: ${explain(error)}${advice}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
