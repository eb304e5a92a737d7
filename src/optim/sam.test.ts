import { describe, expect, it } from 'vitest';
import { goldenModel, goldenX, goldenY } from '../../tests/fixtures/golden';
import { tf } from '../engine';
import { lossFrom } from '../losses';
import { minimize } from './minimize';
import { sam } from './sam';

const start = Float32Array.of(1, -2, 0.5);
const curvature = [4, 2, 1];
/** ½·Σλᵢwᵢ² */
const quadratic = () =>
  lossFrom((p) => p.w.square().mul(curvature).sum().mul(0.5), { w: [3] }, { init: start });
const bases: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  nesterov: () => tf.train.momentum(0.05, 0.9, true),
  adam: () => tf.train.adam(0.05),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  adagrad: () => tf.train.adagrad(0.1),
};

describe('SAM', () => {
  for (const [name, base] of Object.entries(bases))
    it(`with rho = 0 equals its base optimizer, ${name}, bit for bit`, async () => {
      const loss = quadratic();
      const plain = await minimize(loss, start, base(), { steps: 20 });
      const wrapped = await minimize(loss, start, sam(base(), { rho: 0 }), { steps: 20 });
      expect(wrapped.theta).toEqual(plain.theta);
      expect(wrapped.history).toEqual(plain.history);
      expect([plain.gradients, wrapped.gradients]).toEqual([20, 40]);
    });

  it('steps with the gradient at w + ρ·g/‖g‖', async () => {
    const [rho, rate] = [0.3, 0.1];
    const run = await minimize(quadratic(), start, sam(tf.train.sgd(rate), { rho }), { steps: 1 });
    const g = curvature.map((lambda, i) => lambda * (start[i] as number));
    curvature.forEach((lambda, i) => {
      const w = start[i] as number;
      const there = w + (rho * (g[i] as number)) / Math.hypot(...g);
      expect(run.theta[i]).toBeCloseTo(w - rate * lambda * there, 6);
    });
  });

  it('takes one norm over all parameters, however they are cut into tensors', async () => {
    const split = lossFrom(
      (p) => tf.concat([p.a, p.b]).square().mul(curvature).sum().mul(0.5),
      { a: [1], b: [2] },
      { init: start },
    );
    const optimizer = sam(tf.train.sgd(0.1), { rho: 0.3 });
    const [whole, parts] = [
      await minimize(quadratic(), start, optimizer, { steps: 5 }),
      await minimize(split, start, optimizer, { steps: 5 }),
    ];
    parts.theta.forEach((w, i) => {
      expect(w).toBeCloseTo(whole.theta[i] as number, 6);
    });
  });

  it('ends in a cycle of radius ηρλ/(2 − ηλ) along the sharpest axis of diag(4, 2, 1)', async () => {
    const [eta, rho] = [0.1, 0.05];
    const { theta } = await minimize(quadratic(), start, sam(tf.train.sgd(eta), { rho }), { steps: 250 });
    expect(Math.abs(theta[0] as number)).toBeCloseTo((eta * rho * 4) / (2 - eta * 4), 6);
    expect(Math.hypot(theta[1] as number, theta[2] as number)).toBeLessThan(1e-6);
  });

  it('takes two gradients and puts the variables back, bit for bit', () => {
    const w = tf.variable(tf.tensor1d([0.1, 0.2, 0.3]));
    const before = w.dataSync().slice();
    const tensors = tf.memory().numTensors;
    let calls = 0;
    const f = () => {
      calls++;
      return tf.sum(tf.exp(w)) as tf.Scalar;
    };
    const optimizer = sam(tf.train.sgd(0.1));
    const { value, grads } = optimizer.computeGradients(f, [w]);
    expect(calls).toBe(2);
    expect(w.dataSync()).toEqual(before);
    expect(value.dataSync()[0]).toBeCloseTo(
      Array.from(before).reduce((sum, x) => sum + Math.exp(x), 0),
      5,
    );
    tf.dispose([value, grads]);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('puts the variables back when the second gradient throws', () => {
    const w = tf.variable(tf.tensor1d([0.1, 0.2]));
    const before = w.dataSync().slice();
    let calls = 0;
    const f = () => {
      if (++calls === 2) throw new Error('no');
      return tf.sum(tf.square(w)) as tf.Scalar;
    };
    expect(() => sam(tf.train.sgd(0.1)).computeGradients(f, [w])).toThrow('no');
    expect(w.dataSync()).toEqual(before);
  });

  it('refuses a radius that is none, and a base that is no optimizer', () => {
    expect(() => sam(tf.train.sgd(0.1), { rho: -1 })).toThrow(
      new RangeError('rho must be a finite number >= 0, got -1'),
    );
    expect(() => sam(tf.train.sgd(0.1), { rho: Number.NaN })).toThrow(RangeError);
    expect(() => sam(tf.train.sgd(0.1), { roh: 0.1 } as object)).toThrow(
      new TypeError('unknown option roh; the options are rho'),
    );
    expect(() => sam(tf.train.sgd(0.1), 0.1 as unknown as object)).toThrow(
      'options must be an object, got 0.1',
    );
    expect(() => sam('sgd' as unknown as tf.Optimizer)).toThrow(TypeError);
  });
});

describe('SAM is a tf.Optimizer', () => {
  const x = tf.tensor(goldenX);
  const y = tf.tensor(goldenY);

  async function trained(optimizer: tf.Optimizer, callbacks: tf.CustomCallbackArgs = {}) {
    const model = goldenModel();
    model.setWeights(
      model.getWeights().map((w, i) => tf.mul(tf.sin(tf.range(i, i + w.size)), 0.5).reshape(w.shape)),
    );
    model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mae', 'cosine'] });
    const { history } = await model.fit(x, y, {
      epochs: 4,
      batchSize: 8,
      shuffle: false,
      verbose: 0,
      callbacks,
    });
    return { history, model };
  }

  it('trains in model.fit, with the loss and metrics of the unperturbed weights', async () => {
    const plain = await trained(tf.train.momentum(0.05, 0.9));
    const zero = await trained(sam(tf.train.momentum(0.05, 0.9), { rho: 0 }));
    expect(zero.history).toEqual(plain.history);
    const real = await trained(sam(tf.train.momentum(0.05, 0.9), { rho: 0.1 }));
    expect(Object.keys(real.history)).toEqual(Object.keys(plain.history));
    expect(real.history.loss?.at(-1)).not.toBe(plain.history.loss?.at(-1));
    expect(real.history.loss?.at(-1)).toBeLessThan(real.history.loss?.[0] as number);
  });

  it('leaves no more tensors in model.fit than its base does', async () => {
    const leftBy = async (optimizer: tf.Optimizer) => {
      const { model } = await trained(optimizer);
      const tensors = tf.memory().numTensors;
      await model.fit(x, y, { epochs: 2, batchSize: 8, verbose: 0 });
      return tf.memory().numTensors - tensors;
    };
    expect(await leftBy(sam(tf.train.sgd(0.1)))).toBe(await leftBy(tf.train.sgd(0.1)));
  });

  it('survives getConfig and fromConfig, base included', async () => {
    const original = sam(tf.train.adam(0.03, 0.8), { rho: 0.2 });
    const config = JSON.parse(JSON.stringify(original.getConfig()));
    expect(config).toMatchObject({
      rho: 0.2,
      base: { className: 'Adam', config: { learningRate: 0.03, beta1: 0.8 } },
    });
    const [Type] = tf.serialization.SerializationMap.getMap().classNameMap.SAM as unknown as [
      typeof original.constructor,
    ];
    const copy = (Type as unknown as { fromConfig(t: unknown, c: object): tf.Optimizer }).fromConfig(
      Type,
      config,
    );
    expect(copy.getConfig()).toEqual(original.getConfig());
    const loss = quadratic();
    const [a, b] = [
      await minimize(loss, start, original, { steps: 9 }),
      await minimize(loss, start, copy, { steps: 9 }),
    ];
    expect(b.theta).toEqual(a.theta);
    expect(a.optimizer).toBe('SAM(rho=0.2, Adam)');
  });

  it.each(Object.entries(bases))(
    'has the learning rate of its base: a schedule in model.fit, %s',
    async (_, base) => {
      const scheduled = async (optimizer: tf.Optimizer) => {
        const steered = optimizer as unknown as {
          setLearningRate?(rate: number): void;
          learningRate: number;
        };
        const onEpochBegin = async (epoch: number) => {
          const rate = 0.08 / (epoch + 1);
          if (steered.setLearningRate) steered.setLearningRate(rate);
          else steered.learningRate = rate;
        };
        const { history } = await trained(optimizer, { onEpochBegin });
        expect(steered.learningRate).toBe(0.02);
        return history;
      };
      const plain = await scheduled(base());
      expect(await scheduled(sam(base(), { rho: 0 }))).toEqual(plain);
      expect(plain).not.toEqual((await trained(base())).history);
    },
  );

  it('takes a learning rate as a property too, and keeps it in copies', async () => {
    for (const base of Object.values(bases)) {
      const [assigned, called] = [sam(base()), sam(sam(base()))];
      assigned.learningRate = 0.003;
      called.setLearningRate(0.003);
      for (const optimizer of [assigned, called]) expect(optimizer.learningRate).toBe(0.003);
      const [run, other] = [
        await minimize(quadratic(), start, assigned, { steps: 3 }),
        await minimize(quadratic(), start, sam(base()), { steps: 3 }),
      ];
      expect(run.theta).not.toEqual(other.theta);
    }
  });

  it('refuses a learning rate that is none', () => {
    const optimizer = sam(tf.train.sgd(0.1));
    for (const rate of [Number.NaN, -1, Number.POSITIVE_INFINITY])
      expect(() => optimizer.setLearningRate(rate)).toThrow(
        new RangeError(`learningRate must be a finite number >= 0, got ${rate}`),
      );
    expect(optimizer.learningRate).toBe(0.1);
  });

  it('says so when its base has no learning rate', () => {
    class Still extends tf.Optimizer {
      static readonly className: string = 'Still';
      override applyGradients(): void {}
      override getConfig() {
        return {};
      }
    }
    const optimizer = sam(new Still());
    expect(() => optimizer.learningRate).toThrow(TypeError);
    expect(() => optimizer.setLearningRate(0.1)).toThrow('Still must have a learningRate');
  });

  it('saves and restores the state of its base', async () => {
    const { model } = await trained(sam(tf.train.momentum(0.05, 0.9)));
    const optimizer = model.optimizer as ReturnType<typeof sam>;
    const weights = await optimizer.getWeights();
    expect(weights.length).toBe(1 + 4);
    expect(optimizer.iterations).toBe(optimizer.base.iterations);
    expect(optimizer.iterations).toBe(12);
  });

  it('leaves batch norm the averages of the unperturbed pass, whatever rho is', async () => {
    const averages = async (optimizer: tf.Optimizer): Promise<number[]> => {
      const first = tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: 'ones' });
      const layers = [
        first,
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
      ];
      const model = tf.sequential({ layers });
      model.compile({ optimizer, loss: 'meanSquaredError' });
      const x = tf.tensor2d([
        [1, 2],
        [3, 4],
        [0, 1],
      ]);
      await model.fit(x, tf.tensor2d([[1], [0], [2]]), {
        epochs: 1,
        batchSize: 3,
        shuffle: false,
        verbose: 0,
      });
      return [...(layers[1]?.getWeights()[2]?.dataSync() ?? [])];
    };
    const plain = await averages(tf.train.sgd(0.1));
    expect(plain).toHaveLength(3);
    expect(await averages(sam(tf.train.sgd(0.1), { rho: 0 }))).toEqual(plain);
    expect(await averages(sam(tf.train.sgd(0.1), { rho: 5 }))).toEqual(plain);
  });
});
