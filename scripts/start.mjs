import { spawn } from 'node:child_process';
import { runMain, SetupError } from './setup/errors.mjs';
import { setup } from './setup/index.mjs';
import { inRoot, jupyterEnvironment, venvBin } from './setup/paths.mjs';
import { isFree, portIn } from './setup/port.mjs';
import { cleanEnvironment } from './setup/run.mjs';

/** `npm start -- --no-browser --port 9999`: what follows `--` goes to `jupyter lab`. */
async function start() {
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

/** @param {string[]} extra @returns {Promise<number>} JupyterLab's exit status */
function jupyterLab(extra) {
  const root = process.getuid?.() === 0 ? ['--allow-root'] : [];
  const args = ['-m', 'jupyterlab', '--notebook-dir', inRoot('notebooks'), ...root, ...extra];
  const lab = spawn(venvBin('python'), args, {
    stdio: 'inherit',
    env: { ...cleanEnvironment(), ...jupyterEnvironment() },
  });
  // Ctrl-C reaches JupyterLab too, which asks its own question; other signals are passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => lab.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    lab.on('error', reject);
    lab.on('close', (code) => resolve(code ?? 0));
  });
}

await runMain(start);
