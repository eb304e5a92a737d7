import { type AsyncHook, createHook, executionAsyncId } from 'node:async_hooks';
import { Session } from 'node:inspector';
import { type Context, ownContext } from './contexts';
import type { Fullness, Heap } from './heap';
import {
  blockedByChild,
  endRunning,
  foundAtWork,
  isSpared,
  latestRequest,
  requestEnd,
  requested,
} from './requests';
import { Sparing } from './sparing';
import { DEPTH, EVALUATED, HOOKS, interruptedFiles, isCells, isUsers } from './stack';
import { onAnswer, struck } from './struck';
import { isIdle } from './targets';

/**
 * The session's side of the hard way to interrupt: what the protocol's thread calls by the inspector
 * (`interrupt/interrupter.ts`) while this thread is busy. V8 runs it in the middle of the user's loop, at a check of
 * the stack.
 */
export interface Striker {
  /** A function of Node's module of async hooks: its closure leads to their binding. */
  readonly probe: () => number;
  /** The protocol's thread hands over Node's binding, which it finds through `probe`. */
  equip(asyncWrap: AsyncWrap): void;
  /** Terminates what runs, if it is the user's and has not answered meanwhile. */
  strike(): Strike;
  /** Makes ready for a debugger that has stopped what runs and is about to go on; whether it is to terminate that. */
  release(): boolean;
  /** Whether what stands, as the heap was full, has filled it: V8 may have stopped the next one. */
  hasFilledHeap(): boolean;
  /** Looks at this thread's heap. When it is full, what fills it is ended. */
  lookAtHeap(): Fullness;
}

const { nextTick } = process;

/** `between`: the user's code will be back within microseconds. */
export type Strike = 'hit' | 'between' | 'missed';

/** What we need of `internalBinding('async_wrap')`; the same from Node 20 to 26. */
export interface AsyncWrap {
  clearAsyncIdStack(): void;
  readonly async_hook_fields: Uint32Array;
  readonly constants: Record<Field, number>;
}
type Field = 'kTotals' | 'kCheck';

export const STRIKER: unique symbol = Symbol.for('losslab.kernel.striker');

/** Makes this thread strikable. No flags of Node are needed. @param heap What `lookAtHeap` looks at. */
export function allowStrikes(heap: Heap): void {
  let asyncWrap: AsyncWrap | undefined;
  let own: Session | undefined;
  const spared = new Sparing();
  let between = 0;
  const prepare = (culprit = ownContext()): void => {
    if (culprit !== undefined) foundAtWork(culprit);
    struck();
    blockedByChild(false);
    asyncWrap?.clearAsyncIdStack();
  };
  const terminate = (culprit?: Context): void => {
    own ??= connected();
    prepare(culprit);
    // In this very turn: asked for by the other thread, it could hit what comes next.
    own.post('Runtime.terminateExecution');
  };
  // Node's hooks run nearly all the time where promises follow each other without end: as one of them this has its turn.
  const takeTurn = async (culprit: Context | undefined, request: number): Promise<void> => {
    await undefined;
    between = 0;
    if (!requested() || latestRequest() !== request) return;
    terminate(culprit);
    // Here it comes: whatever follows could be a hook again, where Node ends the process.
    for (let i = 0; i < 1e6; i += 1);
  };
  const striker: Striker = {
    probe: executionAsyncId,
    equip(wrap) {
      asyncWrap = wrap;
      checkNothing(wrap);
      onAnswer(() => {
        spared.forget();
        between = 0;
        wrap.clearAsyncIdStack();
      });
    },
    strike() {
      if (!requested() || asyncWrap === undefined) return 'missed';
      if (isSpared(ownContext()) && !heap.isUrgent) return 'missed';
      const moment = interruptedFiles();
      if (isBetween(moment)) {
        between += 1;
        if (between === PATIENCE) void takeTurn(ownContext(), latestRequest());
        return 'between';
      }
      if (!isUsersMoment(moment) || (isForeign(moment[0]) && spared.spares())) return 'missed';
      spared.forget();
      terminate();
      return 'hit';
    },
    release() {
      const isToEnd = isUsersMoment(interruptedFiles());
      if (isToEnd) prepare();
      return isToEnd;
    },
    hasFilledHeap: () => heap.isOver && isUsersMoment(interruptedFiles()),
    lookAtHeap() {
      const culprit = heap.suspectOf(ownContext());
      // Who fills it will be found at work, if not now. Where there is no time for that, what runs is ended.
      if (heap.isOver && culprit === undefined && (isIdle() || !heap.isUrgent)) return 'near';
      const fullness = heap.look();
      if (fullness !== 'full' || !requestEnd('HeapLimit')) return fullness;
      if (culprit !== undefined) foundAtWork(culprit);
      // What Node does for him has no good moments: he ends after this callback.
      if (striker.strike() !== 'hit' && culprit !== undefined) nextTick.call(process, endRunning);
      return 'full';
    },
  };
  Object.defineProperty(globalThis, STRIKER, { value: striker });
}

/** So many strikes in a row that find a moment between two of the user's functions. */
const PATIENCE = 5;

function connected(): Session {
  const session = new Session();
  session.connect();
  return session;
}

/** Node's book-keeping between callbacks. */
const BETWEEN = /^node:(?:internal\/)?(?:async|timers|process\/|bootstrap\/|promise)/;
/** What was terminated while Node loads it would never work again. */
const LOADING = 'node:internal/bootstrap/realm';

/** Where termination can end the process, or lose what is no part of the cell. */
const isBetween = (moment: readonly string[]): boolean =>
  BETWEEN.test(moment[0] ?? '') || moment.includes(LOADING) || moment.includes(HOOKS);

const isForeign = (file = ''): boolean => file !== '' && file !== EVALUATED && !isCells(file);

/** A deep stack is the user's, whatever can be seen of it. */
const isUsersMoment = (moment: readonly string[]): boolean =>
  moment.length > DEPTH / 2 || moment.some(isUsers);

/**
 * Node keeps a stack of what runs for async hooks, and aborts when a callback that was terminated did not leave it as it
 * was: so its checks are switched off. That hooks are called depends on other counts. It must be so before anything is
 * terminated, as no code of ours runs where a stack has overflowed; and again when somebody has switched a hook.
 */
function checkNothing({ async_hook_fields: fields, constants }: AsyncWrap): void {
  const off = (): void => {
    fields[constants.kTotals] = 0;
    fields[constants.kCheck] = 0;
  };
  off();
  const prototype = Object.getPrototypeOf(createHook({})) as AsyncHook;
  for (const name of ['enable', 'disable'] as const) {
    const plain = prototype[name];
    prototype[name] = function () {
      plain.call(this);
      off();
      return this;
    };
  }
}
