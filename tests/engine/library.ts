import { compiledLoss, penalties, tf, withWeights } from '../../src/engine';
import type { Library } from './cases';

/** The cases' library as losslab has it, with its remedies. */
export const losslab: Library = { tf, withWeights, penalties, compiledLoss };
