import { spawn, spawnSync } from 'node:child_process';
import { Interrupted, SetupError } from './errors.mjs';
import { noteStep } from './lock.mjs';
import { root } from './paths.mjs';
import { killGroup } from './process.mjs';
import { startProgress } from './progress.mjs';

/** What npm tells a script about itself (`npm_…`) would change what our npm does, save where packages come from. */
const OF_NPM =
  /^npm_(?!config_(cache|registry|userconfig|globalconfig|.*proxy|ca|cafile|strict_ssl|.*offline|fetch_.*)$)/;

/** Would make Python look, or pip install, outside .venv. */
const OF_PYTHON = /^(PYTHONHOME|PYTHONPATH|PIP_USER|PIP_TARGET|PIP_PREFIX)$/;

/** The caller's environment without what would lead npm, Python and pip astray. */
export function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !OF_NPM.test(name) && !OF_PYTHON.test(name));
  return Object.fromEntries(kept);
}

/**
 * Runs a program to its end, showing time and size; on failure its last lines are kept.
 * @param {string} command @param {string[]} args
 * @param {{ label: string, grows?: string, remedy: string, env?: Record<string, string>, cwd?: string }} options
 *   `grows`: a folder whose size tells how far the step is
 */
export async function run(command, args, { label, grows, remedy, env, cwd = root }) {
  if (interruptedBy) throw new Interrupted(interruptedBy);
  const progress = startProgress(label, grows);
  const { code, lines } = await collect(command, args, { ...cleanEnvironment(), ...env }, cwd);
  await progress.end(code === 0);
  if (interruptedBy) throw new Interrupted(interruptedBy);
  if (code !== 0)
    throw new SetupError(`${label} failed (${command} ended with ${code}).`, remedy, lines.slice(-15));
}

/**
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} env @param {string} cwd
 * @returns {Promise<{ code: number | string, lines: string[] }>}
 */
function collect(command, args, env, cwd) {
  return new Promise((resolve) => {
    // Before the child is there: a signal that comes while it starts must not leave it behind.
    const forget = passSignals(() => child.pid);
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], ...OWN_GROUP });
    noteStep(child.pid);
    let text = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      text = (text + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (/** @type {number | string} */ code, /** @type {string} */ output) => {
      forget();
      resolve({ code, lines: output.trimEnd().split(/\r?\n|\r/) });
    };
    child.on('error', (error) => end(error.message, error.message));
    child.on('close', (code, signal) => end(code ?? signal ?? 'no status', text));
  });
}

/** A step leads a process group, so that all it has started can be ended with it. */
const OWN_GROUP = { detached: process.platform !== 'win32' };

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** The signal that ended a step: no other is begun after it. @type {NodeJS.Signals | undefined} */
let interruptedBy;

/**
 * Ends a step's whole group when we are asked to end, by force after five seconds.
 * @param {() => number | undefined} leader of the group @returns {() => void} to be called when it has ended
 */
function passSignals(leader) {
  /** @type {NodeJS.Timeout | undefined} */
  let force;
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    interruptedBy = signal;
    const pid = leader();
    if (pid === undefined) return;
    killGroup(pid, signal);
    force ??= setTimeout(() => killGroup(pid, 'SIGKILL'), 5000);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return () => {
    clearTimeout(force);
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}

/**
 * A short question to a program: its output, or undefined when it failed or is not there.
 * @param {string} command @param {string[]} args @returns {string | undefined}
 */
export function ask(command, args) {
  const answer = spawnSync(command, args, { encoding: 'utf8', env: cleanEnvironment() });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}
