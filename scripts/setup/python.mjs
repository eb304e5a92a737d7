import { existsSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './errors.mjs';
import { inRoot, venv, venvBin } from './paths.mjs';
import { ask, run } from './run.mjs';
import { hashOf, isDone, markDone, markUndone } from './stamp.mjs';

const PROBE = `import sys
try:
  import ensurepip, venv
  complete = 1
except ImportError:
  complete = 0
print(sys.version_info[0], sys.version_info[1], complete)`;

/** @typedef {{ command: string, version: number[], complete: boolean }} Python */

/** @param {string} command @returns {Python | undefined} */
function probe(command) {
  const answer = ask(command, ['-c', PROBE])?.split(' ').map(Number);
  if (answer?.length !== 3) return undefined;
  return { command, version: answer.slice(0, 2), complete: answer[2] === 1 };
}

/** @returns {string} a Python ≥ 3.11 that can make virtual environments; LOSSLAB_PYTHON names one */
export function findPython() {
  const wanted = process.env.LOSSLAB_PYTHON;
  const names = wanted
    ? [wanted]
    : ['python3', 'python', 'py', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
  const found = names.map(probe).filter((python) => python !== undefined);
  const recent = found.filter(({ version: [major = 0, minor = 0] }) => major === 3 && minor >= 11);
  const usable = recent.find((python) => python.complete);
  if (usable) return usable.command;
  throw missing(found, recent, wanted);
}

/** @param {Python[]} found @param {Python[]} recent @param {string | undefined} wanted */
function missing(found, recent, wanted) {
  const again = 'and run the command again. LOSSLAB_PYTHON=/path/to/python3 chooses one by hand.';
  if (recent[0]) {
    const name = `python${recent[0].version.join('.')}`;
    return new SetupError(
      `${recent[0].command} cannot make virtual environments: its venv module is missing.`,
      `Install it (Debian, Ubuntu: sudo apt-get install ${name}-venv) ${again}`,
    );
  }
  const what = found[0]
    ? `${found[0].command} is ${found[0].version.join('.')}`
    : wanted
      ? `${wanted} does not run`
      : 'none was found';
  return new SetupError(
    `Python 3.11 or newer is needed: ${what}.`,
    `Install it (Debian, Ubuntu: sudo apt-get install python3 python3-venv; macOS: brew install python) ${again}`,
  );
}

/** @typedef {{ file: string, stamp: string, label: string }} Requirements */

/** @type {Requirements} */
const FOR_ALL = {
  file: inRoot('requirements.txt'),
  stamp: path.join(venv, '.losslab-packages'),
  label: 'JupyterLab (about 330 MB, half a minute)',
};

/** @type {Requirements} */
const FOR_TESTS = {
  file: inRoot('requirements-test.txt'),
  stamp: path.join(venv, '.losslab-test-packages'),
  label: 'Python packages of the tests (about 25 MB)',
};

/** .venv with JupyterLab and its companions, at the versions requirements.txt pins. */
export async function installPythonPackages() {
  if (isDone(FOR_ALL.stamp, inputsOf(FOR_ALL))) return;
  markUndone(FOR_ALL.stamp);
  await makeVenv();
  await install(FOR_ALL);
}

/** What only `npm test` needs: other programs that run kernels, at the versions requirements-test.txt pins. */
export async function installTestPackages() {
  if (!isDone(FOR_TESTS.stamp, inputsOf(FOR_TESTS))) await install(FOR_TESTS);
}

/** @param {Requirements} requirements */
async function install(requirements) {
  const { file, stamp, label } = requirements;
  markUndone(stamp);
  await run(
    venvBin('python'),
    ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '-r', file],
    {
      label,
      grows: venv,
      remedy:
        'Is the network reachable? When it is, run the same command again: nothing needs to be cleaned up.',
    },
  );
  markDone(stamp, inputsOf(requirements));
}

/** A Python that is gone, or was replaced by a newer one that does not see the packages, changes them. @param {Requirements} requirements */
function inputsOf({ file }) {
  const version = ask(venvBin('python'), ['-c', 'import sys; print(*sys.version_info[:2])']);
  return `Python ${version ?? 'missing'} ${hashOf([file])}`;
}

/** A venv cut short (no pip, or its Python gone) is made anew. */
async function makeVenv() {
  if (existsSync(venvBin('python')) && ask(venvBin('python'), ['-m', 'pip', '--version']) !== undefined)
    return;
  const python = findPython();
  await run(python, ['-m', 'venv', '--clear', venv], {
    label: 'Python environment in .venv',
    remedy: `Does "${python} -m venv ${venv}" work? On Debian and Ubuntu it needs the package python3-venv.`,
  });
}
