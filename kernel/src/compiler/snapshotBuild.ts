/** Builds the snapshot of a warm compiler, in a process of its own that gets only what time is left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { Child, type Command } from './child';
import { removeOld, takeLock } from './snapshotFolder';

export interface Build {
  /** The snapshot's file, when it is done. */
  file: string;
  /** The folder of the compiled `server.js` and `snapshotEntry.js`. */
  code: string;
  flags: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** A build takes some seconds of a processor; with lowest priority on a busy machine, much longer. */
const PATIENCE = 120_000;

export class Builder {
  readonly #build: Build;
  #running: ChildProcess | undefined;
  #trial: Child | undefined;
  #closed = false;

  constructor(build: Build) {
    this.#build = build;
  }

  /** True when the snapshot now lies there. No folder to write to, a full disk or another builder are no errors. */
  async run(): Promise<boolean> {
    try {
      const folder = path.dirname(this.#build.file);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const unlock = takeLock(`${this.#build.file}.lock`, PATIENCE);
      if (!unlock) return false;
      try {
        return await this.#make(`${this.#build.file}.${process.pid}.tmp`);
      } finally {
        unlock();
      }
    } catch {
      return false;
    }
  }

  /** Ends what is running; what was begun is thrown away. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#running?.kill('SIGKILL');
    await this.#trial?.kill();
  }

  async #make(temporary: string): Promise<boolean> {
    try {
      const done = (await this.#write(temporary)) && (await this.#works(temporary));
      if (done) renameSync(temporary, this.#build.file);
      else if (!this.#closed) writeFileSync(`${this.#build.file}.failed`, '');
      if (done) removeOld(this.#build.file);
      return done;
    } finally {
      for (const file of [temporary, `${temporary}.js`]) rmSync(file, { force: true });
    }
  }

  #write(file: string): Promise<boolean> {
    const { flags, code, env } = this.#build;
    const entry = `${file}.js`;
    writeFileSync(entry, entryText(code));
    const args = [...flags, '--snapshot-blob', file, '--build-snapshot', entry];
    return new Promise((resolve) => {
      if (this.#closed) return resolve(false);
      const child = spawn(process.execPath, args, { env, stdio: 'ignore', windowsHide: true });
      this.#running = child;
      lower(child.pid);
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
      const end = (done: boolean): void => {
        clearTimeout(timer);
        resolve(done && !this.#closed);
      };
      child.once('error', () => end(false)).once('close', (status) => end(status === 0));
    });
  }

  /** A snapshot that does not start here would cost every kernel a vain attempt. */
  #works(file: string): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(false);
      const command = snapshotCommand(this.#build, file);
      const end = (works: boolean): void => {
        clearTimeout(timer);
        void this.#trial?.kill().then(() => resolve(works));
      };
      const timer = setTimeout(() => end(false), PATIENCE);
      this.#trial = new Child(command, { message: () => end(true), ended: () => end(false) });
      lower(this.#trial.pid);
      this.#trial.send({ type: 'start', cwd: path.dirname(file), cells: [] });
    });
  }
}

/** A script from which a snapshot is made is no module: our module gets an `exports` here. */
function entryText(code: string): string {
  const file = JSON.stringify(path.join(code, 'snapshotEntry.js'));
  const text = `require('node:fs').readFileSync(${file}, 'utf8')`;
  return `new Function('exports', 'require', '__dirname', ${text})({}, require, ${JSON.stringify(code)});\n`;
}

/** How a process is started from a snapshot. */
export function snapshotCommand({ flags, code, env }: Omit<Build, 'file'>, file: string): Command {
  const args = [...flags, '--snapshot-blob', file, path.join(code, 'server.js')];
  return { program: process.execPath, args, env };
}

function lower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system has no priorities: it is built all the same.
  }
}
