import { getHeapStatistics } from 'node:v8';
import type { Interruption } from '../places/messages';
import { Requests } from '../places/requests';
import { beforeSignals, type Context, ownContext } from './contexts';
import { ExitError, HeapLimitError, Interrupted, interruptionOf } from './interruption';
import { isUserCodeOnStack } from './stack';
import { leaveEngine } from './tensorflow';

interface Told {
  /** A request was answered. */
  answered: (request: number, reason: Interruption) => void;
  /** What a cell had left running, when it had come to its end, was ended as well. */
  ended: (context: Context, error: Error) => void;
}

let watch: (Told & { requests: Requests }) | undefined;

/** What an interrupt ends: the contexts whose cell or comm message still runs, and those that were found looping. */
const running = new Set<Context>();
/** Those of them whose cell had come to its end. */
const left = new Set<Context>();

export function watchRequests(shared: SharedArrayBuffer, told: Told): void {
  watch = { requests: new Requests(shared), ...told };
  beforeSignals(() => {
    if (requested()) endRunning();
  });
}

/** V8 raises it when the heap is full and a debugger is there (`interrupt/heapNet.ts`). */
const HEAP_LIMIT = getHeapStatistics().heap_size_limit;

function errorOf(reason: Interruption, what?: string): Error {
  const error = reason === 'HeapLimit' ? new HeapLimitError(HEAP_LIMIT, what) : interruptionOf(reason);
  // Made in the event loop, its frames are our own: they say nothing to who catches it.
  if (!isUserCodeOnStack()) error.stack = `${error.name}: ${error.message}`;
  return error;
}

/** Whether an interrupt waits for its answer. */
export function requested(): boolean {
  return watch?.requests.pending === true;
}

/** The latest request that this thread has made. */
let own = 0;

/** Asks for an interrupt from this thread. @returns whether there is somebody who sees to it */
export function requestEnd(reason: Interruption): boolean {
  if (watch === undefined) return false;
  if (!watch.requests.isPending(reason)) own = watch.requests.request(reason);
  return true;
}

/** A cell begins. What this thread has asked for before does not concern it: that is over, or of what others have left. */
export function settleOwnRequest(): void {
  if (watch?.requests.pending !== true || watch.requests.latest !== own) return;
  endAll(left);
  watch.requests.answer(own);
}

/** Whether the heap is nearly full: there is no time to lose. */
export function isUrgent(): boolean {
  return watch?.requests.reason === 'HeapLimit';
}

/**
 * To be called on each message `interrupt`, from the event loop alone: that it turns is the answer. Without a request it
 * does nothing.
 */
export function answerMessage(): void {
  settle();
  if (wasStruck) {
    forgetHalfLoaded();
    tellLibraries();
    leaveEngine();
  }
  wasStruck = false;
  if (watch?.requests.pending !== true) return;
  const request = watch.requests.latest;
  const { reason } = watch.requests;
  endRunning();
  watch.requests.answer(request);
  watch.answered(request, reason);
}

/**
 * Ends what an interrupt ends, where the user's code passes by. May itself be terminated, in a listener of the user's
 * that never comes back: the next call goes on where this one was.
 */
export function endRunning(): void {
  if (running.size > 0) endAll(running);
}

function endAll(contexts: ReadonlySet<Context>): void {
  if (watch === undefined) return;
  const { reason } = watch.requests;
  const error = errorOf(reason);
  for (const context of [...contexts]) {
    if (left.has(context)) endLeft(context, reason);
    else context.end(error);
    isOver(context);
  }
}

/** Who fills the heap wants to hear of it; who presses stop sees that. */
function endLeft(context: Context, reason: Interruption): void {
  const error = errorOf(reason, 'what this cell had left running');
  if (reason === 'HeapLimit' && context.ended === undefined) watch?.ended(context, error);
  context.end(error);
}

/** Has the protocol read what was written to the descriptors, before more is printed. */
export function drainDescriptors(ask: () => void): void {
  watch?.requests.awaitDrain(ask);
}

/** Where the protocol is told that this thread waits for a child process. */
export function blockedByChild(blocked: boolean): void {
  if (watch !== undefined) watch.requests.blocked = blocked;
}

let settle = (): void => undefined;

/** What puts in order, at each answer, what code that was terminated has left. */
export function onAnswer(putInOrder: () => void): void {
  settle = putInOrder;
}

let wasStruck = false;

/** Notes that code is being terminated: no `finally` will run, neither the user's nor Node's. */
export function struck(): void {
  wasStruck = true;
  blockedByChild(false);
}

/** Where libraries leave what is to be called after code was terminated, which runs no `finally`. */
const TERMINATED = Symbol.for('jupyter.terminated');

function tellLibraries(): void {
  const told = (globalThis as { [TERMINATED]?: unknown })[TERMINATED];
  for (const recover of Array.isArray(told) ? told : [])
    try {
      recover();
    } catch {
      // The others are told all the same.
    }
}

/** CommonJS modules that were terminated while they loaded: a second `require` shall not find what there is of them. */
function forgetHalfLoaded(): void {
  for (const [file, module] of Object.entries(require.cache))
    if (module?.loaded === false) delete require.cache[file];
}

/** Whether an error that nobody caught is but the noise of code that was interrupted. */
export function isNoise(error: unknown): boolean {
  // Who exits in a timer wants to hear of it; the cell that still runs has been told already.
  if (error instanceof ExitError) return false;
  return error instanceof Interrupted || ownContext()?.ended !== undefined;
}

export function runs(context: Context): void {
  running.add(context);
}

/** Whether its cell or comm message has not come to its end. */
export function isRunning(context: Context): boolean {
  return running.has(context);
}

/** Of what runs now: a cell that goes on, or what one has left. */
export function foundRunning(context: Context): void {
  if (running.has(context)) return;
  running.add(context);
  left.add(context);
}

/** Whether no cell and no comm message runs. */
export function isIdle(): boolean {
  return running.size === 0;
}

export function isOver(context: Context): void {
  running.delete(context);
  left.delete(context);
}
