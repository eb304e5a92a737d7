import { executionAsyncId } from 'node:async_hooks';
import { Session } from 'node:inspector';
import { ownContext } from './contexts';
import { requested, runs, struck } from './requests';

/**
 * The session's side of the hard way to interrupt: what the protocol's thread calls by the inspector
 * (`interrupt/interrupter.ts`) while this thread is busy. V8 runs it in the middle of the user's loop, at a check of
 * the stack.
 */
export interface Striker {
  /** A function of Node's module of async hooks: its closure leads to their binding. */
  readonly probe: () => number;
  /** Node's `clearAsyncIdStack`, found through `probe`. Without it, Node aborts when a callback was terminated. */
  clear: (() => void) | undefined;
  /** Terminates what runs, unless it has answered meanwhile. */
  strike(): 'answered' | 'struck';
}

export const STRIKER: unique symbol = Symbol.for('losslab.kernel.striker');

/** Makes this thread strikable. No flags of Node are needed. */
export function allowStrikes(): void {
  let own: Session | undefined;
  const striker: Striker = {
    probe: executionAsyncId,
    clear: undefined,
    strike() {
      if (!requested() || striker.clear === undefined) return 'answered';
      own ??= connected();
      const culprit = ownContext();
      if (culprit !== undefined) runs(culprit);
      struck();
      striker.clear();
      // In this very turn: asked for by the other thread, it could hit what comes next.
      own.post('Runtime.terminateExecution');
      return 'struck';
    },
  };
  Object.defineProperty(globalThis, STRIKER, { value: striker });
}

function connected(): Session {
  const session = new Session();
  session.connect();
  return session;
}
