import { homedir } from 'node:os';
import path from 'node:path';
import { userDataFolder } from '../install/folders';

/** Where the compiler's warm start lies, or undefined when none is wanted: LOSSLAB_KERNEL_SNAPSHOT=off. */
export function compilerCache(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.LOSSLAB_KERNEL_SNAPSHOT === 'off') return undefined;
  if (env.LOSSLAB_KERNEL_DATA) return env.LOSSLAB_KERNEL_DATA;
  const home = env.HOME || homedir();
  return path.join(userDataFolder({ platform: process.platform, env, home }), 'losslab');
}
