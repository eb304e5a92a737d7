/** The folder in which snapshots lie, for kernels of several Nodes and installations at once. */
import { closeSync, openSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { PREFIX } from './snapshotName';

/** Kernels on other Nodes keep theirs as long as they are among so many that were used last: 45 MB each. */
const KEPT = 3;

/** Temporary files of a builder that was killed. */
const ABANDONED = 600_000;

/** Whoever makes the file builds. @returns what removes it; undefined when somebody else has it */
export function takeLock(file: string, patience: number): (() => void) | undefined {
  if (ageOf(file) > 2 * patience) rmSync(file, { force: true });
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  return () => rmSync(file, { force: true });
}

/** Says that this one is in use; a folder that can not be written to says nothing. */
export function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {}
}

/** Removes what nobody has used for longest, and what killed builders left. */
export function removeOld(present: string): void {
  const folder = path.dirname(present);
  const own = readdirSync(folder).filter((name) => name.startsWith(PREFIX));
  const files = own.map((name) => path.join(folder, name)).filter((file) => file !== present);
  const blobs = files.filter((file) => file.endsWith('.blob')).sort((a, b) => ageOf(a) - ageOf(b));
  const rest = files.filter((file) => !file.endsWith('.blob') && ageOf(file) > ABANDONED);
  for (const file of [...blobs.slice(KEPT - 1), ...rest]) rmSync(file, { force: true });
}

/** A vain attempt counts for a day: the disk may have been full. */
const REMEMBERED = 86_400_000;

export function hasFailed(mark: string): boolean {
  const age = ageOf(mark);
  return age >= 0 && age < REMEMBERED;
}

/** Milliseconds since the file was written or used; -1 when there is none, or none that can be seen. */
function ageOf(file: string): number {
  try {
    return Math.max(0, Date.now() - statSync(file).mtimeMs);
  } catch {
    return -1;
  }
}
