import { isOwnAlive, ownContext } from './contexts';
import { endRunning, isToEnd, requested } from './requests';
import { isInHook } from './stack';

/** What cleans up passes here a few times; who swallows the error and goes on, without end. */
const CLEANING = 100;

let passed = 0;

/**
 * To be called where code of the user's often passes by, in the middle of whatever a library does there: throws when the
 * cell that it runs for is interrupted, or was. An error is what libraries clean up after; code that is terminated runs
 * no `finally`.
 */
export function refuseEnded(): void {
  const isAlive = isOwnAlive();
  if (isAlive && !requested()) return;
  const context = ownContext();
  if (context === undefined) return;
  if (isAlive) {
    // What a cell that is over has left goes on, unless it is found looping (`strike.ts`).
    if (!isToEnd(context) || isInHook()) return;
    endRunning();
    passed = 0;
  } else if (context.isEnding && passed < CLEANING) {
    passed += 1;
    return;
  }
  throw context.ended;
}
