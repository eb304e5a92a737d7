import { homedir } from 'node:os';
import path from 'node:path';

/** Where the history lies, or undefined when none is to be kept: LOSSLAB_KERNEL_HISTORY=off. */
export function historyFile(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.LOSSLAB_KERNEL_HISTORY === 'off') return undefined;
  const folder = env.LOSSLAB_KERNEL_DATA || path.join(jupyterData(env), 'losslab');
  return path.join(folder, 'history.jsonl');
}

/** The user's data folder of Jupyter, as `jupyter --data-dir` says it. */
function jupyterData(env: NodeJS.ProcessEnv): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const home = env.HOME || homedir();
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Jupyter');
  if (process.platform === 'win32') return path.join(env.APPDATA || home, 'jupyter');
  return path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), 'jupyter');
}
