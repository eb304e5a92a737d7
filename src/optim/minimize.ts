import type { tf } from '../engine';
import { checkLoss, type Loss, type TrainingSession } from '../loss';
import { checkOptions } from '../options';
import { checkPoint } from '../params';
import { AbortError, type LongWork, longWork, pace } from '../progress';
import { checkSeed } from '../random';
import type { Vector } from '../vector';
import { checkOptimizer, describeOptimizer, disposeOptimizer, freshCopy } from './optimizers';
import { DivergedError, type Run } from './run';
import { type Schedule, scheduleOf } from './schedule';
import { type Stepper, stepperOf } from './stepper';
import { type Recorder, recorder } from './trajectory';

export interface MinimizeOptions extends LongWork {
  /** How often every row is seen. */
  epochs?: number;
  /** Instead of epochs: how many steps; 100 by default, enough to see a path on a small problem. */
  steps?: number;
  /** Rows of a step; all of them by default (gradient descent). */
  batchSize?: number;
  /** Of the order of the rows and of dropout; 0 by default. */
  seed?: number;
  /** Stops when the loss of the whole data is at most this: looked at ten times an epoch, at least 5 steps apart. */
  targetLoss?: number;
  /** How many points of the way are kept, start and end among them; 200 by default. */
  record?: number;
}

const OPTIONS = [
  'epochs',
  'steps',
  'batchSize',
  'seed',
  'targetLoss',
  'record',
  'onProgress',
  'signal',
] as const;

/** Runs that are to be compared should end close to the target, not up to an epoch below it. */
const CHECKS_AN_EPOCH = 10;
/** A look at the whole data costs as much as a few steps. */
const STEPS_BETWEEN_CHECKS = 5;

/**
 * Trains from θ with any optimizer, in training mode, and returns the run; neither the loss's model nor the optimizer
 * given is changed, so the same call twice gives the same run, bit for bit.
 *
 * @param loss what to minimize. With batch normalisation `run.state` holds its averages, and `loss.withState(run.state)`
 *   is the loss around `run.theta`.
 * @param theta where to start, `loss.dim` numbers.
 * @param optimizer any `tf.Optimizer`; a copy with fresh state takes the steps, at the learning rate it has when the
 *   run starts (for a schedule use `model.fit`).
 * @throws TypeError or RangeError for options that do not fit; DivergedError when the loss is no longer finite and
 * AbortError when `signal` was aborted, both with the run until then as `partial`.
 * @example
 * ```ts
 * import { lossFrom, minimize, tf } from 'losslab';
 * const bowl = lossFrom((p) => p.w.square().sum(), { w: [2] }, { init: Float32Array.of(1, 2) });
 * const run = await minimize(bowl, bowl.params(), tf.train.sgd(0.1), { steps: 50 });
 * console.log(run.finalLoss, run.theta);
 * ```
 */
export async function minimize<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  optimizer: tf.Optimizer,
  options: MinimizeOptions = {},
): Promise<Run<A>> {
  checkLoss(loss);
  checkPoint(loss.layout, theta);
  checkOptimizer(optimizer);
  checkOptions(options, OPTIONS);
  const { seed = 0, record = 200, targetLoss } = options;
  checkSeed(seed);
  if (!Number.isInteger(record) || record < 2)
    throw new RangeError(`record must be an integer >= 2, got ${record}`);
  if (targetLoss !== undefined && !Number.isFinite(targetLoss))
    throw new RangeError(`targetLoss must be a finite number, got ${targetLoss}`);
  const schedule = scheduleOf(loss.description.samples, options);
  const copy = freshCopy(optimizer);
  const session = await open(loss, theta, copy);
  const steps = stepperOf({ session, optimizer: copy, schedule, seed });
  try {
    const training: Omit<Training<A>, 'options'> = {
      loss,
      optimizer: copy,
      session,
      steps,
      schedule,
      seed,
      path: recorder(record),
    };
    return await longWork({ label: 'minimize', total: schedule.steps }, options, (work) =>
      train({ ...training, options: work }),
    );
  } finally {
    steps.dispose();
    session.dispose();
    disposeOptimizer(copy);
  }
}

