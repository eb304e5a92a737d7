import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

interface Process {
  pid: number;
  parent: number;
  group: number;
  /** Grows with the time of its start. */
  start: number;
}

/** `/proc/…/stat`: the name, in brackets, may hold blanks and brackets itself. */
async function statOf(pid: string): Promise<Process | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, parent, group, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (parent === undefined || group === undefined) return undefined;
  // Field 22 of the whole line, clock ticks since boot.
  return { pid: Number(pid), parent: Number(parent), group: Number(group), start: Number(rest[16]) };
}

async function linuxProcesses(): Promise<Process[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map(statOf));
  return found.filter((one) => one !== undefined);
}

/** `ps` tells the age in seconds, so of two that started in one second the later number counts. */
async function otherProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,pgid=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, group] = line.trim().split(/\s+/).map(Number);
    return pid && parent && group ? [{ pid, parent, group, start: pid }] : [];
  });
}

/** A process with all it has started, without those that left our group, as a terminal's Ctrl-C would spare them. */
function withDescendants(root: Process, all: Process[]): Process[] {
  const children = all.filter((one) => one.parent === root.pid && one.group === root.group);
  return [root, ...children.flatMap((child) => withDescendants(child, all))];
}

/** Whether the process is there; signal 0 asks for just that. */
function send(signal: NodeJS.Signals | 0, pid: number): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

const ESCALATION: readonly (readonly [milliseconds: number, signal: NodeJS.Signals])[] = [
  [0, 'SIGINT'],
  [1000, 'SIGTERM'],
  [2000, 'SIGKILL'],
];

/** The child process that a thread of ours waits for in `execSync` or its like. */
export class BlockingChild {
  readonly #pid: number;
  readonly #ours: () => number[];
  #processes: Process[] = [];
  #since = 0;
  #sent = 0;

  constructor(pid: number, ours: () => number[]) {
    this.#pid = pid;
    this.#ours = ours;
  }

  /** Asks it to end, at first politely; to be called again until it has. */
  async end(): Promise<void> {
    if (process.platform === 'win32') return;
    if (!this.#processes.some(({ pid }) => send(0, pid))) {
      // The next one, of code that goes on when the first has ended.
      this.#processes = await this.#find();
      this.#since = performance.now();
      this.#sent = 0;
    }
    for (; this.#sent < ESCALATION.length; this.#sent += 1) {
      const [after, signal] = ESCALATION[this.#sent] as (typeof ESCALATION)[number];
      if (performance.now() - this.#since < after) return;
      for (const { pid } of this.#processes) send(signal, pid);
    }
  }

  /** The youngest child: while the thread waits it starts no other. */
  async #find(): Promise<Process[]> {
    const all = await (process.platform === 'linux' ? linuxProcesses() : otherProcesses());
    const ours = this.#ours();
    const children = all.filter(({ pid, parent }) => parent === this.#pid && !ours.includes(pid));
    const youngest = children.sort((a, b) => b.start - a.start || b.pid - a.pid)[0];
    return youngest === undefined ? [] : withDescendants(youngest, all);
  }
}
