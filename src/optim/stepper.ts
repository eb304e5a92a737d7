import { childSeed, releasingTape, tf } from '../engine';
import type { TrainingSession } from '../loss';
import { withRemedy } from '../losses/kernels';
import type { Vector } from '../vector';
import type { Schedule } from './schedule';
import { isTraceable } from './traceable';
import { tracedSteps } from './tracedSteps';

/** A step taken: the loss it started from, and how many gradients it took. */
export interface Taken {
  loss: number;
  gradients: number;
}

/** Takes the steps of a training, one after the other. */
export interface Stepper<A extends Vector> {
  take(step: number): Taken;
  /** Where the steps taken so far have led. */
  theta(): A;
  dispose(): void;
}

/** What a stepper works on. */
export interface Stepping<A extends Vector> {
  session: TrainingSession<A>;
  optimizer: tf.Optimizer;
  schedule: Schedule;
  seed: number;
}

/** Fewer steps do not repay the tracing, which costs about as much as ten of them. */
const WORTH_TRACING = 30;

/** Chosen by the training alone, never by timing: the same call takes the same steps, bit for bit. */
export function stepperOf<A extends Vector>(stepping: Stepping<A>): Stepper<A> {
  const eager = eagerSteps(stepping);
  const { session, optimizer, schedule } = stepping;
  if (session.traceable === undefined || schedule.steps < WORTH_TRACING || !isTraceable(optimizer))
    return eager;
  return tracedSteps(stepping, session.traceable, eager);
}

function eagerSteps<A extends Vector>({ session, optimizer, schedule, seed }: Stepping<A>): Stepper<A> {
  return {
    take: (step) => {
      const batch = schedule.batch(step);
      let gradients = 0;
      const forward = releasingTape((): tf.Scalar => {
        gradients++;
        return session.forward(batch, childSeed(seed, step));
      });
      const cost = withRemedy(() =>
        tf.tidy(() => optimizer.minimize(forward, true, session.variables) as tf.Scalar),
      );
      const [loss] = cost.dataSync();
      cost.dispose();
      return { loss: loss as number, gradients };
    },
    theta: session.theta,
    dispose: () => undefined,
  };
}
