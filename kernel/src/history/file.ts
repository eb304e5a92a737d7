/**
 * The history's file, shared by all kernels of a user that run at the same time. Each line is a cell; new ones are
 * appended, and from time to time the older ones go, by a new file under the old name.
 *
 * Nothing is lost between those who append and one who rewrites: who appends looks afterwards whether the file is still
 * there under its name, and else appends to the new one; who rewrites looks afterwards for what came to the old one in
 * the meantime. A cell that both of them carried over stands there twice, and counts once.
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** A cell as the file has it. */
export interface Entry {
  /** The kernel's life it belongs to: a random name, as several begin at once. */
  life: string;
  line: number;
  source: string;
}

export interface Stored {
  entries: Entry[];
  /** How many lives were dropped from the file's beginning: those that follow are numbered from here. */
  dropped: number;
}

export interface Limits {
  /** Bytes of the file before the older cells go. */
  bytes: number;
  /** Bytes of the cells that stay then. */
  kept: number;
  /** Cells that are kept at most. */
  cells: number;
}

export const LIMITS: Limits = { bytes: 4 * 2 ** 20, kept: 2 * 2 ** 20, cells: 20_000 };

/** The cells of the file, oldest first. A file that is not there has none; lines that are damaged are skipped. */
export function readEntries(file: string): Stored {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { entries: [], dropped: 0 };
  }
  return parse(text);
}

/** Adds one cell, unless it is so long that few others could stay. @throws when the folder can not be written to */
export function appendEntry(file: string, entry: Entry, limits: Limits = LIMITS): void {
  // A line begins with its line break: what a full disk cut off does not take the next one along.
  const line = `\n${JSON.stringify(entry)}`;
  if (line.length > limits.kept / 4) return;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const size = appendLine(file, line);
  if (size > limits.bytes) shorten(file, limits);
}

/** @returns the file's size */
function appendLine(file: string, line: string): number {
  for (;;) {
    const descriptor = openSync(file, 'a', 0o600);
    try {
      writeSync(descriptor, line);
      const { ino, size } = fstatSync(descriptor, { bigint: true });
      if (ino === statSync(file, { bigint: true, throwIfNoEntry: false })?.ino) return Number(size);
    } finally {
      closeSync(descriptor);
    }
  }
}

function parse(text: string): Stored {
  const entries = new Map<string, Entry>();
  let dropped = 0;
  for (const line of text.split('\n')) {
    const value = parseLine(line);
    if (isEntry(value)) entries.set(`${value.life} ${value.line}`, value);
    else if (Number.isSafeInteger(value?.dropped)) dropped = Number(value?.dropped);
  }
  return { entries: [...entries.values()], dropped };
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const isEntry = (value: object | undefined): value is Entry => {
  const { life, line, source } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  return typeof life === 'string' && Number.isSafeInteger(line) && typeof source === 'string';
};

/** One at a time: who finds the lock leaves the work to its holder. */
function shorten(file: string, limits: Limits): void {
  const lock = `${file}.lock`;
  if (!take(lock)) return;
  try {
    rewrite(file, limits);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A lock older than this (milliseconds) is of a kernel that died. */
const STALE = 10_000;

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    // The next who wants it may take it.
    if (Date.now() - since > STALE) rmSync(lock, { force: true });
    return false;
  }
}

function rewrite(file: string, limits: Limits): void {
  const old = openSync(file, 'r');
  try {
    const before = readFileSync(old);
    // Another kernel may have done this while the lock was on its way.
    if (before.length <= limits.bytes) return;
    const fresh = `${file}.new`;
    writeFileSync(fresh, shortened(parse(before.toString()), limits), { mode: 0o600 });
    renameSync(fresh, file);
    const late = readFrom(old, before.length);
    if (late !== '') appendLine(file, late);
  } finally {
    closeSync(old);
  }
}

function readFrom(descriptor: number, position: number): string {
  const rest = Buffer.alloc(Number(fstatSync(descriptor).size) - position);
  return rest.toString('utf8', 0, readSync(descriptor, rest, 0, rest.length, position));
}

/** The latest cells. */
function shortened({ entries, dropped }: Stored, limits: Limits): string {
  const kept: string[] = [];
  let room = limits.kept;
  for (const entry of entries.slice(-limits.cells).reverse()) {
    const line = `\n${JSON.stringify(entry)}`;
    room -= Buffer.byteLength(line);
    if (room < 0) break;
    kept.push(line);
  }
  const lives = (some: Entry[]): Set<string> => new Set(some.map(({ life }) => life));
  const gone = lives(entries).size - lives(entries.slice(entries.length - kept.length)).size;
  return JSON.stringify({ dropped: dropped + gone }) + kept.reverse().join('');
}
