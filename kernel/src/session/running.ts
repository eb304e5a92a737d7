import { setImmediate } from 'node:timers';
import { type Context, inContext } from './contexts';
import { endRunning, requested } from './requests';
import { isOver, runs } from './targets';

/** Node's own, whatever becomes of the module's. */
const nextTurn = setImmediate;

/**
 * Runs the user's code in its context, from a turn of its own. Rejects at the end of the context, even when the code
 * was terminated in the middle and its promise never settles. Everything that can call the user's code belongs into
 * `run`: also getters and display methods of its result.
 */
export function runInterruptibly<T>(context: Context, run: () => T | PromiseLike<T>): Promise<T> {
  if (context.ended !== undefined) return Promise.reject(context.ended);
  runs(context);
  return new Promise<T>((resolve, reject) => {
    // From turns of their own: where code is terminated, V8 forgets the promises that were about to go on.
    const waiter = context.waiters.add((error) => void nextTurn(reject, error));
    const over = <V>(settle: (value: V) => void, value: V): void => {
      // Code that ended because of an interrupt, like a child process that was killed, was interrupted.
      if (requested()) endRunning();
      context.waiters.remove(waiter);
      isOver(context);
      nextTurn(settle, value);
    };
    const start = (): void => {
      if (context.ended !== undefined) return;
      inContext(context, () =>
        called(run).then(
          (value) => over(resolve, value),
          (error) => over(reject, error),
        ),
      );
    };
    // As a tick, as Node never recovers from an immediate that was terminated (`timers.ts`).
    nextTurn(() => process.nextTick(start));
  });
}

async function called<T>(run: () => T | PromiseLike<T>): Promise<T> {
  return run();
}
