import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { native } from './paths.mjs';
import { identify, isSame, killGroup } from './process.mjs';
import { writeWhole } from './stamp.mjs';

/** @typedef {{ owner: import('./process.mjs').Identity, step?: import('./process.mjs').Identity }} Holder */

const lock = path.join(native, 'setup.lock');
let held = false;

/**
 * Two setups of one checkout would build over each other: the second waits for the first. A lock whose
 * process is gone is taken over, and the step that process may have left running is ended.
 * @template T @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function withLock(work) {
  await acquire();
  try {
    return await work();
  } finally {
    held = false;
    rmSync(lock, { force: true });
  }
}

/** Notes the program that a step runs, so that whoever takes the lock over can end it. @param {number | undefined} pid */
export function noteStep(pid) {
  if (held && pid !== undefined) writeWhole(lock, entry(pid));
}

async function acquire() {
  for (let told = false; !create(); ) {
    const holder = read();
    if (holder && !isSame(holder.owner)) await takeOver(holder);
    else {
      if (holder && !told)
        console.log(
          `Another setup of this checkout is running (process ${holder.owner.pid}): waiting for it.`,
        );
      told ||= holder !== undefined;
      await pause(300);
    }
  }
}

/** @returns {boolean} whether the lock is ours now */
function create() {
  mkdirSync(native, { recursive: true });
  try {
    writeFileSync(lock, entry(), { flag: 'wx' });
    held = true;
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  }
}

/** @param {number} [step] */
const entry = (step) =>
  JSON.stringify({ owner: identify(process.pid), ...(step !== undefined && { step: identify(step) }) });

/** Undefined for the moment in which another process has created the file and not yet written it. @returns {Holder | undefined} */
function read() {
  try {
    return JSON.parse(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {Holder} holder */
async function takeOver({ owner, step }) {
  while (step && isSame(step)) {
    killGroup(step.pid, 'SIGKILL');
    await pause(100);
  }
  // Another that waited may have been faster: only the lock that was looked at is removed.
  if (existsSync(lock) && read()?.owner.pid === owner.pid) rmSync(lock, { force: true });
}
