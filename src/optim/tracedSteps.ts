import { childSeed, compile, releasingTape, scoped, seedTensor, tf } from '../engine';
import type { TraceableLoss, TrainingSession } from '../loss';
import type { Vector } from '../vector';
import type { Schedule } from './schedule';
import type { Stepper, Stepping, Taken } from './stepper';

// A training step as one call of a graph: both gradients of SAM, the optimizer's update and its own variables. Several
// steps of a tiny network make one call together, since calling costs more than computing there.

/** Numbers a step touches (parameters times rows) up to which it counts as tiny. */
const TINY = 2 ** 17;
/** Unrolled steps take longer to trace: they pay when there are many. */
const WORTH_UNROLLING = 200;
const MOST_UNROLLED = 8;

/** Losses before each step, and θ after each, as [steps, dim]. */
type Unrolled = (rows: object[], seeds: tf.Tensor1D[]) => { losses: Float32Array[]; thetas: Float32Array[] };

/**
 * Steps by graphs. The first is left to `eager`: it makes the optimizer's own variables, which a recorded step must
 * find.
 */
export function tracedSteps<A extends Vector>(
  stepping: Stepping<A>,
  traceable: TraceableLoss,
  eager: Stepper<A>,
): Stepper<A> {
  const { session, schedule } = stepping;
  const { run, dispose, gradients } = compiledSteps(stepping, traceable);
  const together = stepsTogether(session, schedule);
  let ahead: { step: number; losses: Float32Array[]; thetas: Float32Array[] } | undefined;
  let theta: (() => A) | undefined;

  const next = (step: number): Taken => {
    const place = step - (ahead?.step ?? 0);
    if (ahead === undefined || place >= ahead.losses.length) {
      const count = step === 0 ? 0 : groupFrom(step, together, schedule);
      theta = undefined;
      if (count === 0) return eager.take(step);
      ahead = { step, ...run(step, count) };
      return next(step);
    }
    const after = ahead.thetas[place];
    // A single step leaves θ where it is; of several, each one's is known.
    theta = after === undefined ? undefined : () => after as A;
    return { loss: ahead.losses[place]?.[0] as number, gradients: gradients() };
  };
  return {
    take: next,
    theta: () => theta?.() ?? session.theta(),
    dispose,
  };
}

/** How many steps make one call: whole epochs, or parts of one, so that the same sizes of batches come again. */
function stepsTogether(session: TrainingSession<Vector>, { steps, stepsPerEpoch, rows }: Schedule): number {
  const parameters = session.variables.reduce((sum, { size }) => sum + size, 0);
  const tiny = parameters * Math.max(1, rows) <= TINY && session.state.length === 0;
  if (!tiny || steps < WORTH_UNROLLING) return 1;
  return stepsPerEpoch > MOST_UNROLLED
    ? MOST_UNROLLED
    : stepsPerEpoch * Math.floor(MOST_UNROLLED / stepsPerEpoch);
}

/**
 * How many steps a group has that begins here. Groups of an epoch begin at multiples of their length, so that the same
 * sizes of batches meet; steps before the first and after the last whole group are none, and taken eagerly.
 */
function groupFrom(step: number, together: number, { steps, stepsPerEpoch }: Schedule): number {
  const cycle = together % stepsPerEpoch === 0 ? together : stepsPerEpoch;
  // With all rows at each step any beginning will do: the first step that can be traced.
  const place = (stepsPerEpoch === 1 ? step - 1 : step) % cycle;
  if (place % together !== 0) return 0;
  const count = Math.min(together, cycle - place);
  return step + count <= steps ? count : 0;
}

interface Compiled {
  run(step: number, count: number): ReturnType<Unrolled>;
  /** Gradients of one step. */
  gradients(): number;
  dispose(): void;
}

function compiledSteps<A extends Vector>(stepping: Stepping<A>, { take, forward }: TraceableLoss): Compiled {
  const { schedule, seed } = stepping;
  const counter = { gradients: 0 };
  const several = unrolled(stepping, forward, counter);
  const compiled = compile(several, undefined, { name: 'training step', after: 0, arrays: true });
  return {
    run: (step, count) => {
      const steps = Array.from({ length: count }, (_, i) => step + i);
      const taken = steps.map((n) => take(schedule.batch(n)));
      try {
        return scoped(() => {
          const seeds = steps.map((n) => seedTensor(childSeed(seed, n)));
          return (compiled as unknown as Unrolled)(
            taken.map(({ rows }) => rows),
            seeds,
          );
        });
      } finally {
        for (const { release } of taken) release();
      }
    },
    gradients: () => counter.gradients,
    dispose: compiled.dispose,
  };
}

/** In a scope of its own: what is compiled must not see what is made of it, or it is never freed. */
function unrolled<A extends Vector>(
  { session, optimizer }: Stepping<A>,
  forward: TraceableLoss['forward'],
  counter: { gradients: number },
): (rows: object[], seeds: tf.Tensor1D[]) => { losses: tf.Scalar[]; thetas: tf.Tensor[] } {
  const one = (rows: object, draws: tf.Tensor1D): tf.Scalar => {
    counter.gradients = 0;
    const counted = releasingTape((): tf.Scalar => {
      counter.gradients++;
      return forward(rows, draws);
    });
    return optimizer.minimize(counted, true, session.variables) as tf.Scalar;
  };
  const flat = (): tf.Tensor => tf.concat(session.variables.map((variable) => tf.reshape(variable, [-1])));
  return (rows, seeds) =>
    tf.tidy(() => {
      const losses: tf.Scalar[] = [];
      const thetas: tf.Tensor[] = [];
      rows.forEach((batch, i) => {
        losses.push(one(batch, seeds[i] as tf.Tensor1D));
        if (rows.length > 1) thetas.push(flat());
      });
      return { losses, thetas };
    });
}