interface Training<A extends Vector> {
  loss: Loss<A>;
  optimizer: tf.Optimizer;
  session: TrainingSession<A>;
  steps: Stepper<A>;
  schedule: Schedule;
  seed: number;
  path: Recorder<A>;
  options: MinimizeOptions;
}

async function train<A extends Vector>(training: Training<A>): Promise<Run<A>> {
  const { steps, schedule, path, options } = training;
  const { signal, targetLoss } = options;
  const progress = pace({ onProgress: options.onProgress }, schedule.steps, () => undefined);
  const history: Run['history'] = { step: [], loss: [] };
  let gradients = 0;
  const finish = async (stopped: Run['stopped']): Promise<Run<A>> =>
    conclude(training, history, gradients, stopped);

  for (let step = 0; step < schedule.steps; step++) {
    if (signal?.aborted) throw new AbortError(await finish('aborted'), signal.reason);
    if (targetLoss !== undefined && isCheck(schedule, step) && (await lossHere(training)) <= targetLoss)
      return finish('targetLoss');
    path.offer(step, steps.theta);
    const taken = steps.take(step);
    gradients += taken.gradients;
    history.step.push(step);
    history.loss.push(taken.loss);
    if (!Number.isFinite(taken.loss)) throw new DivergedError(taken.loss, await finish('diverged'));
    await progress(step + 1);
  }
  return finishLast(await finish('steps'), targetLoss);
}

/** Whether the target is looked at before this step. */
function isCheck({ stepsPerEpoch }: Schedule, step: number): boolean {
  return step % Math.max(STEPS_BETWEEN_CHECKS, Math.ceil(stepsPerEpoch / CHECKS_AN_EPOCH)) === 0;
}

async function conclude<A extends Vector>(
  training: Training<A>,
  history: Run['history'],
  gradients: number,
  stopped: Run['stopped'],
): Promise<Run<A>> {
  const { loss, optimizer, session, steps, seed, path } = training;
  const theta = steps.theta();
  const state = stateOf(session);
  const taken = history.step.length;
  return {
    theta,
    ...(state.length === 0 ? {} : { state }),
    finalLoss: await lossHere(training),
    trajectory: path.end(taken, theta),
    history,
    gradients,
    steps: taken,
    seed,
    optimizer: describeOptimizer(optimizer),
    stopped,
    loss: loss.description,
  };
}

/** What was trained besides θ, one after the other. */
function stateOf(session: TrainingSession<Vector>): Float32Array {
  const parts = session.state.map((variable) => variable.dataSync());
  const state = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((offset, part) => {
    state.set(part, offset);
    return offset + part.length;
  }, 0);
  return state;
}

/** The loss of the whole data; NaN where a step led out of the finite numbers: there a loss refuses to be asked. */
async function lossHere<A extends Vector>({ session, steps }: Training<A>): Promise<number> {
  const theta = steps.theta();
  return theta.every(Number.isFinite) ? session.value(theta) : Number.NaN;
}

/** The last step, too, can reach the target, or leave what is finite. */
function finishLast<A extends Vector>(run: Run<A>, targetLoss: number | undefined): Run<A> {
  if (!Number.isFinite(run.finalLoss))
    throw new DivergedError(run.finalLoss, { ...run, stopped: 'diverged' });
  return targetLoss !== undefined && run.finalLoss <= targetLoss ? { ...run, stopped: 'targetLoss' } : run;
}

async function open<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  optimizer: tf.Optimizer,
): Promise<TrainingSession<A>> {
  try {
    return await loss.train(theta);
  } catch (error) {
    disposeOptimizer(optimizer);
    throw error;
  }
}
