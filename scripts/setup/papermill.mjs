import path from 'node:path';
import { inRoot, venv, venvBin } from './paths.mjs';
import { run } from './run.mjs';
import { hashOf, isDone, markDone, markUndone } from './stamp.mjs';

const stamp = path.join(venv, '.losslab-papermill');
const source = inRoot('kernel', 'python');

/** Teaches the papermill of .venv, if there is one, to write parameters in TypeScript; needs no network. */
export async function installTranslator() {
  const inputs = translatorInputs();
  if (isDone(stamp, inputs)) return;
  markUndone(stamp);
  // Built by the packages of .venv, in a folder of pip's own.
  const offline = ['--no-index', '--no-deps', '--no-build-isolation', '--force-reinstall'];
  await run(
    venvBin('python'),
    ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', ...offline, source],
    {
      label: "The kernel's Python package",
      remedy: `The lines above are pip's. Delete ${venv} and run the command again.`,
    },
  );
  markDone(stamp, inputs);
}

/** Of what Python leaves behind when it runs there, nothing counts. */
export const translatorInputs = () => hashOf([source], (file) => /\.(py|toml)$/.test(file));
