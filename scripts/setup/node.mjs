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
  const inputs = hashOf([inRoot('package-lock.json'), inRoot('package.json')]);
  if (isDone(stamp, inputs)) return;
  markUndone(stamp);
  await run(npm(), ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    label: 'Node packages (about 0.9 GB, a minute or two)',
    grows: nodeModules,
    remedy:
      'Is the network reachable? When it is, run the same command again: nothing needs to be cleaned up.',
  });
  markDone(stamp, inputs);
}

const npm = () => (process.platform === 'win32' ? 'npm.cmd' : 'npm');
