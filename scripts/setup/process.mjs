import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process, and when it was born: numbers are used again, most of all in containers.
 * @typedef {{ pid: number, born: string | undefined }} Identity
 */

/** @param {number} pid @returns {Identity} */
export const identify = (pid) => ({ pid, born: birth(pid) });

/** Whether that very process still runs. @param {Identity} identity */
export const isSame = ({ pid, born }) => born !== undefined && birth(pid) === born;

/** @param {number} pid */
export const isRunning = (pid) => birth(pid) !== undefined;

/** When a process started, in whatever form the system tells it; undefined when it does not run. @param {number} pid */
function birth(pid) {
  if (process.platform === 'linux') return birthOnLinux(pid);
  if (process.platform === 'win32') return isAlive(pid) ? 'unknown' : undefined;
  return (
    spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined
  );
}

/** @param {number} pid */
function birthOnLinux(pid) {
  try {
    // proc(5): number, name in parentheses (it may hold blanks), state, …, the start as field 22.
    const [state, ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // A container without an init keeps the dead as zombies.
    return state === 'Z' ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Ends a process that leads a group, with all it has started. @param {number} pid @param {NodeJS.Signals} signal */
export function killGroup(pid, signal) {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
