import { describe, expect, it } from 'vitest';
import { tf } from '../../src/engine';
import type { Loss } from '../../src/loss';
import { minimize, type Run, sam } from '../../src/optim';
import { AbortError } from '../../src/progress';
import { drawing, type Program, programs } from './loss-programs';

/** The same steps, of a class that nobody knows to take every step alike: they run eagerly. */
class EagerSgd extends tf.SGDOptimizer {}

const losses: Record<string, () => Loss<Float32Array>> = {
  ...Object.fromEntries(Object.entries(programs).map(([name, make]) => [name, () => make().loss])),
  'a function with data and draws': drawing,
};
const mlp = (): Loss<Float32Array> => (programs.mlp as () => Program)().loss;
/** 24 rows: batches of 10, 10 and 4. */
const ways = { seed: 3, batchSize: 10, record: 1000 };

function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0);
}

describe('steps by graphs', () => {
  // LSTM, CNN and batch norm are too large, or have too much state, to be unrolled: 220 steps are one by one there.
  it.each(Object.keys(losses))(
    'of %s are the eager ones, smaller last batches and draws included',
    async (name) => {
      const loss = (losses[name] as () => Loss<Float32Array>)();
      const theta = loss.params({ seed: 1 });
      const eager = await minimize(loss, theta, new EagerSgd(0.05), { ...ways, steps: 40 });
      const long = await minimize(loss, theta, tf.train.sgd(0.05), { ...ways, steps: 220 });
      const short = await minimize(loss, theta, tf.train.sgd(0.05), { ...ways, steps: 40 });
      for (const run of [long, short]) {
        expect(apart(run.history.loss.slice(0, 40), eager.history.loss)).toBeLessThan(1e-5);
        expect(apart(run.trajectory[40]?.theta ?? [], eager.theta)).toBeLessThan(1e-5);
        expect(run.gradients).toBe(run.steps);
      }
      expect(short.finalLoss).toBeCloseTo(eager.finalLoss, 5);
      expect(apart(short.state ?? [], eager.state ?? [])).toBeLessThan(1e-5);
    },
  );

  it('draw anew at each step, and the same with the same seed', async () => {
    const loss = drawing();
    const still = () => tf.train.sgd(0);
    const train = (seed: number) => minimize(loss, loss.params(), still(), { steps: 60, seed });
    const [a, b, c] = [await train(1), await train(1), await train(2)];
    expect(new Set(a.history.loss).size).toBe(60);
    expect(b.history.loss).toEqual(a.history.loss);
    expect(c.history.loss).not.toEqual(a.history.loss);
    expect(a.theta).toEqual(loss.params());
  });
});

describe('a learning rate that is changed between two calls counts', () => {
  const changes: Record<string, { make: (rate: number) => tf.Optimizer; change: (o: tf.Optimizer) => void }> =
    {
      sgd: { make: (r) => tf.train.sgd(r), change: (o) => (o as tf.SGDOptimizer).setLearningRate(0.2) },
      sam: {
        make: (r) => sam(tf.train.momentum(r, 0.5)),
        change: (o) => Object.assign(o, { learningRate: 0.2 }),
      },
      adam: { make: (r) => tf.train.adam(r), change: (o) => Object.assign(o, { learningRate: 0.2 }) },
    };
  for (const [name, { make, change }] of Object.entries(changes))
    it.each([5, 40])(`of ${name}, in %i steps`, async (steps) => {
      const loss = mlp();
      const train = (optimizer: tf.Optimizer) =>
        minimize(loss, loss.params({ seed: 1 }), optimizer, { steps });
      const optimizer = make(0.01);
      const slow = await train(optimizer);
      change(optimizer);
      const fast = await train(optimizer);
      expect(fast.theta).toEqual((await train(make(0.2))).theta);
      expect(fast.theta).not.toEqual(slow.theta);
    });
});

describe('an abort in the middle of unrolled steps', () => {
  it.each([1, 2, 17, 50, 53, 219])('after %i steps has that many, and the theta they led to', async (at) => {
    const loss = mlp();
    const optimizer = sam(tf.train.sgd(0.05));
    const train = (options: object) =>
      minimize(loss, loss.params({ seed: 1 }), optimizer, { ...ways, steps: 220, ...options });
    const whole = await train({});
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === at && controller.abort();
    const error = (await train({ signal: controller.signal, onProgress }).catch((e) => e)) as AbortError<Run>;
    expect(error).toBeInstanceOf(AbortError);
    const { partial } = error;
    expect(partial).toMatchObject({ steps: at, stopped: 'aborted', gradients: 2 * at });
    expect(partial.theta).toEqual(whole.trajectory[at]?.theta);
    expect(partial.history.loss).toEqual(whole.history.loss.slice(0, at));
    expect(partial.trajectory.at(-1)).toEqual({ step: at, theta: partial.theta });
    expect(partial.finalLoss).toBe(await loss.value(partial.theta));
  });
});
