/** One life of the compiler's process. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { readLines, writeLine } from './lines';
import type { FromCompiler, ToCompiler } from './requests';

/** Why a process has ended, for the person who waits for its answer. */
export interface Ending {
  reason: string;
  outOfMemory: boolean;
}

export interface Listener {
  message(message: FromCompiler): void;
  ended(ending: Ending): void;
}

export interface Command {
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** Enough of what V8 prints at its end to say what it died of. */
const TAIL = 4000;

export class Child {
  readonly #process: ChildProcess;
  readonly #listener: Listener;
  readonly #gone: Promise<void>;
  #printed = '';
  #ended = false;

  constructor(command: Command, listener: Listener) {
    this.#listener = listener;
    // Replies have a descriptor of their own: whatever TypeScript or a library prints can not break them.
    this.#process = spawn(command.program, command.args, {
      env: command.env,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#gone = new Promise((resolve) => this.#watch(resolve));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(message: ToCompiler): void {
    if (this.#process.stdin) writeLine(this.#process.stdin, message);
  }

  /** Ends the process at once, without a word to the listener; resolves when it is gone. */
  kill(): Promise<void> {
    this.#ended = true;
    this.#process.kill('SIGKILL');
    return this.#gone;
  }

  #watch(gone: () => void): void {
    const { stdin, stderr, stdio } = this.#process;
    // A process that has died can not be written to: its end is told by `close`.
    stdin?.on('error', () => {});
    const replies = stdio[3] as Duplex | undefined;
    replies?.on('error', () => {});
    if (replies) readLines<FromCompiler>(replies, (message) => this.#hear(message));
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#printed = (this.#printed + text).slice(-TAIL);
    });
    this.#process.once('error', (error) => this.#end(error.message, gone));
    this.#process.once('close', (status, signal) => this.#end(signal ?? `exit status ${status}`, gone));
  }

  #hear(message: FromCompiler): void {
    if (!this.#ended) this.#listener.message(message);
  }

  #end(how: string, gone: () => void): void {
    gone();
    if (this.#ended) return;
    this.#ended = true;
    const outOfMemory = this.#printed.includes('heap out of memory');
    const reason = outOfMemory ? 'out of memory' : [how, complaint(this.#printed)].filter(Boolean).join(': ');
    this.#listener.ended({ reason, outOfMemory });
  }
}

/** The error among what was printed, or else its last line. */
function complaint(text: string): string {
  const lines = text.trim().split('\n');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '';
}
