import { setTimeout as sleep } from 'node:timers/promises';
import type { Interruption } from '../places/messages';
import { Requests } from '../places/requests';
import { BlockingChild } from './blockingChild';
import type { MainThread } from './mainThread';
import { Striking } from './striking';

/** Somebody who may have the thread stand still. */
export interface Stopped {
  readonly stands: boolean;
  /** The thread goes on. @param end Whether what it was doing ends there. */
  letGo(end: boolean): Promise<void>;
}

export interface InterrupterOptions {
  main: MainThread;
  /** `newRequests()`, which the session has too. */
  requests: SharedArrayBuffer;
  /** Sends the session the message `interrupt`. */
  send: (request: number, reason: Interruption) => void;
  /** Ends a wait of the session for a person's answer, if there is one. */
  wake: () => void;
  /** Processes that are the kernel's own: the compiler. */
  ours: () => number[];
  stopped?: readonly Stopped[];
}

/** How long the session may take to answer by itself: it does so wherever its event loop turns or a cell awaits. */
const ANSWER_MS = 10;
/** After a strike that found no good moment. */
const AGAIN_MS = 1;

/** Ends the user's code, by a message if that is heard, and else the hard way, until the session answers. */
export class Interrupter {
  readonly #options: InterrupterOptions;
  readonly #requests: Requests;
  readonly #striking: Striking;
  #current: Promise<void> | undefined;
  #heard: () => void = () => undefined;

  constructor(options: InterrupterOptions) {
    this.#options = options;
    this.#requests = new Requests(options.requests);
    this.#striking = new Striking(options.main);
  }

  /** Whether an interrupt is under way: meanwhile no other message should go to the session, it could be lost. */
  get busy(): boolean {
    return this.#current !== undefined;
  }

  /** To be called when nothing is in the way: the first interrupt is as quick as the others then, and finds no stack full. */
  async prepare(): Promise<void> {
    await this.#striking.prepare().catch(() => undefined);
  }

  /** Resolves when nothing of the user's code blocks the session any more. */
  interrupt(reason: Interruption): Promise<void> {
    // Who waits for the heap's culprit to be ended does not make a person wait.
    if (this.busy && reason !== 'HeapLimit' && this.#requests.isPending('HeapLimit'))
      this.#requests.request(reason);
    this.#current ??= this.#until(this.#request(reason), reason).finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  /** A second request would be for whatever comes next, where the session itself has seen that its heap is full. */
  #request(reason: Interruption): number {
    const isAskedFor = reason === 'HeapLimit' && this.#requests.isPending(reason);
    return isAskedFor ? this.#requests.latest : this.#requests.request(reason);
  }

  /** To be called on the message `interrupted`. */
  answered(): void {
    this.#heard();
  }

  #isAnswered(request: number): boolean {
    return this.#requests.answered >= request;
  }

  async #until(request: number, reason: Interruption): Promise<void> {
    const { send, wake, ours, stopped = [] } = this.#options;
    const child = new BlockingChild(process.pid, ours);
    send(request, reason);
    wake();
    // A heap that is nearly full leaves no time to ask first.
    for (let patience = reason === 'HeapLimit' ? 0 : ANSWER_MS; !(await this.#answer(request, patience)); ) {
      if (this.#requests.blocked) await child.end();
      const standing = stopped.find(({ stands }) => stands);
      const isReleased = standing !== undefined && (await this.#release(standing));
      patience = isReleased ? ANSWER_MS : await this.#strike();
      // Again, as a strike may have hit the handling of the one before.
      send(request, reason);
      wake();
    }
  }

  /** Strikes once, unless the thread is in native code, where the inspector waits too. Returns how long to wait then. */
  async #strike(): Promise<number> {
    const striking = this.#striking.strike().catch(() => true);
    const hit = await Promise.race([striking, sleep(ANSWER_MS, true)]);
    return hit ? ANSWER_MS : AGAIN_MS;
  }

  /** Whether it stood, and goes on. */
  async #release(stopped: Stopped): Promise<boolean> {
    const isToEnd = await this.#striking.release().catch(() => true);
    return stopped.letGo(isToEnd).then(
      () => true,
      () => false,
    );
  }

  async #answer(request: number, patience: number): Promise<boolean> {
    if (this.#isAnswered(request)) return true;
    const timer = new AbortController();
    const heard = new Promise<void>((resolve) => {
      this.#heard = resolve;
    });
    await Promise.race([heard, sleep(patience, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    return this.#isAnswered(request);
  }
}
