import { executionAsyncId } from 'node:async_hooks';
import { Session } from 'node:inspector';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { STRIKE_FILE } from '../places/requests';
import { ownContext } from './contexts';
import { isUrgent, requested, runs, struck } from './requests';

/**
 * The session's side of the hard way to interrupt: what the protocol's thread calls by the inspector
 * (`interrupt/interrupter.ts`) while this thread is busy. V8 runs it in the middle of the user's loop, at a check of
 * the stack.
 */
export interface Striker {
  /** A function of Node's module of async hooks: its closure leads to their binding. */
  readonly probe: () => number;
  /** The protocol's thread puts Node's binding here, which it finds through `probe`. */
  asyncWrap: AsyncWrap | undefined;
  /** Terminates what runs, if it is the user's and has not answered meanwhile; false if not. */
  strike(): boolean;
  /** Frees what can be freed, at once: the inspector's own command waits until nothing runs. */
  collect(): void;
}

/** What we need of `internalBinding('async_wrap')`; the same from Node 20 to 26. */
export interface AsyncWrap {
  clearAsyncIdStack(): void;
  readonly async_hook_fields: Uint32Array;
  readonly constants: Record<Field, number>;
}
type Field = 'kInit' | 'kBefore' | 'kAfter' | 'kDestroy' | 'kPromiseResolve' | 'kTotals' | 'kCheck';

export const STRIKER: unique symbol = Symbol.for('losslab.kernel.striker');

/** Makes this thread strikable. No flags of Node are needed. */
export function allowStrikes(): void {
  let own: Session | undefined;
  let spared = 0;
  let collect: (() => void) | undefined;
  const striker: Striker = {
    probe: executionAsyncId,
    asyncWrap: undefined,
    strike() {
      if (!requested() || striker.asyncWrap === undefined) return false;
      spared += 1;
      if (!isGood(interruptedFiles(), spared)) return false;
      spared = 0;
      own ??= connected();
      const culprit = ownContext();
      if (culprit !== undefined) runs(culprit);
      struck(forgive(striker.asyncWrap));
      // In this very turn: asked for by the other thread, it could hit what comes next.
      own.post('Runtime.terminateExecution');
      return true;
    },
    collect() {
      collect ??= garbageCollector();
      collect();
    },
  };
  Object.defineProperty(globalThis, STRIKER, { value: striker });
}

/** V8 gives it to contexts that begin while its flag is set. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return collect;
}

function connected(): Session {
  const session = new Session();
  session.connect();
  return session;
}

const KERNEL = path.dirname(__dirname) + path.sep;
/** Frames that are looked at. A deeper stack is the user's. */
const DEPTH = 100;
/** So many times in a row Node's own code is spared when it was called by the user's, as it may only be passing. */
const SPARED = 20;
/** Node's book-keeping between callbacks. */
const BETWEEN = /^node:(?:internal\/)?(?:async|timers|process\/|bootstrap\/|promise)/;
/** What was terminated while Node loads it would never work again, and a hook that was terminated ends the process. */
const NEVER = ['node:internal/bootstrap/realm', 'node:internal/async_hooks'];

const isNodes = (file: string): boolean => file.startsWith('node:');

/**
 * Whether to terminate what is on the stack. Between two callbacks that can end the process or lose what is no part of
 * the cell: the user's code will be back in a moment.
 */
function isGood(moment: readonly string[], spared: number): boolean {
  const [top = '', ...others] = moment;
  if (BETWEEN.test(top) || NEVER.some((file) => moment.includes(file))) return false;
  if (isNodes(top) && spared < SPARED && !isUrgent()) return false;
  return others.length >= DEPTH / 2 || moment.some((file) => !isNodes(file) && !file.startsWith(KERNEL));
}

/** What the event loop calls goes through a function of the hooks' module when there are hooks: that is no hook. */
function fileOf(frame: NodeJS.CallSite): string {
  return frame.getFunctionName() === 'callbackTrampoline'
    ? 'node:'
    : (frame.getScriptNameOrSourceURL() ?? '');
}

/** The files of what was interrupted, from the top of its stack. */
function interruptedFiles(): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  Error.prepareStackTrace = (_, frames) => frames.map(fileOf);
  try {
    const files = new Error().stack as unknown as string[];
    return files.slice(files.lastIndexOf(STRIKE_FILE) + 1);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Error.prepareStackTrace = prepareStackTrace;
  }
}

/**
 * Node keeps a stack of what runs for async hooks, and aborts when a callback that was terminated did not leave it as
 * it was. So it is emptied and its checks are switched off: V8 goes on to the next check of the stack, which may be in
 * the middle of Node's own book-keeping. Returns what puts all in order once nothing is on the stack.
 */
function forgive(wrap: AsyncWrap): () => void {
  const { async_hook_fields: fields, constants } = wrap;
  const checks = fields[constants.kCheck] ?? 0;
  fields[constants.kCheck] = 0;
  // How many hooks there are is asked by checks alone; that they are called depends on the other counts.
  fields[constants.kTotals] = 0;
  wrap.clearAsyncIdStack();
  return () => {
    wrap.clearAsyncIdStack();
    const { kInit, kBefore, kAfter, kDestroy, kPromiseResolve } = constants;
    const hooks = [kInit, kBefore, kAfter, kDestroy, kPromiseResolve].map((kind) => fields[kind] ?? 0);
    fields[constants.kTotals] = hooks.reduce((sum, count) => sum + count);
    fields[constants.kCheck] = checks;
  };
}
