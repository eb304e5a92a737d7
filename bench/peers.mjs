import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { inRoot } from '../scripts/setup/paths.mjs';
import { findPython } from '../scripts/setup/python.mjs';
import { ask, run } from '../scripts/setup/run.mjs';

const venv = inRoot('bench', '.venv');
const python = inRoot('bench', '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** The version measured against. */
export const TORCH = '2.13.0';

/**
 * Python packages to measure against, in a virtual environment of the benchmark's own, made on demand.
 * @param {string[]} packages as pip names them, with versions
 * @returns {Promise<boolean>} false, and a line that says so, when they cannot be installed
 */
export async function installPeers(packages) {
  const imports = packages.map((name) => `import ${name.replace(/[=<>].*/, '')}`).join(';');
  if (existsSync(python) && ask(python, ['-c', imports]) !== undefined) return true;
  try {
    if (!existsSync(python))
      await run(findPython(), ['-m', 'venv', venv], { label: 'Environment for the peers', remedy: '' });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], {
      label: `Peers: ${packages.join(', ')} (may be several GB)`,
      grows: venv,
      remedy: '',
    });
    return true;
  } catch {
    console.warn(`! skipped, could not be installed here: ${packages.join(', ')}`);
    return false;
  }
}

/**
 * A Python program that answers each line it reads with one line of JSON: how many seconds its work took, say.
 * @param {string} script below bench/peers @param {string[]} args @param {string} [program] the Python to run it with
 */
export function pythonProgram(script, args, program = python) {
  const child = spawn(program, [inRoot('bench', 'peers', script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @param {string} line @returns {Promise<any>} */
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended early`);
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}

/**
 * A Python program that does its work once for each line it reads, and answers with the seconds it took.
 * @param {string} name @param {string} script @param {string[]} args
 * @returns {import('./timing.mjs').Contender}
 */
export function pythonPeer(name, script, args) {
  const { ask, close } = pythonProgram(script, args);
  return { name, run: () => ask('run'), close };
}
