import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: everything setup writes stays below it. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {...string} parts @returns {string} an absolute path inside the checkout */
export const inRoot = (...parts) => path.join(root, ...parts);

export const venv = inRoot('.venv');
export const native = inRoot('.native');
export const nodeModules = inRoot('node_modules');

const windows = process.platform === 'win32';

/** @param {string} name @returns {string} a program of the virtual environment */
export const venvBin = (name) => path.join(venv, windows ? 'Scripts' : 'bin', windows ? `${name}.exe` : name);

/**
 * Jupyter's own folders, all below .venv, so that nothing is written to the user's home.
 * @returns {Record<string, string>}
 */
export function jupyterEnvironment() {
  const below = (/** @type {string} */ name) => path.join(venv, 'jupyter', name);
  return {
    JUPYTER_CONFIG_DIR: below('config'),
    JUPYTER_DATA_DIR: below('data'),
    JUPYTER_RUNTIME_DIR: below('runtime'),
    JUPYTERLAB_SETTINGS_DIR: below('settings'),
    JUPYTERLAB_WORKSPACES_DIR: below('workspaces'),
    IPYTHONDIR: below('ipython'),
    JUPYTER_PLATFORM_DIRS: '1',
  };
}
