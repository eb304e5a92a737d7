import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Tinypool } from 'tinypool';
import type { Answer, Task } from './message';

// A child process, and what of it tinypool leaves to us: how it ended, and what it said last.

/** Thrown for tasks of a child process that ended; `crashed` when it was not ended from outside. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded';
  readonly crashed: boolean;

  constructor(how: string, crashed: boolean) {
    super(how);
    this.crashed = crashed;
  }
}

export interface Child {
  readonly pid: number;
  /** Resolves to the answer; rejects with ChildEnded. Tasks are done in order. */
  run(task: Task): Promise<Answer>;
  /** Resolves when the process is gone. */
  end(): Promise<void>;
}

/** Tasks that may lie in wait in a child, so that it has work while the parent is busy. */
export const DEPTH = 3;
/** Signals that a crash raises in the process itself. */
const CRASHES = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP'];

/**
 * Starts a process and resolves when it is ready for work; `ended` is called once it is gone. While it is idle it does
 * not keep Node from exiting.
 */
export async function startChild(addon: string, ended: () => void): Promise<Child> {
  const { Tinypool: Pool } = await import('tinypool');
  const one = new Pool(optionsOf(compiledChild()));
  // A child that ends while it is idle is told of here, and unheard it would be thrown; `gone` tells of it.
  one.on('error', () => undefined);
  const hello = one.run({ addon, task: NOTHING });
  const [{ process: child }] = one.threads as unknown as [{ process: ChildProcess }];
  const gone = endOf(child);
  gone.catch(ended);
  const orGone = (answer: Promise<Answer>) => answer.catch((error) => orElse(gone, error));
  // tinypool leaves a task waiting whose process ends before it is ready.
  await Promise.race([orGone(hello), gone]);
  return {
    pid: child.pid ?? 0,
    run: (task) => orGone(one.run({ addon, task })),
    end: () => one.destroy().catch(() => undefined),
  };
}

const NOTHING: Task = { assets: [], drop: [] };

type Options = NonNullable<ConstructorParameters<typeof Tinypool>[0]>;

function optionsOf(filename: string): Options {
  return {
    runtime: 'child_process',
    // Typed arrays as they are: in JSON, a point of 109,000 numbers takes 17 times as long.
    serialization: 'advanced',
    filename,
    name: 'run',
    // What a child has been given is known here: so one process a pool, and never another in its place.
    minThreads: 0,
    maxThreads: 1,
    concurrentTasksPerWorker: DEPTH,
    idleTimeout: 2 ** 31 - 1,
    // Of the parent's options it needs none: a debugger's port would clash.
    execArgv: [],
    env: process.env as Record<string, string>,
  };
}

/** The compiled file, also when the sources themselves run, as they do in tests. */
function compiledChild(): string {
  const library = createRequire(__filename).resolve('losslab');
  return path.join(path.dirname(library), 'engine', 'pool', 'child.js');
}

/** Rejects when the process is gone, with how it ended and the end of what it wrote to stderr. */
function endOf(child: ChildProcess): Promise<never> {
  const words = lastWords(child);
  return new Promise((_, reject) => {
    const gone = (code: number | null, signal: string | null, error?: Error): void => {
      const crashed = code !== null || CRASHES.includes(signal ?? '');
      const how = error?.message ?? signal ?? `exit code ${code}`;
      const last = crashed && words() !== '' ? `: ${words()}` : '';
      reject(new ChildEnded(`a child process ended (${how})${last}`, crashed));
    };
    child.once('exit', gone);
    // tinypool reports an exit as an error too, before it.
    child.once('error', (error) => setImmediate(gone, null, null, error));
  });
}

/** Keeps TensorFlow's start-up lines of the children off the screen, and the last line for an error. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.unpipe(process.stderr);
  child.stderr?.setEncoding('utf8').on('data', (data: string) => {
    text = (text + data).slice(-2000);
  });
  return () => text.trim().split('\n').at(-1) ?? '';
}

/** `gone` if it is by now, else the error. */
function orElse(gone: Promise<never>, error: unknown): Promise<never> {
  return Promise.race([gone, new Promise<never>((_, reject) => setImmediate(reject, error))]);
}
