import { spawn, spawnSync } from 'node:child_process';
import { SetupError } from './errors.mjs';
import { root } from './paths.mjs';
import { startProgress } from './progress.mjs';

/** Settings of the caller's npm (`npm_config_…`) would change what ours does: children start without them. */
export function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_cache$)/.test(name)),
  );
}

/**
 * Runs a program to its end, showing time and size; on failure its last lines are kept.
 * @param {string} command @param {string[]} args
 * @param {{ label: string, grows?: string, remedy: string, env?: Record<string, string>, cwd?: string }} options
 *   `grows`: a folder whose size tells how far the step is
 */
export async function run(command, args, { label, grows, remedy, env, cwd = root }) {
  const progress = startProgress(label, grows);
  const { code, lines } = await collect(command, args, { ...cleanEnvironment(), ...env }, cwd);
  await progress.end(code === 0);
  if (code !== 0)
    throw new SetupError(`${label} failed (${command} ended with ${code}).`, remedy, lines.slice(-15));
}

/**
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} env @param {string} cwd
 * @returns {Promise<{ code: number | string, lines: string[] }>}
 */
function collect(command, args, env, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      text = (text + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: error.message, lines: [error.message] }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? signal ?? 'no status', lines: text.trimEnd().split(/\r?\n|\r/) }),
    );
  });
}

/**
 * A short question to a program: its output, or undefined when it failed or is not there.
 * @param {string} command @param {string[]} args @returns {string | undefined}
 */
export function ask(command, args) {
  const answer = spawnSync(command, args, { encoding: 'utf8', env: cleanEnvironment() });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}
