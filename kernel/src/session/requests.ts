import type { Interruption } from '../places/messages';
import { Requests } from '../places/requests';
import type { Context } from './contexts';

/** Why the user's code was ended: `name` is what Jupyter shows as `ename`. */
export class InterruptionError extends Error {
  override readonly name: Interruption;

  constructor(reason: Interruption, message: string) {
    super(message);
    this.name = reason;
  }
}

interface Watch {
  requests: Requests;
  answered: (request: number) => void;
  describe: (reason: Interruption) => string;
}

let watch: Watch | undefined;

/** What an interrupt ends: the contexts whose cell or comm message still runs, and those that were found looping. */
const running = new Set<Context>();

/**
 * @param answered Tells the protocol (`interrupted`).
 * @param describe The error's message.
 */
export function watchRequests(
  shared: SharedArrayBuffer,
  answered: (request: number) => void,
  describe: (reason: Interruption) => string,
): void {
  watch = { requests: new Requests(shared), answered, describe };
}

/** Whether an interrupt waits for its answer. */
export function requested(): boolean {
  return watch?.requests.pending === true;
}

/** Ends what runs and says so. To be called on each message `interrupt`: without a request it does nothing. */
export function answerRequest(): void {
  if (watch?.requests.pending !== true) return;
  const { requests, answered, describe } = watch;
  const request = requests.latest;
  const error = new InterruptionError(requests.reason, describe(requests.reason));
  requests.answer(request);
  answered(request);
  for (const context of [...running]) {
    running.delete(context);
    context.end(error);
  }
}

export function runs(context: Context): void {
  running.add(context);
}

export function isOver(context: Context): void {
  running.delete(context);
}
