import { spawn } from 'node:child_process';
import { runMain, SetupError } from './setup/errors.mjs';
import { setup } from './setup/index.mjs';
import { checkNode } from './setup/node.mjs';
import { inRoot, jupyterEnvironment, venvBin } from './setup/paths.mjs';
import { isFree, portIn } from './setup/port.mjs';
import { cleanEnvironment } from './setup/run.mjs';

/** `npm start -- --no-browser --port 9999`: what follows `--` goes to `jupyter lab`. */
async function start() {
  checkNode();
  const extra = process.argv.slice(2);
  const port = portIn(extra);
  if (port !== undefined && !(await isFree(port)))
    throw new SetupError(
      `Port ${port} is already in use.`,
      'Stop what uses it, or choose another: npm start -- --port <number>',
    );
  await setup();
  return jupyterLab(extra);
}

/** What we set unless the user does: JupyterLab refuses an option that comes twice. */
const DEFAULTS = [
  { ours: `--ServerApp.root_dir=${inRoot('notebooks')}`, theirs: /^--(notebook-dir|ServerApp\.root_dir)\b/ },
  // Of its log the line with the address is left, and what goes wrong.
  { ours: '--ServerApp.log_level=WARN', theirs: /^--(log-level|debug|(ServerApp|Application)\.log_level)\b/ },
  { ours: '--LabApp.log_level=WARN', theirs: /^--(log-level|debug|(LabApp|Application)\.log_level)\b/ },
  ...(process.getuid?.() === 0 ? [{ ours: '--allow-root', theirs: /^--allow-root$/ }] : []),
];

/** @param {string[]} extra @returns {Promise<number>} JupyterLab's exit status */
function jupyterLab(extra) {
  const defaults = DEFAULTS.filter(({ theirs }) => !extra.some((arg) => theirs.test(arg)));
  const lab = spawn(venvBin('python'), ['-m', 'jupyterlab', ...defaults.map(({ ours }) => ours), ...extra], {
    stdio: 'inherit',
    env: { ...cleanEnvironment(), ...jupyterEnvironment() },
  });
  passSignals(lab);
  return new Promise((resolve, reject) => {
    lab.on('error', reject);
    lab.on('close', (code) => resolve(code ?? 1));
  });
}

/** SIGTERM lets JupyterLab end its kernels first. @param {import('node:child_process').ChildProcess} lab */
function passSignals(lab) {
  const stop = () => void lab.kill('SIGTERM');
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  // On a terminal Ctrl-C reaches JupyterLab too, which asks its own question.
  process.on('SIGINT', process.stdin.isTTY ? () => {} : stop);
}

await runMain(start);
