import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, and when it was born: numbers are used again, most of all in containers. @typedef {{ pid: number, born: string }} Identity */

/** @param {number} pid @returns {Identity} */
export const identify = (pid) => ({ pid, born: birth(pid) });

/** Whether that very process still runs. @param {Identity} identity */
export const isSame = ({ pid, born }) => isAlive(pid) && birth(pid) === born;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** When a process started, in whatever form the system tells it; empty where it does not. @param {number} pid */
function birth(pid) {
  if (process.platform === 'win32') return '';
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  try {
    // Field 22 of proc(5); the second, the program's name in parentheses, may itself hold blanks.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
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
