import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { inRoot } from '../../scripts/setup/paths.mjs';

/** A closed port: what a machine without a network answers, only faster. */
export const NO_NETWORK = {
  npm_config_registry: 'http://127.0.0.1:9',
  npm_config_fetch_retries: '0',
  npm_config_cache: path.join(tmpdir(), 'losslab-empty-npm-cache'),
  PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
  PIP_FIND_LINKS: '',
  PIP_RETRIES: '0',
  PIP_NO_CACHE_DIR: '1',
};

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'losslab-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a bare clone holds of what setup needs, in a path with a blank and letters beyond ASCII. */
export function bareCheckout(): string {
  const root = path.join(temporaryFolder(), 'Größe λ 1');
  const parts = ['scripts', 'src/engine', 'package.json', 'package-lock.json', '.npmrc', 'requirements.txt'];
  for (const part of parts) cpSync(inRoot(part), path.join(root, part), { recursive: true });
  return root;
}

/** A folder of programs to be used as the whole PATH: shell scripts by their text, and links to real programs. */
export function folderOfPrograms(
  scripts: Record<string, string>,
  links: Record<string, string> = {},
): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, path.join(folder, name));
  return folder;
}

export interface Ending {
  status: number | null;
  /** stdout and stderr together. */
  output: string;
}

export interface Running {
  process: ChildProcess;
  output: () => string;
  ended: Promise<Ending>;
}

/** Begins `npm run setup` in a checkout, or one of its steps: `{ file: 'python.mjs', name: 'findPython' }`. */
export function beginSetup(
  root: string,
  env: Record<string, string | undefined> = {},
  step = { file: 'index.mjs', name: 'setup' },
): Running {
  const program = `import { runMain } from './scripts/setup/errors.mjs';
    import { ${step.name} } from './scripts/setup/${step.file}';
    await runMain(async () => { await ${step.name}(); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    // Not the npm of `npm test`: the one of the PATH given here.
    env: { ...process.env, npm_execpath: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (status) => resolve({ status, output }));
  });
  return { process: child, output: () => output, ended };
}

/** Runs setup, or one step of it, to its end. */
export const setUp = (...args: Parameters<typeof beginSetup>): Promise<Ending> => beginSetup(...args).ended;
