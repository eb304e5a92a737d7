import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Context, ownContext } from './contexts';
import type { Waiter } from './waiters';

type Callback = (...args: unknown[]) => void;
type Timer = NodeJS.Timeout | NodeJS.Immediate;
type Start = (callback: Callback, ...rest: unknown[]) => Timer;

/** The timers that a context has running. */
const timersOf = new WeakMap<Context, Started>();

/** Node's mark of a timer that has fired or was cleared. */
const isOver = (timer: Timer): boolean => (timer as unknown as { _destroyed?: boolean })._destroyed === true;

class Started {
  readonly #timers = new Set<Timer>();
  waiter: Waiter | undefined;
  #sweepAt = 64;

  add(timer: Timer): void {
    this.#timers.add(timer);
    if (this.#timers.size < this.#sweepAt) return;
    this.#sweepAt = Math.max(64, 2 * this.sweep());
  }

  /** @returns how many still run */
  sweep(): number {
    for (const old of this.#timers) if (isOver(old)) this.#timers.delete(old);
    return this.#timers.size;
  }

  clear(): void {
    for (const timer of this.#timers) stop(timer);
    this.#timers.clear();
  }
}

const { clearTimeout, clearImmediate } = timers;
function stop(timer: Timer): void {
  if ('refresh' in timer) clearTimeout(timer);
  else clearImmediate(timer);
}

function belongTo(context: Context, timer: Timer): void {
  if (context.ended !== undefined) {
    stop(timer);
    return;
  }
  let started = timersOf.get(context);
  if (started === undefined) {
    const fresh = new Started();
    timersOf.set(context, fresh);
    fresh.waiter = context.waiters.add(() => fresh.clear());
    started = fresh;
  }
  started.add(timer);
}

/** After it the context waits for timers only if some still run. */
export function clearFired(context: Context): void {
  const started = timersOf.get(context);
  if (started?.waiter === undefined || started.sweep() > 0) return;
  context.waiters.remove(started.waiter);
  timersOf.delete(context);
}

/** `start`, whose timers end with the context that starts them, in the place of `plain`. */
function owned(plain: Start, start: Start): Start {
  const wrapped: Start = (callback, ...rest) => {
    // Node's own complaint about what is no function.
    if (typeof callback !== 'function') return plain(callback);
    const timer = start(callback, ...rest);
    const context = ownContext();
    if (context !== undefined) belongTo(context, timer);
    return timer;
  };
  Object.defineProperty(wrapped, 'name', { value: plain.name });
  const promised = (plain as { [promisify.custom]?: Promised })[promisify.custom];
  if (promised !== undefined)
    Object.defineProperty(wrapped, promisify.custom, { value: ownedPromise(promised) });
  return wrapped;
}

/** A timer as a promise: it rejects at the end of the context that waits for it. */
type Promised = (...args: unknown[]) => Promise<unknown>;

function ownedPromise(plain: Promised): Promised {
  const wrapped: Promised = (...args) => {
    const context = ownContext();
    // The await that waits for it is refused; what else does shall not go on.
    if (context?.ended !== undefined) return new Promise(() => undefined);
    const promise = plain(...args);
    if (context === undefined) return promise;
    const endable = new Promise((resolve, reject) => {
      const waiter = context.waiters.add((error) => {
        // Its await has been told already: nobody may wait for this one any more.
        endable.catch(() => undefined);
        reject(error);
      });
      const over = (): void => context.waiters.remove(waiter);
      promise.finally(over).then(resolve, reject);
    });
    return endable;
  };
  return Object.defineProperty(wrapped, 'name', { value: plain.name });
}

/**
 * `setImmediate` whose callback runs as a tick after its immediate. Node does not recover from an immediate that was
 * terminated: those that follow it are lost, and if some went before, the event loop throws at every turn from then on.
 */
function inTick(start: Start): Start {
  return function setImmediate(callback, ...args) {
    const immediate = start(() => process.nextTick(() => callback.apply(immediate, args)));
    return immediate;
  };
}

/**
 * Gives the timers of the user's code to their contexts, whichever way they are reached (globals, `node:timers`). What
 * took the functions before, like Node's own modules, is not concerned. To be called once, before any code of the user.
 */
export function ownTimers(): void {
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const plain = timers[name] as unknown as Start;
    const start = owned(plain, name === 'setImmediate' ? inTick(plain) : plain);
    Object.assign(timers, { [name]: start });
    Object.assign(globalThis, { [name]: start });
  }
  for (const name of ['setTimeout', 'setImmediate'] as const)
    Object.assign(promises, { [name]: ownedPromise(promises[name] as Promised) });
  syncBuiltinESMExports();
}
