import type { Worker } from 'node:worker_threads';
import { HeapWatch } from '../interrupt/heapWatch';
import { Interrupter, type Stopped } from '../interrupt/interrupter';
import { MainThread } from '../interrupt/mainThread';
import { hearSigint } from '../interrupt/sigint';
import type { Interruption } from '../places/messages';

export interface InterruptsOptions {
  requests: SharedArrayBuffer;
  send: (request: number, reason: Interruption) => void;
  /** Ends a wait for a person's answer. */
  wake: () => void;
  /** Ends the compilation of a cell. @returns whether one was going on */
  abandonCompiling: () => boolean;
  /** The debugger, at whose stops no message is heard. */
  debugging: Stopped;
  /** Processes of the kernel's own. */
  ours: () => number[];
}

/** Milliseconds after the start at which interrupts are made ready for: nothing runs yet that could be in their way. */
const PREPARE_AFTER = 300;
/** A SIGINT that comes earlier in a busy loop is heard at its end. */
const LISTEN_AFTER = 100;

/** All ways in which the user's code is ended: by request, by SIGINT, and because its heap is full. */
export class Interrupts {
  readonly #options: InterruptsOptions;
  readonly #main = new MainThread();
  readonly #interrupter: Interrupter;
  readonly #heap: HeapWatch;
  #listening: NodeJS.Timeout | undefined;
  #listener: Worker | undefined;

  constructor(options: InterruptsOptions) {
    this.#options = options;
    const alarm = (): void => this.heapIsFull();
    this.#heap = new HeapWatch({ main: this.#main, requests: options.requests, alarm });
    this.#interrupter = new Interrupter({
      main: this.#main,
      stopped: [this.#heap, options.debugging],
      ...options,
    });
    setTimeout(() => void this.#interrupter.prepare(), PREPARE_AFTER).unref();
  }

  /** Whether one is under way. */
  get busy(): boolean {
    return this.#interrupter.busy;
  }

  async interrupt(reason: Interruption): Promise<void> {
    if (this.#options.abandonCompiling()) return;
    await this.#interrupter.interrupt(reason);
  }

  heapIsFull(): void {
    void this.#interrupter.interrupt('HeapLimit');
  }

  answered(): void {
    this.#interrupter.answered();
  }

  /** A cell begins to run. */
  start(): void {
    this.#heap.start();
    this.#listening = setTimeout(() => this.#listen(), LISTEN_AFTER);
  }

  /** It has ended. */
  stop(): void {
    this.#heap.slow();
    clearTimeout(this.#listening);
  }

  close(): void {
    this.stop();
    this.#heap.stop();
    this.#main.close();
  }

  #listen(): void {
    this.#listener ??= hearSigint(() => void this.interrupt('KeyboardInterrupt'));
  }
}
