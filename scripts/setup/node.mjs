import { SetupError } from './errors.mjs';
import { inRoot, nodeModules } from './paths.mjs';
import { run } from './run.mjs';
import { hashOf, isDone, markDone, markUndone } from './stamp.mjs';

const OLDEST = { major: 20, minor: 19 };

/** @param {string} [version] */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new SetupError(
    `Node ${OLDEST.major}.${OLDEST.minor} or newer is needed, this is ${version}.`,
    'Install a newer Node (for example: nvm install 22) and run the command again.',
  );
}

/** Node packages exactly as the lock file has them, without running any package's install script. */
export async function installNodePackages() {
  const stamp = inRoot('node_modules', '.losslab-packages');
  const inputs = nodePackagesInputs();
  if (isDone(stamp, inputs)) return;
  markUndone(stamp);
  const [command, ...args] = npm();
  await run(command, [...args, 'ci', ...FLAGS], {
    label: 'Node packages (about 0.9 GB, a minute or two)',
    grows: nodeModules,
    remedy:
      'Is the network reachable? When it is, run the same command again: nothing needs to be cleaned up.',
  });
  markDone(stamp, inputs);
}

/** Whatever the user's settings and NODE_ENV leave out, we need: the compiler is a development dependency. */
const FLAGS = [
  ...['--ignore-scripts', '--include=dev', '--include=optional'],
  ...['--no-audit', '--no-fund', '--loglevel=error'],
];

/** Packages hold programs for one system: a checkout that is carried to another needs others. */
export const nodePackagesInputs = () =>
  `${process.platform}-${process.arch} ${hashOf([inRoot('package-lock.json'), inRoot('package.json')])}`;

/** The npm that runs us, by its own file (Windows starts no npm.cmd without a shell), else the one on the PATH. @returns {[string, ...string[]]} */
function npm() {
  const file = process.env.npm_execpath;
  return file?.endsWith('npm-cli.js') ? [process.execPath, file] : ['npm'];
}
