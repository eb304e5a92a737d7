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

/** .venv with JupyterLab and its companions, at the versions requirements.txt pins. */
export async function installPythonPackages() {
  const stamp = path.join(venv, '.losslab-packages');
  if (isDone(stamp, pythonPackagesInputs())) return;
  markUndone(stamp);
  await makeVenv();
  await run(
    venvBin('python'),
    ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '-r', inRoot('requirements.txt')],
    {
      label: 'JupyterLab (about 330 MB, half a minute)',
      grows: venv,
      remedy:
        'Is the network reachable? When it is, run the same command again: nothing needs to be cleaned up.',
    },
  );
  markDone(stamp, pythonPackagesInputs());
}

/** A Python that is gone, or was replaced by a newer one that does not see the packages, changes them. */
export function pythonPackagesInputs() {
  const version = ask(venvBin('python'), ['-c', 'import sys; print(*sys.version_info[:2])']);
  return `Python ${version ?? 'missing'} ${hashOf([inRoot('requirements.txt')])}`;
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
