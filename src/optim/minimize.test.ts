import { describe, expect, it } from 'vitest';
import { goldenLoss, goldenModel, goldenTheta, goldenX, goldenY } from '../../tests/fixtures/golden';
import { analytic } from '../analytic';
import { tf } from '../engine';
import { lossFrom, lossOf } from '../losses';
import { AbortError } from '../progress';
import { minimize } from './minimize';
import { DivergedError } from './run';
import { sam } from './sam';

const parabola = (lambda: number) =>
  lossFrom(
    (p) =>
      p.w
        .square()
        .sum()
        .mul(lambda / 2),
    { w: [1] },
    { init: Float32Array.of(1) },
  );
const one = Float32Array.of(1);
const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error) => error,
  );

describe('minimize', () => {
  it('is gradient descent: w shrinks by 1 − ηλ a step', async () => {
    const run = await minimize(parabola(2), one, tf.train.sgd(0.1), { steps: 7 });
    expect(run.theta[0]).toBeCloseTo(0.8 ** 7, 6);
    expect(run.finalLoss).toBeCloseTo(0.8 ** 14, 6);
    expect(run).toMatchObject({ steps: 7, gradients: 7, stopped: 'steps', optimizer: 'SGD', seed: 0 });
    expect(run.history.step).toEqual([0, 1, 2, 3, 4, 5, 6]);
    run.history.loss.forEach((loss, i) => {
      expect(loss).toBeCloseTo(0.8 ** (2 * i), 5);
    });
  });

  it('diverges on ½λw² exactly when η > 2/λ', async () => {
    const eta = 0.1;
    for (const [lambda, grows] of [
      [19.9, false],
      [20.1, true],
    ] as const) {
      const run = await minimize(parabola(lambda), one, tf.train.sgd(eta), { steps: 100 });
      expect(Math.abs(run.theta[0] as number) > 1).toBe(grows);
    }
  });

  it('the same call twice gives the same run, bit for bit; another seed gives another', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 9, inputShape: [3] }),
        tf.layers.dropout({ rate: 0.3 }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const loss = lossOf(model, { x: goldenX, y: goldenY, loss: 'meanSquaredError' });
    const theta = loss.params({ seed: 1 });
    const optimizer = sam(tf.train.momentum(0.05, 0.9));
    const train = (seed: number) => minimize(loss, theta, optimizer, { epochs: 5, batchSize: 6, seed });
    const [a, again, other] = [await train(3), await train(3), await train(4)];
    expect(again).toEqual(a);
    expect(other.theta).not.toEqual(a.theta);
  });

  it('sees every row once an epoch, in another order each time', async () => {
    const seen: number[][] = [];
    const rows = Array.from({ length: 10 }, (_, i) => i);
    const loss = lossFrom(
      (p, [rows]) => {
        seen.push(Array.from(rows.dataSync()));
        return p.w.sum().mul(0);
      },
      { w: [1] },
      { data: [rows] },
    );
    await minimize(loss, one, tf.train.sgd(0.1), { epochs: 2, batchSize: 4 });
    // The last call is the loss of the whole data.
    const batches = seen.slice(0, -1);
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 2, 4, 4, 2]);
    const [first, second] = [batches.slice(0, 3).flat(), batches.slice(3).flat()];
    expect(first.toSorted((a, b) => a - b)).toEqual(rows);
    expect(second.toSorted((a, b) => a - b)).toEqual(rows);
    expect(second).not.toEqual(first);
  });

  it('moves neither the model nor the optimizer it was given', async () => {
    const model = goldenModel();
    const before = model.getWeights().map((w) => Array.from(w.dataSync()));
    const optimizer = tf.train.adam(0.1);
    await minimize(goldenLoss(model), goldenTheta, optimizer, { steps: 3 });
    expect(model.getWeights().map((w) => Array.from(w.dataSync()))).toEqual(before);
    expect(optimizer.iterations).toBe(0);
  });

  it('keeps at most 200 points of the way, start and end among them', async () => {
    const run = await minimize(parabola(1), one, tf.train.sgd(0.001), { steps: 450 });
    const steps = run.trajectory.map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(200);
    expect(steps.length).toBeGreaterThan(100);
    expect([steps[0], steps.at(-1)]).toEqual([0, 450]);
    const gaps = steps.slice(1, -1).map((step, i) => step - (steps[i] as number));
    expect(new Set(gaps).size).toBe(1);
    expect(run.trajectory[0]?.theta).toEqual(one);
    expect(run.trajectory.at(-1)?.theta).toEqual(run.theta);
    const short = await minimize(parabola(1), one, tf.train.sgd(0.001), { steps: 50, record: 5 });
    expect(short.trajectory.length).toBeLessThanOrEqual(5);
  });

  it('stops at the target loss of the whole data', async () => {
    const full = await minimize(parabola(1), one, tf.train.sgd(0.1), { targetLoss: 0.01 });
    expect(full.stopped).toBe('targetLoss');
    expect(full.finalLoss).toBeLessThanOrEqual(0.01);
    expect(full.finalLoss).toBeGreaterThan(0.01 * 0.9 ** 10);
    const batches = await minimize(goldenLoss(), goldenTheta, tf.train.sgd(0.1), {
      epochs: 100,
      batchSize: 5,
      targetLoss: 0.52,
    });
    expect(batches).toMatchObject({ stopped: 'targetLoss' });
    expect(batches.steps % 5).toBe(0); // no epoch is that long, so it stops inside one
    expect(batches.finalLoss).toBeLessThanOrEqual(0.52);
    const there = await minimize(parabola(1), one, tf.train.sgd(0.1), { targetLoss: 1 });
    expect(there).toMatchObject({ steps: 0, stopped: 'targetLoss', gradients: 0 });
  });

  it('takes 100 steps on all rows unless told otherwise', async () => {
    expect((await minimize(parabola(1), one, tf.train.sgd(0.1))).steps).toBe(100);
  });

  it('works on an analytic loss, whose arrays it keeps', async () => {
    const loss = analytic.quadratic([4, 2, 1]);
    const run = await minimize(loss, Float64Array.of(1, 1, 1), sam(tf.train.sgd(0.1), { rho: 0.05 }), {
      steps: 250,
    });
    expect(run.theta).toBeInstanceOf(Float64Array);
    expect(Math.abs(run.theta[0] as number)).toBeCloseTo(0.0125, 5);
  });

  it('reports progress and lets others run meanwhile', async () => {
    const done: number[] = [];
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await minimize(goldenLoss(), goldenTheta, tf.train.sgd(0.01), {
      steps: 300,
      onProgress: ({ done: n, total }) => done.push(n / total),
    });
    clearInterval(timer);
    expect(done.at(-1)).toBe(1);
    expect(done.length).toBe(300);
    expect(ticks).toBeGreaterThan(0);
  });

  it('when aborted, throws an AbortError with the run until then', async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 10 && controller.abort();
    const error = await caught(
      minimize(parabola(1), one, tf.train.sgd(0.1), { signal: controller.signal, onProgress }),
    );
    expect(error).toBeInstanceOf(AbortError);
    expect((error as AbortError).partial).toMatchObject({ steps: 10, stopped: 'aborted' });
  });

  it('when the loss is no longer finite, throws a DivergedError with the run until then', async () => {
    const error = await caught(minimize(parabola(1), one, tf.train.sgd(100), { steps: 1000 }));
    expect(error).toBeInstanceOf(DivergedError);
    const { message, partial } = error as DivergedError;
    expect(message).toMatch(
      /^the loss must stay finite, got (Infinity|NaN) after \d+ steps of SGD: lower the learning rate/,
    );
    expect(partial.stopped).toBe('diverged');
    expect(partial.trajectory[0]?.theta).toEqual(one);
    const last = await caught(minimize(parabola(1), one, tf.train.sgd(1e30), { steps: 1 }));
    expect(last).toBeInstanceOf(DivergedError);
  });

  it('where θ itself is no longer finite, throws a DivergedError too, with a target or without', async () => {
    const steep = parabola(1e20);
    const optimizer = tf.train.sgd(1e30);
    for (const options of [{ steps: 1 }, { steps: 3 }, { steps: 9, targetLoss: 0 }]) {
      const error = await caught(minimize(steep, one, optimizer, options));
      expect(error).toBeInstanceOf(DivergedError);
      const { theta, finalLoss } = (error as DivergedError).partial;
      expect([Number.isFinite(theta[0]), finalLoss]).toEqual([false, Number.NaN]);
    }
  });

  it('leaves no tensor behind, whichever the optimizer and however it ends', async () => {
    const optimizers = [
      tf.train.sgd(0.1),
      tf.train.momentum(0.1, 0.9),
      tf.train.adam(0.1),
      tf.train.rmsprop(0.1),
      tf.train.adagrad(0.1),
      tf.train.adadelta(0.1),
      tf.train.adamax(0.1),
      sam(tf.train.momentum(0.1, 0.9)),
      tf.train.sgd(1e30),
    ];
    const loss = goldenLoss();
    const failing = lossFrom(
      (p): tf.Tensor => {
        p.a.tanh().square();
        throw new Error('no');
      },
      { a: [2] },
    );
    const tensors = tf.memory().numTensors;
    for (const optimizer of optimizers) {
      await caught(minimize(loss, goldenTheta, optimizer, { steps: 3, batchSize: 7 }));
      expect(tf.memory().numTensors).toBe(tensors);
      await caught(minimize(failing, failing.params(), optimizer, { steps: 3 }));
      expect(tf.memory().numTensors).toBe(tensors);
    }
  });
});

