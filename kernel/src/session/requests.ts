import { getHeapStatistics } from 'node:v8';
import type { Interruption } from '../places/messages';
import { Requests } from '../places/requests';
import { type Context, ownContext } from './contexts';
import { ExitError, HeapLimitError, Interrupted, interruptionOf } from './interruption';
import { leaveEngine } from './tensorflow';

interface Watch {
  requests: Requests;
  answered: (request: number) => void;
}

let watch: Watch | undefined;

/** What an interrupt ends: the contexts whose cell or comm message still runs, and those that were found looping. */
const running = new Set<Context>();

/** @param answered Tells the protocol (`interrupted`). */
export function watchRequests(shared: SharedArrayBuffer, answered: (request: number) => void): void {
  watch = { requests: new Requests(shared), answered };
}

/** V8 raises it when the heap is full and a debugger is there (`interrupt/heapNet.ts`). */
const HEAP_LIMIT = getHeapStatistics().heap_size_limit;

function errorOf(reason: Interruption): Error {
  return reason === 'HeapLimit' ? new HeapLimitError(HEAP_LIMIT) : interruptionOf(reason);
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
  own = watch.requests.request(reason);
  return true;
}

/** A cell begins. What this thread has asked for, of one that came to its end by itself meanwhile, does not concern it. */
export function forgetOwnRequest(): void {
  if (watch?.requests.pending === true && watch.requests.latest === own) watch.requests.answer(own);
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
    leaveEngine();
  }
  wasStruck = false;
  if (watch?.requests.pending !== true) return;
  const request = watch.requests.latest;
  endRunning();
  watch.requests.answer(request);
  watch.answered(request);
}

/**
 * Ends what an interrupt ends, where the user's code passes by. May itself be terminated, in a listener of the user's
 * that never comes back: the next call goes on where this one was.
 */
export function endRunning(): void {
  if (watch === undefined || running.size === 0) return;
  const error = errorOf(watch.requests.reason);
  for (const context of [...running]) {
    context.end(error);
    running.delete(context);
  }
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

export function isOver(context: Context): void {
  running.delete(context);
}
