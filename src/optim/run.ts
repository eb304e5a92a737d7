import type { LossDescription } from '../loss';
import type { Vector } from '../vector';

/** What `minimize` returns: where it ended and how it came there. Plain data. */
export interface Run<A extends Vector = Vector> {
  theta: A;
  /** Points on the way, start and end among them; at most 200, thinned evenly. */
  trajectory: { step: number; theta: A }[];
  /** Loss of each recorded step: of its batch for `batchLoss`, of the whole data for `loss` at the end of each epoch. */
  history: { step: number[]; loss: number[] };
  /** Gradient evaluations in all: SAM takes two a step. */
  gradients: number;
  steps: number;
  seed: number;
  /** Such as `SAM(rho=0.05, momentum)`: the name used in captions. */
  optimizer: string;
  /** Why it ended. */
  stopped: 'steps' | 'targetLoss' | 'aborted';
  loss: LossDescription;
}
