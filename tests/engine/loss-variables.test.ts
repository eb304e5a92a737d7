import { describe, expect, it } from 'vitest';
import { tf } from '../../src/engine';
import { lossFrom, lossOf } from '../../src/losses';
import { minimize, sam } from '../../src/optim';
import { AbortError } from '../../src/progress';
import { lossSlice2D } from '../../src/slices';
import { numbers, type Program, programs } from './loss-programs';

const normed = (): Program => (programs.batchNorm as () => Program)();
const bits = (model: tf.LayersModel): string[] =>
  model
    .getWeights()
    .map((weight) => Buffer.from((weight.dataSync() as Float32Array).slice().buffer).toString('hex'));
const variables = (): number => Object.keys(tf.engine().registeredVariables).length;

/** Adam has variables of its own from the start. */
const adam = sam(tf.train.adam(0.1));

/** Whatever asks a loss, by name. */
const questions: Record<string, (program: Program) => Promise<unknown>> = {
  gradient: ({ loss }) => loss.gradient(loss.params({ seed: 2 })),
  'gradient of a batch': ({ loss }) => loss.gradient(loss.params({ seed: 2 }), [1, 2]),
  hvp: ({ loss }) => loss.hvp(loss.params({ seed: 2 }), numbers(loss.dim)),
  values: ({ loss }) => loss.values([loss.params({ seed: 2 }), numbers(loss.dim)]),
  slice: ({ loss }) => lossSlice2D(loss, loss.params(), { points: 3 }),
  evaluate: ({ loss }) => loss.evaluate(numbers(loss.dim)),
  'minimize, eager': ({ loss }) => minimize(loss, loss.params({ seed: 2 }), tf.train.sgd(0.5), { steps: 5 }),
  'minimize, traced': ({ loss }) =>
    minimize(loss, loss.params({ seed: 2 }), adam, { steps: 35, batchSize: 10 }),
};

describe('the variables of a model with batch norm stay as they were, bit for bit', () => {
  for (const [name, ask] of Object.entries(questions))
    it(`through ${name}, at the first call and the second`, async () => {
      const program = normed();
      const before = bits(program.model);
      const count = variables();
      await ask(program);
      await ask(program);
      expect(bits(program.model)).toEqual(before);
      expect(variables()).toBe(count);
    });

  it.each([5, 400])('when minimize is aborted in the middle of %i steps', async (steps) => {
    const { model, loss } = normed();
    const before = bits(model);
    const count = variables();
    const controller = new AbortController();
    const training = minimize(loss, loss.params(), tf.train.sgd(0.1), {
      steps,
      signal: controller.signal,
      onProgress: ({ done }) => done === 3 && controller.abort(),
    });
    await expect(training).rejects.toThrow(AbortError);
    expect(bits(model)).toEqual(before);
    expect(variables()).toBe(count);
  });

  it.each(['the first call', 'a later call'])("when the user's loss function throws at %s", async (when) => {
    const { model } = normed();
    let fails = false;
    const moody = (y: tf.Tensor, predicted: tf.Tensor): tf.Tensor => {
      if (fails) throw new Error('no');
      return tf.mean(tf.squaredDifference(y, predicted), -1);
    };
    const loss = lossOf(model, { x: numbers(60), y: numbers(36), loss: moody });
    const theta = loss.params({ seed: 1 });
    const before = bits(model);
    const count = variables();
    // Graphs that are built do not ask the function again: other numbers of rows do.
    if (when !== 'the first call') await loss.gradient(theta);
    fails = true;
    await expect(loss.gradient(theta, [1])).rejects.toThrow('no');
    await expect(loss.hvp(theta, theta)).rejects.toThrow('no');
    await expect(loss.values([theta])).rejects.toThrow('no');
    await expect(minimize(loss, theta, tf.train.sgd(0.1), { steps: 3 })).rejects.toThrow('no');
    await expect(minimize(loss, theta, sam(tf.train.sgd(0.1)), { steps: 50 })).rejects.toThrow('no');
    expect(bits(model)).toEqual(before);
    expect(variables()).toBe(count);
    fails = false;
    expect((await loss.gradient(theta)).value).toBeCloseTo(await loss.value(theta), 5);
  });

  it('but what a function of the user reads of a variable is read live, not frozen into a graph', async () => {
    const counter = tf.variable(tf.scalar(1));
    const loss = lossFrom(({ w }) => tf.sum(tf.mul(w, counter)), { w: [2] });
    await loss.gradient(Float32Array.of(1, 2));
    expect(await loss.value(Float32Array.of(1, 2))).toBe(3);
    counter.assign(tf.scalar(2));
    expect(await loss.value(Float32Array.of(1, 2))).toBe(6);
    expect((await loss.gradient(Float32Array.of(1, 2))).gradient).toEqual(Float32Array.of(2, 2));
  });
});
