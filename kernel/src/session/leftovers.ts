import type { Context } from './contexts';
import { isIdle, msSinceLastEnd } from './targets';
import { clearFired } from './timers';

/** Who stops a cell often presses twice: the second time is not meant for what others have left. */
const MEANT_MS = 1000;
/** So many contexts are remembered before those that are gone are dropped. */
const SWEPT = 100;

let contexts: WeakRef<Context>[] = [];
let sweepAt = SWEPT;

/** A cell begins, which may leave something running. */
export function mayLeave(context: Context): void {
  contexts.push(new WeakRef(context));
  if (contexts.length < sweepAt) return;
  contexts = contexts.filter((each) => each.deref() !== undefined);
  sweepAt = Math.max(SWEPT, 2 * contexts.length);
}

/** What an interrupt is for while no cell runs: timers, servers, workers and promises of cells that are over. */
export function leftovers(): Context[] {
  if (!isIdle() || msSinceLastEnd() < MEANT_MS) return [];
  return contexts.flatMap((each) => each.deref() ?? []).filter(hasLeft);
}

function hasLeft(context: Context): boolean {
  if (context.ended !== undefined) return false;
  clearFired(context);
  return context.waiters.size > 0;
}
