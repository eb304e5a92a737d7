import { AsyncLocalStorage } from 'node:async_hooks';

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
  /** Ends everything of this context: pending awaits reject with `error`, timers are cleared. */
  end(error: Error): void;
}

const storage = new AsyncLocalStorage<Context>();
let latest: Context | undefined;

/** Runs a function so that all it starts belongs to this context. */
export function inContext<T>(context: Context, run: () => T): T {
  latest = context;
  return storage.run(context, run);
}

/** The context of the code that is running; of code that lost it (native callbacks), the latest cell's. */
export function currentContext(): Context | undefined {
  return storage.getStore() ?? latest;
}