it('minimize names a model in the place of its loss, a forgotten theta and a number that is text', async () => {
  const sgd = tf.train.sgd(0.1);
  const say = async (...args: unknown[]): Promise<string> =>
    String(await caught(minimize(...(args as Parameters<typeof minimize>))));
  expect(await say(goldenModel(), goldenTheta, sgd)).toMatch('loss must be a loss, such as lossOf');
  expect(await say(goldenLoss(), sgd)).toMatch(
    'theta must be a Float32Array or Float64Array, got SGDOptimizer',
  );
  expect(await say(goldenLoss(), goldenTheta, sgd, { epochs: '2' })).toMatch("got the string '2'");
});

describe('minimize refuses, before any work', () => {
  const attempt = (options: object, optimizer: unknown = tf.train.sgd(0.1)) =>
    caught(minimize(goldenLoss(), goldenTheta, optimizer as tf.Optimizer, options));
  const cases: [object, string][] = [
    [{ steps: 0 }, 'steps must be an integer >= 1, got 0'],
    [{ epochs: 1.5 }, 'epochs must be an integer >= 1, got 1.5'],
    [{ batchSize: -4, epochs: 1 }, 'batchSize must be an integer >= 1, got -4'],
    [{ steps: 2, epochs: 2 }, 'epochs and steps must not both be given'],
    [{ record: 1 }, 'record must be an integer >= 2, got 1'],
    [{ targetLoss: Number.NaN }, 'targetLoss must be a finite number, got NaN'],
    [{ seed: 0.5 }, 'seed must be a whole number'],
    [{ learningRate: 0.1 }, 'unknown option learningRate; the options are epochs, steps, batchSize, seed'],
  ];
  for (const [options, message] of cases)
    it(JSON.stringify(options), async () =>
      expect(((await attempt(options)) as Error).message).toContain(message),
    );

  it('what is no optimizer, a θ of the wrong length, and batches of a loss without data', async () => {
    expect(((await attempt({}, 'adam')) as Error).message).toBe(
      'optimizer must be a tf.Optimizer, such as tf.train.sgd(0.1), got adam',
    );
    expect(await caught(minimize(goldenLoss(), one, tf.train.sgd(0.1)))).toBeInstanceOf(RangeError);
    expect(String(await caught(minimize(parabola(1), one, tf.train.sgd(0.1), { batchSize: 2 })))).toMatch(
      /this loss has no data/,
    );
  });
});
