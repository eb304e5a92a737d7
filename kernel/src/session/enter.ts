import { isAnyEnded, ownContext } from './contexts';
import { cellsOnStack } from './stack';

/**
 * What functions of compiled cells call first. Refuses those that an interrupted cell has left behind, as a listener, a
 * callback or a reaction to a promise. What its own code calls, to clean up, runs.
 */
export function enter(): void {
  if (!isAnyEnded()) return;
  const context = ownContext();
  if (context?.ended === undefined || context.isEnding || cellsOnStack() > 1) return;
  throw context.ended;
}
