import { AsyncLocalStorage, executionAsyncId } from 'node:async_hooks';
import { setImmediate } from 'node:timers';
import { inspect } from 'node:util';
import { Waiters } from './waiters';

/**
 * One request that runs the user's code: a cell, or a comm message from the front end. What it starts (timers,
 * promises, callbacks) stays its own for as long as it lives, so that late output finds its cell.
 */
export interface Context {
  readonly number: number;
  /** The cell's execution count; that of the last cell for a comm message. */
  readonly count: number;
  /** What `jupyter.signal` is: aborted by an interrupt, with the error as its reason. */
  readonly signal: AbortSignal;
  /** What `end` was called with. */
  readonly ended: Error | undefined;
  /** Whether it is being ended: until the next turn what reacts to that may run, such as `.finally(() => …)`. */
  readonly isEnding: boolean;
  /**
   * Ends everything of this context: pending awaits reject with `error`, timers are cleared. Only the error of the first
   * call counts; one that was terminated is gone on with by the next.
   */
  end(error: Error): void;
  /** What is told of the end, once. Whoever adds something looks at `ended` first. */
  readonly waiters: Waiters;
  /** What an await in a context that has ended waits for. */
  refuse(): Promise<never>;
}

/** Node's own, which no context ends: the module's becomes the user's (`timers.ts`). */
const nextTurn = setImmediate;

const storage = new AsyncLocalStorage<Context>();
let latest: Context | undefined;

/** Runs a function so that all it starts belongs to this context. */
export function inContext<T>(context: Context, run: () => T): T {
  latest = context;
  return inStore(context, run);
}

function inStore<T>(context: Context, run: () => T): T {
  aliveIn = NOWHERE;
  try {
    return storage.run(context, run);
  } finally {
    aliveIn = NOWHERE;
  }
}

/** The context of the code that is running; of code that lost it (native callbacks), the latest cell's. */
export function currentContext(): Context | undefined {
  return storage.getStore() ?? latest;
}

/** The context of the code that is running, if it is the user's and has not lost it. */
export function ownContext(): Context | undefined {
  return storage.getStore();
}

export function newContext(number: number, count: number): Context {
  return new CellContext(number, count);
}

let ended = 0;
const forgotten = new FinalizationRegistry<undefined>(() => {
  ended -= 1;
});

function note(context: Context): void {
  ended += 1;
  aliveIn = NOWHERE;
  forgotten.register(context, undefined);
}

/** No callback has this number. */
const NOWHERE = -1;
/** Where Node keeps contexts by hooks (20 and 22) it numbers all callbacks, reactions to promises too. */
const ARE_NUMBERED = 'kResourceStore' in storage;
/** The callback whose context was seen not to have ended: it is asked about once for all calls. */
let aliveIn = NOWHERE;

/** Whether the code that is running is of no context that has ended. Asked at every call of the user's functions. */
export function isOwnAlive(): boolean {
  if (ended === 0) return true;
  if (ARE_NUMBERED && executionAsyncId() === aliveIn) return true;
  const isAlive = storage.getStore()?.ended === undefined;
  if (isAlive) aliveIn = executionAsyncId() || NOWHERE;
  return isAlive;
}

let hearInterrupts = (): void => undefined;

/** @param hear Ends what an interrupt that waits for its answer ends: called before somebody sees a signal of ours. */
export function beforeSignals(hear: () => void): void {
  hearInterrupts = hear;
}

/** A loop that asks its signal, and never lets the event loop turn, is told the truth too. */
function livenSignal(signal: AbortSignal): void {
  const { get } = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted') ?? {};
  Object.defineProperty(signal, 'aborted', {
    configurable: true,
    get: (): boolean => {
      hearInterrupts();
      return get?.call(signal) as boolean;
    },
  });
}

/** A cell that cleans up awaits a few times; one that swallows every error would do so forever. */
const ALWAYS_REFUSED = 10;
const REFUSED_IN_TIME = 100;
const REFUSED_MS = 100;

class CellContext implements Context {
  readonly number: number;
  readonly count: number;
  readonly waiters: Waiters = new Waiters();
  isEnding = false;
  #ended: Error | undefined;
  #endedAt = 0;
  #refused = 0;
  #controller: AbortController | undefined;

  constructor(number: number, count: number) {
    this.number = number;
    this.count = count;
  }

  /** Node 20 and 22 show it with every promise: see `display/inspect.ts`. */
  [inspect.custom](): string {
    return 'CellContext';
  }

  get ended(): Error | undefined {
    return this.#ended;
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#newController();
    return this.#controller.signal;
  }

  #newController(): AbortController {
    const controller = new AbortController();
    if (this.#ended !== undefined) controller.abort(this.#ended);
    livenSignal(controller.signal);
    return controller;
  }

  end(error: Error): void {
    if (this.#ended === undefined) {
      // Where the stack has no room for it, the next call begins anew.
      note(this);
      this.#endedAt = performance.now();
      this.#ended = error;
    }
    this.waiters.endAll(this.#ended);
    this.isEnding = true;
    nextTurn(() => {
      this.isEnding = false;
    });
    // Last, as the user's listeners may throw or never come back.
    inStore(this, () => this.#controller?.abort(this.#ended));
  }

  refuse(): Promise<never> {
    this.#refused += 1;
    const early = this.#refused <= REFUSED_IN_TIME && performance.now() - this.#endedAt < REFUSED_MS;
    if (this.#refused <= ALWAYS_REFUSED || early) return Promise.reject(this.#ended);
    return new Promise<never>(() => undefined);
  }
}
