import { homedir } from 'node:os';
import path from 'node:path';

/** Where kernelspecs go: below a prefix (`/usr/local`, a virtual environment), or to the user's own. */
export type Place = { prefix: string } | { user: true };

/** The folder of one kernel, as `jupyter kernelspec list` shows it. */
export function kernelFolder(place: Place, name: string): string {
  const data = 'prefix' in place ? path.resolve(place.prefix, 'share', 'jupyter') : userDataFolder();
  return path.join(data, 'kernels', name);
}

interface Machine {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  home: string;
}

const thisMachine = (): Machine => ({ platform: process.platform, env: process.env, home: homedir() });

/** Jupyter's folder for data of one user, as `jupyter --data-dir` says it (jupyter_core's `jupyter_data_dir`). */
export function userDataFolder({ platform, env, home }: Machine = thisMachine()): string {
  const { join } = platform === 'win32' ? path.win32 : path.posix;
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const systemFolders = isSet(env.JUPYTER_PLATFORM_DIRS);
  if (platform === 'darwin')
    return systemFolders
      ? join(home, 'Library', 'Application Support', 'jupyter')
      : join(home, 'Library', 'Jupyter');
  if (platform === 'win32') {
    if (systemFolders) return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'jupyter');
    return env.APPDATA
      ? join(env.APPDATA, 'jupyter')
      : join(env.JUPYTER_CONFIG_DIR ?? join(home, '.jupyter'), 'data');
  }
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'jupyter');
}

/** How jupyter_core reads a switch. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && !['no', 'n', 'false', 'off', '0', '0.0'].includes(value.toLowerCase());
}
