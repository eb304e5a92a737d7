import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// What of loading a graph needs Node's files: TensorFlow's C API loads a graph from a folder only.

const PREFIX = 'losslab-graph';
/** A folder of a process that cannot be looked up (another container's) is kept this long. */
const STRANGER_MS = 3_600_000;

/** No folder could be written to: that may change. */
export class NoFolder extends Error {
  override readonly name = 'NoFolder';
}

/** Memory where the system has a file system for it (Linux), else the folder for temporary files. */
export const candidateFolders = (): string[] => [...new Set(['/dev/shm', os.tmpdir()])];

/**
 * Writes files into a fresh folder that only this user can read, hands its path to `use`, and removes it, also when
 * `use` throws. `label` becomes part of the folder's name.
 * @throws NoFolder naming the folders when none of them can be written to.
 */
export function withFolder<T>(
  label: string,
  files: Readonly<Record<string, Uint8Array>>,
  use: (folder: string) => T,
  candidates: readonly string[] = candidateFolders(),
): T {
  const problems: string[] = [];
  for (const parent of candidates) {
    const folder = attempt(parent, label, files, problems);
    if (folder === undefined) continue;
    try {
      return use(folder);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  throw new NoFolder(
    `a folder for a graph of ${Math.ceil(total(files) / 1024)} KB was expected in ${candidates.join(' or ')}, got ${problems.join('; ')}. Free space there, or set TMPDIR to a folder that can be written to`,
  );
}

/** The folder with the files in it, or undefined and the reason among `problems`. */
function attempt(
  parent: string,
  label: string,
  files: Readonly<Record<string, Uint8Array>>,
  problems: string[],
): string | undefined {
  let folder: string | undefined;
  try {
    sweepOnce(parent);
    folder = fs.mkdtempSync(path.join(parent, `${PREFIX}-${owner()}-${process.pid}-${label}-`));
    for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), bytes);
    return folder;
  } catch (error) {
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
    problems.push(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

const total = (files: Readonly<Record<string, Uint8Array>>): number =>
  Object.values(files).reduce((sum, bytes) => sum + bytes.byteLength, 0);

const swept = new Set<string>();

/** Removes what processes left behind that were killed while they loaded a graph. */
function sweepOnce(parent: string): void {
  if (swept.has(parent)) return;
  swept.add(parent);
  for (const name of fs.readdirSync(parent)) {
    const [, host, pid] = new RegExp(`^${PREFIX}-([0-9a-f]+)-(\\d+)-`).exec(name) ?? [];
    if (pid === undefined) continue;
    const folder = path.join(parent, name);
    if (host === owner() ? !isAlive(Number(pid)) : isOld(folder)) remove(folder);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function isOld(folder: string): boolean {
  const stat = fs.statSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > STRANGER_MS;
}

/** Another user's folder stays: it is not ours to remove. */
function remove(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {}
}

let ownerTag: string | undefined;

/** Tells apart the machines and containers that share a folder: a process id means something in one of them only. */
function owner(): string {
  ownerTag ??= createHash('sha256').update(`${os.hostname()} ${pidNamespace()}`).digest('hex').slice(0, 8);
  return ownerTag;
}

function pidNamespace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
