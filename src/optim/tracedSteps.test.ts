import { describe, expect, it } from 'vitest';
import { goldenLoss, goldenTheta, goldenX, goldenY } from '../../tests/fixtures/golden';
import { tf } from '../engine';
import { lossFrom, lossOf } from '../losses';
import { minimize } from './minimize';
import { sam } from './sam';

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.05, 0.9),
  nesterov: () => tf.train.momentum(0.05, 0.9, true),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.5),
  rmsprop: () => tf.train.rmsprop(0.01),
  'SAM on momentum': () => sam(tf.train.momentum(0.05, 0.9), { rho: 0.1 }),
  'SAM on adam': () => sam(tf.train.adam(0.01), { rho: 0.1 }),
};

/** Twenty steps are taken eagerly; more of them are traced, and very many of this tiny network unrolled. */
const LENGTHS = { traced: 60, unrolled: 220 };

function expectNear(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  for (let i = 0; i < a.length; i++)
    expect(Math.abs((a[i] as number) - (b[i] as number))).toBeLessThan(tolerance);
}

describe('a traced step', () => {
  for (const [name, make] of Object.entries(optimizers))
    for (const [kind, steps] of Object.entries(LENGTHS))
      it(`is the eager step of ${name}, ${kind}`, async () => {
        const train = (length: number) =>
          minimize(goldenLoss(), goldenTheta, make(), { steps: length, batchSize: 6, seed: 2, record: 1000 });
        const [eager, traced] = [await train(20), await train(steps)];
        expectNear(traced.history.loss.slice(0, 20), eager.history.loss, 5e-6);
        expectNear(traced.trajectory[20]?.theta ?? [], eager.theta, 2e-5);
        expect(traced.gradients / traced.steps).toBe(eager.gradients / eager.steps);
      });

  it.each([sam(tf.train.adam(0.01)), tf.train.sgd(0.1)])('runs without JavaScript: %#', async (optimizer) => {
    let calls = 0;
    const bowl = (p: { w: tf.Tensor }): tf.Tensor => {
      calls++;
      return p.w.square().sum();
    };
    const loss = lossFrom(bowl, { w: [2] }, { init: Float32Array.of(1, 2) });
    for (const [steps, most] of [
      [100, 8],
      [400, 80],
    ] as const) {
      calls = 0;
      await minimize(loss, loss.params(), optimizer, { steps });
      expect(calls).toBeLessThanOrEqual(most);
    }
  });

  it('unrolled, the same call twice is the same run, and its trajectory ends where it ends', async () => {
    const train = () =>
      minimize(goldenLoss(), goldenTheta, tf.train.adam(0.01), { steps: 250, batchSize: 7 });
    const [a, b] = [await train(), await train()];
    expect(b).toEqual(a);
    expect(a.trajectory.at(-1)?.theta).toEqual(a.theta);
    expect(a.history.loss).toHaveLength(250);
  });

  it('stops at the target within a group of unrolled steps, where eager steps do', async () => {
    const train = (steps: number) =>
      minimize(goldenLoss(), goldenTheta, tf.train.sgd(0.05), { steps, targetLoss: 0.53 });
    const [traced, eager] = [await train(1000), await train(29)];
    expect(eager.stopped).toBe('targetLoss');
    expect(traced.steps).toBe(eager.steps);
    expectNear(traced.theta, eager.theta, 1e-5);
  });

  it('leaves no tensor and no variable behind', async () => {
    const loss = goldenLoss();
    const optimizer = sam(tf.train.adam(0.01));
    const train = () => minimize(loss, goldenTheta, optimizer, { steps: 40, batchSize: 6 });
    await train();
    const tensors = tf.memory().numTensors;
    await train();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors);
  });

  it('is not taken of an optimizer that counts in JavaScript', async () => {
    class Alternating extends tf.SGDOptimizer {
      private count = 0;
      override applyGradients(gradients: Parameters<tf.SGDOptimizer['applyGradients']>[0]): void {
        if (this.count++ % 2 === 0) super.applyGradients(gradients);
      }
    }
    const loss = goldenLoss();
    const every = await minimize(loss, goldenTheta, tf.train.sgd(0.05), { steps: 20 });
    const second = await minimize(loss, goldenTheta, new Alternating(0.05), { steps: 40 });
    expectNear(second.theta, every.theta, 1e-5);
  });
});

function normalized(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, inputShape: [3] }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.activation({ activation: 'tanh' }),
      tf.layers.dense({ units: 2 }),
    ],
  });
}

describe('batch normalisation in minimize', () => {
  const data = { x: goldenX, y: goldenY, loss: 'meanSquaredError' };
  const averages = (model: tf.LayersModel) =>
    model.nonTrainableWeights.flatMap((weight) => Array.from(weight.read().dataSync()));

  for (const [name, optimizer] of [
    ['SGD', () => tf.train.sgd(0.1)],
    // With a larger ball the steps jump from side to side, and rounding errors grow a thousandfold in ten of them.
    ['SAM', () => sam(tf.train.sgd(0.1), { rho: 0.02 })],
  ] as const)
    for (const steps of [5, 40])
      it(`ends at the weights and averages of model.fit with ${name}, in ${steps} steps`, async () => {
        const model = normalized();
        const loss = lossOf(model, data);
        const run = await minimize(loss, loss.params({ seed: 3 }), optimizer(), { steps });
        loss.assign(loss.params({ seed: 3 }));
        model.compile({ optimizer: optimizer(), loss: 'meanSquaredError' });
        await model.fit(tf.tensor2d(goldenX), tf.tensor2d(goldenY), {
          batchSize: 20,
          epochs: steps,
          shuffle: false,
          verbose: 0,
        });
        expectNear(run.theta, loss.params(), 2e-5);
        expectNear(run.state ?? [], averages(model), 2e-5);
        expect(run.state).toHaveLength(10);
      });

  it('leaves the averages of the model alone; withState and assign put those of the run in their place', async () => {
    const model = normalized();
    const loss = lossOf(model, data);
    const before = averages(model);
    const run = await minimize(loss, loss.params({ seed: 3 }), tf.train.sgd(0.1), { steps: 40 });
    expect(averages(model)).toEqual(before);
    const around = loss.withState(run.state as Float32Array);
    expect(await around.value(run.theta)).toBe(run.finalLoss);
    expect(await loss.value(run.theta)).not.toBeCloseTo(run.finalLoss, 3);
    loss.assign(run.theta, run.state);
    expect(await loss.value(run.theta)).toBeCloseTo(run.finalLoss, 6);
    expect(() => loss.withState(new Float32Array(9))).toThrow('state must have 10 numbers');
  });
});
