import type { LossDescription } from '../loss';
import type { Vector } from '../vector';

/** What `minimize` returns: where it ended and how it came there. Plain data. */
export interface Run<A extends Vector = Vector> {
  theta: A;
  /**
   * Of a model with weights besides θ that training moves (batch norm's averages): their values at the end.
   * `loss.withState(run.state)` is the loss around this run's θ.
   */
  state?: Float32Array;
  /** The loss of the whole data at `theta`, in inference mode. */
  finalLoss: number;
  /** Points on the way, start and end among them; at most 200, thinned evenly. `step` counts the steps taken before. */
  trajectory: { step: number; theta: A }[];
  /** The loss each step started from, of its batch and in training mode. */
  history: { step: number[]; loss: number[] };
  /** Gradient evaluations in all: SAM takes two a step. */
  gradients: number;
  steps: number;
  seed: number;
  /** Such as `SAM(rho=0.05, momentum)`: the name used in captions. */
  optimizer: string;
  /** Why it ended; an aborted or diverged run is the `partial` of the error that says so. */
  stopped: 'steps' | 'targetLoss' | 'aborted' | 'diverged';
  loss: LossDescription;
}

/** Thrown when the loss became NaN or infinite; `partial` is the run until then. */
export class DivergedError<A extends Vector = Vector> extends Error {
  override readonly name = 'DivergedError' as const;
  readonly partial: Run<A>;

  constructor(value: number, partial: Run<A>) {
    super(
      `the loss must stay finite, got ${value} after ${partial.steps} steps of ${partial.optimizer}: ` +
        'lower the learning rate. The run until then is in `partial` of this error',
    );
    this.partial = partial;
  }
}
