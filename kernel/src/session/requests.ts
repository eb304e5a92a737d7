import { getHeapStatistics } from 'node:v8';
import type { Interruption } from '../places/messages';
import { Requests } from '../places/requests';
import { type Context, ownContext } from './contexts';
import { HeapLimitError, Interrupted, interruptionOf } from './interruption';

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

function errorOf(reason: Interruption): Error {
  return reason === 'HeapLimit'
    ? new HeapLimitError(getHeapStatistics().heap_size_limit)
    : interruptionOf(reason);
}

/** Whether an interrupt waits for its answer. */
export function requested(): boolean {
  return watch?.requests.pending === true;
}

/** Asks for an interrupt from this thread. @returns whether there is somebody who sees to it */
export function requestEnd(reason: Interruption): boolean {
  watch?.requests.request(reason);
  return watch !== undefined;
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
  if (wasStruck) forgetHalfLoaded();
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
  return error instanceof Interrupted || ownContext()?.ended !== undefined;
}

export function runs(context: Context): void {
  running.add(context);
}

export function isOver(context: Context): void {
  running.delete(context);
}
