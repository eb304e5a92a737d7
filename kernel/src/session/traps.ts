import { syncBuiltinESMExports } from 'node:module';
import { setImmediate } from 'node:timers';
import { types } from 'node:util';
import { type Context, currentContext } from './contexts';
import { ExitError } from './interruption';
import { emptyStdin } from './stdin';

export interface TrapOptions {
  /** An error of code that nobody waits for, with the context that it belongs to as far as can be known. */
  onLate: (context: Context | undefined, error: unknown) => void;
}

export interface Traps {
  /** Says that a cell has been given this error: it is not late as well. */
  told(error: unknown): void;
  /** Ends the process for good. */
  exit(code: number): never;
}

/** Node's own, whatever cells do to the module. */
const nextTurn = setImmediate;

/** Ways for a cell to end the process, or to be ended by an error, lead into the cell's own error instead. */
export function installTraps({ onLate }: TrapOptions): Traps {
  const told = new Told();
  const tell = (context: Context | undefined, error: unknown): void => {
    try {
      onLate(context, error);
    } catch {
      // It would come here again, and again.
    }
  };
  const putBack = trapExits();
  const contextOf = traceMicrotasks();
  trapEvents((error) => {
    const context = contextOf(error);
    // The cell that failed of the same error may be about to say so.
    nextTurn(() => {
      if (told.add(error)) tell(context, error);
    });
  });
  takeWarnings();
  emptyStdin();
  // For `import { exit } from 'node:process'`, which may have been loaded before.
  syncBuiltinESMExports();
  const exit = (code: number): never => {
    putBack();
    process.removeAllListeners('exit');
    process.exit(code);
  };
  return { told: (error) => void told.add(error), exit };
}

/**
 * Node 20 and 22 tell of an error in a microtask outside of the context that the microtask has.
 * @returns what finds the context of an error that is being told of
 */
function traceMicrotasks(): (error: unknown) => Context | undefined {
  const contexts = new WeakMap<object, Context>();
  const { queueMicrotask } = globalThis;
  const noted = (callback: () => void) => (): void => {
    try {
      callback();
    } catch (error) {
      const context = currentContext();
      if (context !== undefined && typeof error === 'object' && error !== null) contexts.set(error, context);
      throw error;
    }
  };
  globalThis.queueMicrotask = (callback) =>
    queueMicrotask(typeof callback === 'function' ? noted(callback) : callback);
  return (error) => contexts.get(Object(error)) ?? currentContext();
}

/** Errors that were shown. One that wraps such a one comes of it. */
class Told {
  readonly #errors = new WeakSet<object>();

  /** @returns whether it is news */
  add(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return true;
    const known = this.#isKnown(error);
    this.#errors.add(error);
    return !known;
  }

  #isKnown(error: object): boolean {
    let each: unknown = error;
    for (let depth = 0; depth < 8 && typeof each === 'object' && each !== null; depth++) {
      if (this.#errors.has(each)) return true;
      each = causeOf(each);
    }
    return false;
  }
}

/** No code of the user's is run for that: it might never come back. */
function causeOf(error: object): unknown {
  return types.isProxy(error) ? undefined : Object.getOwnPropertyDescriptor(error, 'cause')?.value;
}

function endCell(call: string): never {
  const error = new ExitError(call);
  currentContext()?.end(error);
  throw error;
}

/** @returns what gives the process its own functions back */
function trapExits(): () => void {
  const { exit, reallyExit, abort, kill } = process as NodeJS.Process & { reallyExit: unknown };
  Object.assign(process, {
    exit: (code?: number) => endCell(`process.exit(${code ?? ''})`),
    reallyExit: (code?: number) => endCell(`process.reallyExit(${code ?? ''})`),
    abort: () => endCell('process.abort()'),
    kill: (pid: number, signal?: string | number) => {
      if (endsThis(pid, signal)) endCell(`process.kill(process.pid, ${JSON.stringify(signal ?? 'SIGTERM')})`);
      return kill.call(process, pid, signal);
    },
  });
  return () => Object.assign(process, { exit, reallyExit, abort, kill });
}

/** Signal 0 asks whether a process is there; an interrupt, and what somebody listens for, ends nothing. */
function endsThis(pid: number, signal: string | number = 'SIGTERM'): boolean {
  if (pid !== process.pid && pid !== 0) return false;
  if (signal === 0 || signal === 2 || signal === 'SIGINT') return false;
  return typeof signal === 'number' || process.listenerCount(signal) === 0;
}

/**
 * Node tells of errors by `process.emit`. Listeners could be removed by cells, and those that libraries add may throw
 * (Emscripten's do), which ends the process: so the telling itself is replaced.
 */
function trapEvents(report: (error: unknown) => void): void {
  const emit = process.emit.bind(process) as (name: string | symbol, ...values: unknown[]) => boolean;
  const trapped = (name: string | symbol, ...values: unknown[]): boolean => {
    if (name !== 'uncaughtException' && name !== 'unhandledRejection') return emit(name, ...values);
    report(values[0]);
    try {
      emit(name, ...values);
    } catch (error) {
      if (error !== values[0]) report(error);
    }
    return true;
  };
  Object.assign(process, { emit: trapped });
}

/** That the kernel uses an option of Node's that may change is nothing to tell a cell. */
const OURS = /vm\.USE_MAIN_CONTEXT_DEFAULT_LOADER/;

/** Node writes warnings past `process.stderr`; unless they are switched off, cells get them. */
function takeWarnings(): void {
  if (process.listenerCount('warning') === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning' && OURS.test(warning.message)) return;
    const { code, detail } = warning as { code?: string; detail?: string };
    const text = `${warning.name}: ${code === undefined ? '' : `[${code}] `}${warning.message}`;
    process.stderr.write(detail === undefined ? `${text}\n` : `${text}\n${detail}\n`);
  });
}
