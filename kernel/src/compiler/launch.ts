/** How the compiler's process is started: from the snapshot of a warm one where there is one, else the ordinary way. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Command } from './child';
import { Builder, snapshotCommand } from './snapshotBuild';
import { hasFailed, touch } from './snapshotFolder';
import { snapshotName } from './snapshotName';

export interface LaunchOptions {
  env?: NodeJS.ProcessEnv | undefined;
  /** Where the compiler's warm start is kept; without it every start is an ordinary one. */
  cache?: string | undefined;
  /** The compiled `start.js`. */
  server?: string;
  /** Milliseconds without a request after which the warm start is built. */
  idle?: number;
}

export interface Start {
  command: Command;
  /** To be called when the process has ended by itself. @param silent Without having said a word. */
  ended(silent: boolean): void;
}

/**
 * Without them a process that starts from a snapshot has 30 MB more, and 60 more once losslab's types are there. Semispaces
 * of 1 MB would save 4 more, and double the time of a cell with those types (measured).
 */
export const FLAGS: readonly string[] = [
  '--max-semi-space-size=2',
  '--heap-growing-percent=30',
  '--v8-pool-size=1',
];

/** A process that has all to parse is a quarter quicker with a large young space; `tidy.ts` gives it back. */
export const ORDINARY: readonly string[] = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--heap-growing-percent=60',
  '--v8-pool-size=1',
];

const START = path.join(__dirname, 'start.js');

/** A start needs so long at most (milliseconds), on a machine that is busy. */
const KEEPING = 60_000;

/** Makes the starts of a Node's compilers quicker, for good. One that can not be written to does without. */
export function keepCode(node: string): void {
  const options = {
    env: cleaned(process.env),
    stdio: 'ignore',
    timeout: KEEPING,
    windowsHide: true,
  } as const;
  spawnSync(node, [...ORDINARY, START, 'keep'], options);
}

/** Long enough that the first cells of a notebook are not computed beside a build. */
const IDLE = 8000;

export class Launcher {
  readonly #server: string;
  readonly #code: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #idle: number;
  readonly #snapshot: string | undefined;
  #trusted = true;
  #builder: Builder | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LaunchOptions) {
    this.#server = options.server ?? START;
    this.#code = path.dirname(this.#server);
    this.#env = cleaned(options.env ?? process.env);
    this.#idle = options.idle ?? IDLE;
    this.#snapshot = options.cache && path.join(options.cache, `${snapshotName(this.#code, FLAGS)}.blob`);
  }

  next(): Start {
    const file = this.#snapshot;
    if (file === undefined || !this.#trusted || !existsSync(file))
      return { command: this.#ordinary(), ended: () => {} };
    touch(file);
    const command = snapshotCommand({ flags: FLAGS, code: this.#code, env: this.#env }, file);
    return { command, ended: (silent) => this.#distrust(file, silent) };
  }

  /** Nothing is being asked: when it stays so, the snapshot is built. */
  idle(): void {
    clearTimeout(this.#timer);
    const file = this.#snapshot;
    if (file === undefined || this.#builder || this.#closed) return;
    if (existsSync(file) || hasFailed(`${file}.failed`)) return;
    this.#timer = setTimeout(() => this.#build(file), this.#idle);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#builder?.close();
  }

  #ordinary(): Command {
    return {
      program: process.execPath,
      args: [...ORDINARY, this.#server],
      env: this.#env,
    };
  }

  /** A snapshot that can not even start is of no use to anybody: the next quiet moment makes another. */
  #distrust(file: string, silent: boolean): void {
    this.#trusted = false;
    try {
      if (silent) rmSync(file, { force: true });
    } catch {
      // The folder can not be written to: this kernel does without.
    }
  }

  #build(file: string): void {
    this.#builder = new Builder({ file, code: this.#code, flags: FLAGS, env: this.#env });
    void this.#builder.run();
  }
}

/** glibc gives back what parsing and compiling had: 20 MB less after the first check, for 5 % more time. */
const MALLOC = { MALLOC_MMAP_THRESHOLD_: '32768', MALLOC_TRIM_THRESHOLD_: '131072' };

/**
 * Without what is meant for the user's Node: its flags would not fit the snapshot, its inspector not this process, and
 * its certificates take Node 20 some 50 ms.
 */
function cleaned(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_V8_COVERAGE, NODE_COMPILE_CACHE, NODE_EXTRA_CA_CERTS, ...rest } = env;
  return { ...MALLOC, ...rest };
}
