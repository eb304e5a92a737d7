import { getHeapStatistics } from 'node:v8';
import type { Interruption } from '../places/messages';
import type { Context } from './contexts';
import { interruptionOf } from './interruption';
import { isUserCodeOnStack } from './stack';
import { foundRunning, isLeft, isOver } from './targets';

/** V8 raises it when the heap is full and a debugger is there (`interrupt/heapNet.ts`). */
const HEAP_LIMIT = getHeapStatistics().heap_size_limit;

/** Errors made where their contexts were found at work: they say at which line. */
const errors = new WeakMap<Context, Error>();

/** Somebody runs while an interrupt waits: it is his. */
export function found(context: Context, reason: Interruption): void {
  foundRunning(context, reason);
  try {
    const error = errorOf(context, reason);
    // Written down at once: until it is read, a stack holds on to what stands on it.
    void error.stack;
    errors.set(context, error);
  } catch {
    // The stack has no room for it: another error will do.
  }
}

/** @param tell Called for what finished cells have left: nobody else would say that it was ended. */
export function endAll(
  contexts: ReadonlySet<Context>,
  reason: Interruption,
  tell: (context: Context, error: Error) => void,
): void {
  for (const context of [...contexts]) {
    const error = errors.get(context) ?? errorOf(context, reason);
    if (isLeft(context) && context.ended === undefined && reason !== 'Exit') tell(context, error);
    context.end(error);
    isOver(context);
  }
}

function errorOf(context: Context, reason: Interruption): Error {
  const what = isLeft(context) ? 'what this cell had left running' : undefined;
  const error = interruptionOf(reason, HEAP_LIMIT, what);
  // Made in the event loop, its frames are our own: they say nothing to who catches it.
  if (!isUserCodeOnStack()) error.stack = `${error.name}: ${error.message}`;
  return error;
}
