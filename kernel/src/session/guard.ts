import { type Context, currentContext, newContext } from './contexts';
import { pauseIfWanted } from './debuggee/pausing';
import { endRunning, requested } from './requests';

/** What compiled cells call `$await`. */
export interface Guard {
  /** What `await value` waits for: rejects when the context it runs in is ended. */
  <T>(value: T): T | Promise<Awaited<T>>;
  /** What `for await (… of iterable)` goes through: likewise. */
  each<T>(iterable: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncIterableIterator<T>;
}

function guardValue<T>(value: T): T | Promise<Awaited<T>> {
  // A loop over promises that are settled never reaches the event loop: it asks here whether it shall end.
  if (requested()) endRunning();
  pauseIfWanted();
  const context = currentContext();
  if (context === undefined) return value;
  if (context.ended !== undefined) return context.refuse();
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  return endable(context, value);
}

/** Native, as `await` does not call the `then` of a subclass either. */
const then = Promise.prototype.then;

let resolveCaptured: (value: never) => void;
let rejectCaptured: (error: unknown) => void;
function capture(resolve: (value: never) => void, reject: (error: unknown) => void): void {
  resolveCaptured = resolve;
  rejectCaptured = reject;
}

/**
 * A promise that settles like `value`, or rejects at the end of the context. From `value` to what is awaited lead only
 * native functions and what `then` returns: V8 follows these when it looks for the callers of an async function.
 */
function endable<T>(context: Context, value: T, failed?: () => void): Promise<Awaited<T>> {
  const promise = Promise.resolve(value);
  const ending = new Promise<Awaited<T>>(capture);
  const waiters = context.waiters;
  const waiter = waiters.add(rejectCaptured);
  then.call(promise, resolveCaptured as (value: unknown) => void, rejectCaptured);
  return ending.then(
    (result) => {
      waiters.remove(waiter);
      return result;
    },
    (error) => {
      waiters.remove(waiter);
      failed?.();
      throw error;
    },
  );
}

function asynchronous<T>(iterable: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncIterator<T> {
  if (Symbol.asyncIterator in Object(iterable)) return (iterable as AsyncIterable<T>)[Symbol.asyncIterator]();
  return (async function* () {
    yield* iterable as Iterable<T>;
  })();
}

/** Asks an iterator to clean up when its loop was ended from outside: such a loop does not ask. */
async function closeIfEnded(context: Context, iterator: AsyncIterator<unknown>): Promise<void> {
  if (context.ended === undefined) return;
  try {
    await iterator.return?.();
  } catch {
    // The loop's own error is on its way.
  }
}

function each<T>(iterable: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncIterableIterator<T> {
  const iterator = asynchronous(iterable);
  const context = currentContext() ?? newContext(0, 0);
  const failed = (): void => void closeIfEnded(context, iterator);
  const guarded: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => guarded,
    next: () => guardNext(context, iterator, failed),
  };
  const leave = iterator.return;
  if (leave !== undefined) guarded.return = () => leave.call(iterator) as Promise<IteratorResult<T>>;
  return guarded;
}

function guardNext<T>(
  context: Context,
  iterator: AsyncIterator<T>,
  failed: () => void,
): Promise<IteratorResult<T>> {
  if (requested()) endRunning();
  if (context.ended === undefined) return endable(context, iterator.next(), failed);
  failed();
  return context.refuse();
}

export const guard: Guard = Object.assign(guardValue, { each });
