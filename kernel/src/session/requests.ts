import type { Interruption } from '../places/messages';
import { Requests } from '../places/requests';
import { beforeSignals, type Context, ownContext } from './contexts';
import { endAll, found } from './ending';
import { ExitError, Interrupted } from './interruption';
import { leftovers } from './leftovers';
import { putInOrder } from './struck';
import { allLeft, endedBy, forgetCulprits, isSparedBy } from './targets';

interface Told {
  /** A request was answered. */
  answered: (request: number, reason: Interruption) => void;
  /** What a cell had left running, when it had come to its end, was ended as well. */
  ended: (context: Context, error: Error) => void;
}

let watch: (Told & { requests: Requests }) | undefined;

export function watchRequests(shared: SharedArrayBuffer, told: Told): void {
  watch = { requests: new Requests(shared), ...told };
  beforeSignals(() => {
    if (requested()) endRunning();
  });
}

/** Whether an interrupt waits for its answer. */
export function requested(): boolean {
  return watch?.requests.pending === true;
}

/** The number of the interrupt that waits, or of the last one. */
export function latestRequest(): number {
  return watch?.requests.latest ?? 0;
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
  end(allLeft());
  settled(own);
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
  putInOrder();
  if (watch?.requests.pending !== true) return;
  const request = watch.requests.latest;
  const { reason } = watch.requests;
  if (reason === 'KeyboardInterrupt') for (const context of leftovers()) found(context, reason);
  endRunning();
  settled(request);
  watch.answered(request, reason);
}

function settled(request: number): void {
  forgetCulprits();
  watch?.requests.answer(request);
}

/**
 * Ends what an interrupt that waits is for, where the user's code passes by. May itself be terminated, in a listener of
 * the user's that never comes back: the next call goes on where this one was.
 */
export function endRunning(): void {
  if (watch?.requests.pending === true) end(endedBy(watch.requests.reason));
}

function end(contexts: ReadonlySet<Context>): void {
  if (watch !== undefined) endAll(contexts, watch.requests.reason, watch.ended);
}

/** Whether what runs in it is to end now. */
export function isToEnd(context: Context): boolean {
  return watch?.requests.pending === true && endedBy(watch.requests.reason).has(context);
}

/** Whether it is somebody else whom the interrupt that waits is for. */
export function isSpared(context: Context | undefined): boolean {
  return watch !== undefined && context !== undefined && isSparedBy(watch.requests.reason, context);
}

/** Somebody runs while an interrupt waits: it is his. */
export function foundAtWork(context: Context): void {
  if (watch !== undefined) found(context, watch.requests.reason);
}

/** Has the protocol read what was written to the descriptors, before more is printed. */
export function drainDescriptors(ask: () => void): void {
  watch?.requests.awaitDrain(ask);
}

/** Where the protocol is told that this thread waits for a child process. */
export function blockedByChild(blocked: boolean): void {
  if (watch !== undefined) watch.requests.blocked = blocked;
}

/** Whether an error that nobody caught is but the noise of code that was interrupted. */
export function isNoise(error: unknown): boolean {
  // Who exits in a timer wants to hear of it; the cell that still runs has been told already.
  if (error instanceof ExitError) return false;
  return error instanceof Interrupted || ownContext()?.ended !== undefined;
}
