import { type AsyncHook, createHook, executionAsyncId } from 'node:async_hooks';
import { Session } from 'node:inspector';
import { ownContext } from './contexts';
import type { Fullness, Heap } from './heap';
import {
  blockedByChild,
  endRunning,
  foundAtWork,
  isSpared,
  isUrgent,
  requestEnd,
  requested,
} from './requests';
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
  let spared = 0;
  const prepare = (): void => {
    const culprit = ownContext();
    if (culprit !== undefined) foundAtWork(culprit);
    struck();
    blockedByChild(false);
    asyncWrap?.clearAsyncIdStack();
  };
  const striker: Striker = {
    probe: executionAsyncId,
    equip(wrap) {
      asyncWrap = wrap;
      checkNothing(wrap);
      onAnswer(() => {
        spared = 0;
        wrap.clearAsyncIdStack();
      });
    },
    strike() {
      if (!requested() || asyncWrap === undefined) return 'missed';
      if (isSpared(ownContext()) && !heap.isUrgent) return 'missed';
      const moment = interruptedFiles();
      if (isBetween(moment)) return 'between';
      spared += 1;
      if (!isGood(moment, spared)) return 'missed';
      spared = 0;
      own ??= connected();
      prepare();
      // In this very turn: asked for by the other thread, it could hit what comes next.
      own.post('Runtime.terminateExecution');
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

function connected(): Session {
  const session = new Session();
  session.connect();
  return session;
}

/**
 * So many times in a row code of Node's and of packages is spared when a cell called it: it may only be passing, and what
 * it leaves half done nobody mends. TensorFlow.js and losslab come by where they are ended by an error (`refuse.ts`).
 */
const SPARED = 20;
/** Node's book-keeping between callbacks. */
const BETWEEN = /^node:(?:internal\/)?(?:async|timers|process\/|bootstrap\/|promise)/;
/** What was terminated while Node loads it would never work again. */
const LOADING = 'node:internal/bootstrap/realm';

/** Where termination can end the process, or lose what is no part of the cell. */
const isBetween = (moment: readonly string[]): boolean =>
  BETWEEN.test(moment[0] ?? '') || moment.includes(LOADING) || moment.includes(HOOKS);

/** Whether to terminate what is on the stack. */
function isGood(moment: readonly string[], spared: number): boolean {
  const [top = ''] = moment;
  if (isBetween(moment)) return false;
  if (isForeign(top) && spared < SPARED && !isUrgent()) return false;
  return isUsersMoment(moment);
}

const isForeign = (file: string): boolean => file !== '' && file !== EVALUATED && !isCells(file);

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
