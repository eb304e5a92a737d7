import { type Context, isOwnAlive, ownContext } from './contexts';
import { refuseEnded } from './refuse';
import { requested } from './requests';
import { cellsOnStack, isInHook } from './stack';

/**
 * What functions of a compiled cell call first. Refuses those that an interrupted cell has left behind, as a listener, a
 * callback or a reaction to a promise. What its own code calls, to clean up, runs, and so does what a later cell has put
 * to something of it.
 * @param cell The one whose functions these are.
 */
export function entering(cell: Context): () => void {
  return () => {
    if (isOwnAlive()) {
      if (requested()) refuseEnded();
      return;
    }
    const context = ownContext();
    if (context?.ended === undefined || context.isEnding) return;
    if (cell.number > context.number || cellsOnStack() > 1 || isInHook()) return;
    throw context.ended;
  };
}
