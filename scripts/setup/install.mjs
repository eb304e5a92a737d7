import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inRoot, venv } from './paths.mjs';
import { writeWhole } from './stamp.mjs';

const share = path.join(venv, 'share', 'jupyter');

/** Makes the kernel, the extension and our settings known to the JupyterLab in .venv, and to no other. */
export function installIntoVenv() {
  const kernel = createRequire(import.meta.url)(inRoot('kernel', 'dist', 'index.js'));
  kernel.install({ place: { prefix: venv }, env: KERNEL_SETTINGS });
  kernel.installTslab({ prefix: venv, root: inRoot() });
  linkExtension();
  writeIfChanged(path.join(share, 'lab', 'settings', 'overrides.json'), JSON.stringify(SETTINGS, null, 2));
  const server = path.join(venv, 'etc', 'jupyter', 'jupyter_server_config.json');
  writeIfChanged(server, JSON.stringify(SERVER_SETTINGS, null, 2));
}

/** The kernel's history and snapshot stay in the checkout, like Jupyter's own folders. */
const KERNEL_SETTINGS = { LOSSLAB_KERNEL_DATA: path.join(venv, 'jupyter', 'kernel') };

/** No question about news and no look for updates at the first start: neither leaves the machine. */
const SETTINGS = {
  '@jupyterlab/apputils-extension:notification': { checkForUpdates: false, fetchNews: 'false' },
};

/**
 * No limit (0) to what a server hands on: it would drop what a cell prints fast, and our kernel has a limit of its own
 * for each cell. A user's own settings and the command line come after these.
 */
const SERVER_SETTINGS = {
  ZMQChannelsWebsocketConnection: { iopub_msg_rate_limit: 0, iopub_data_rate_limit: 0 },
};

function linkExtension() {
  const link = path.join(share, 'labextensions', '@losslab', 'jupyterlab');
  const target = inRoot('extension', 'labextension');
  if (pointsTo(link) === target) return;
  rmSync(link, { recursive: true, force: true });
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(target, link, 'junction');
}

/** @param {string} link */
function pointsTo(link) {
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(link) : undefined;
}

/** @param {string} file @param {string} text */
function writeIfChanged(file, text) {
  try {
    if (readFileSync(file, 'utf8') === text) return;
  } catch {
    // Not there yet.
  }
  writeWhole(file, text);
}
