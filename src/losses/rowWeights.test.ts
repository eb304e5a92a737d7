import { beforeAll, describe, expect, it } from 'vitest';
import { fitOnce, gradientError, settled } from '../../tests/fixtures/fit';
import { denseChain, ready, tf } from '../engine';
import { minimize } from '../optim';
import { lossOf } from '.';

beforeAll(ready);

const ROWS = 12;
const grid = (columns: number, at: (i: number, j: number) => number) =>
  Array.from({ length: ROWS }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)));
const x = grid(4, (i, j) => Math.cos(1.3 * (i + 1) * (j + 1)));
const classes = Array.from({ length: ROWS }, (_, i) => (i * i) % 3);
const oneHot = grid(3, (i, j) => Number(classes[i] === j));
const amounts = grid(3, (i, j) => Math.sin(i + 3 * j));
const classWeights = { 0: 0.5, 1: 2, 2: 0 };
const byClass = classes.map((label) => [0.5, 2, 0][label] as number);

const model = settled(
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [4] }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  }),
);
const data = { x, y: classes, loss: 'categoricalCrossentropy' };
const near = (got: number, wanted: number, relative = 1e-6) =>
  expect(Math.abs(got / wanted - 1)).toBeLessThan(relative);

describe('class weights', () => {
  for (const [name, y, stock] of [
    ['categoricalCrossentropy', oneHot, tf.tensor(oneHot)],
    ['sparseCategoricalCrossentropy', classes, tf.tensor(classes, [ROWS, 1])],
    ['meanSquaredError', amounts, tf.tensor(amounts)],
    ['huberLoss', amounts, undefined],
  ] as const)
    it(`of ${name} make the loss and the gradient of model.fit with classWeight`, async () => {
      const huber = (labels: tf.Tensor, predictions: tf.Tensor) =>
        tf.mean(tf.losses.huberLoss(labels, predictions, undefined, 1, tf.Reduction.NONE), -1);
      const args = { classWeight: classWeights };
      const labels = stock ?? tf.tensor(amounts);
      const fitted = await fitOnce(model, { loss: stock ? name : huber }, tf.tensor(x), labels, args);
      const loss = lossOf(model, { ...data, y: y as number[][], loss: name, classWeights });
      near(await loss.value(loss.params()), fitted.logs.loss as number);
      expect(await gradientError(loss, fitted.gradient)).toBeLessThan(1e-6);
    });

  it('of one output of two are those of model.fit; the other counts all rows alike', async () => {
    const input = tf.input({ shape: [4] });
    const head = (name: string) =>
      tf.layers.dense({ units: 3, activation: 'softmax', name }).apply(input) as tf.SymbolicTensor;
    const two = settled(tf.model({ inputs: input, outputs: [head('left'), head('right')] }));
    const labels = tf.tensor(oneHot);
    const fitted = await fitOnce(two, { loss: 'categoricalCrossentropy' }, tf.tensor(x), [labels, labels], {
      classWeight: { right: classWeights },
    });
    for (const given of [{ right: classWeights }, [undefined, [0.5, 2, 0]]]) {
      const loss = lossOf(two, { ...data, y: [oneHot, classes], classWeights: given as { right: object } });
      const found = await loss.evaluate(loss.params());
      for (const name of ['loss', 'left_loss', 'right_loss'])
        near(found[name] as number, fitted.logs[name] as number);
      expect(await gradientError(loss, fitted.gradient)).toBeLessThan(1e-6);
    }
  });

  it('go by the labels −1 and 1 too', async () => {
    const one = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    const y = x.map((_, i) => (i % 3 === 0 ? 1 : -1));
    const loss = lossOf(one, { x, y, loss: 'hinge', classWeights: { '-1': 1, '1': 3 } });
    const same = lossOf(one, { x, y, loss: 'hinge', sampleWeights: y.map((sign) => 2 + sign) });
    expect(await loss.value(loss.params())).toBe(await same.value(loss.params()));
  });
});

describe('sample weights', () => {
  const sampleWeights = x.map((_, i) => (i % 5) / 2);

  it('multiply the loss of each row; the mean is over all rows, weights of 0 among them', async () => {
    const [plain, weighted] = [lossOf(model, data), lossOf(model, { ...data, sampleWeights })];
    const theta = plain.params();
    const rows = await Promise.all(x.map((_, i) => plain.value(theta, [i])));
    const sum = (over: number[]) =>
      over.reduce((total, i) => total + (sampleWeights[i] as number) * (rows[i] as number), 0) / over.length;
    near(await weighted.value(theta), sum(x.map((_, i) => i)));
    near(await weighted.value(theta, [7, 2, 4, 2]), sum([7, 2, 4, 2]));
    expect(await weighted.value(theta, [5])).toBe(0);
  });

  it('that are the classes’ are class weights, bit for bit; both together multiply', async () => {
    const [a, b, both, product] = [
      { sampleWeights: Float32Array.from(byClass) },
      { classWeights },
      { sampleWeights: tf.tensor1d(sampleWeights), classWeights: [0.5, 2, 0] },
      { sampleWeights: byClass.map((weight, i) => weight * (sampleWeights[i] as number)) },
    ].map((weights) => lossOf(model, { ...data, ...weights }));
    const theta = a!.params();
    expect(await a!.value(theta)).toBe(await b!.value(theta));
    expect(await a!.gradient(theta)).toEqual(await b!.gradient(theta));
    expect(await both!.value(theta)).toBe(await product!.value(theta));
  });

  it('of 2 count a row twice, of 0 not: value, gradient, Hessian-vector product', async () => {
    const counts = x.map((_, i) => i % 3);
    const repeated = counts.flatMap((count, i) => Array<number>(count).fill(i));
    const [plain, weighted] = [lossOf(model, data), lossOf(model, { ...data, sampleWeights: counts })];
    const theta = plain.params();
    const v = theta.map((_, k) => Math.sin(k + 1));
    const scale = repeated.length / ROWS;
    near(await weighted.value(theta), scale * (await plain.value(theta, repeated)));
    const [g, h] = [await weighted.gradient(theta), await plain.gradient(theta, repeated)];
    const [hv, hw] = [await weighted.hvp(theta, v), await plain.hvp(theta, v, repeated)];
    g.gradient.forEach((slope, k) => {
      expect(Math.abs(slope - scale * (h.gradient[k] as number))).toBeLessThan(1e-6);
      expect(Math.abs((hv[k] as number) - scale * (hw[k] as number))).toBeLessThan(2e-6);
    });
  });

  it('weigh what has several numbers a row by their mean', async () => {
    const series = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3, 1] })] });
    const [inputs, y] = [
      tf.randomNormal([4, 3, 1], 0, 1, 'float32', 1),
      tf.randomNormal([4, 3, 2], 0, 1, 'float32', 2),
    ];
    const [plain, weighted] = [{}, { sampleWeights: [0, 1, 2, 5] }].map((weights) =>
      lossOf(series, { x: inputs, y, loss: 'meanSquaredError', ...weights }),
    );
    const theta = plain!.params();
    const rows = await Promise.all([0, 1, 2, 3].map((i) => plain!.value(theta, [i])));
    near(await weighted!.value(theta), ((rows[1] ?? 0) + 2 * (rows[2] ?? 0) + 5 * (rows[3] ?? 0)) / 4);
  });

  it('leave metrics as they are, as model.fit does', async () => {
    const [plain, weighted] = [{}, { sampleWeights }].map((weights) =>
      lossOf(model, { ...data, ...weights, metrics: ['accuracy', 'mse'] }),
    );
    const [a, b] = [await plain!.evaluate(plain!.params()), await weighted!.evaluate(plain!.params())];
    expect([b.accuracy, b.mse]).toEqual([a.accuracy, a.mse]);
    expect(b.loss).not.toBe(a.loss);
  });

  it('are in what minimize trains', async () => {
    const loss = lossOf(model, { ...data, sampleWeights, classWeights });
    const theta = loss.params();
    const { gradient } = await loss.gradient(theta, [0, 3, 4]);
    const session = await loss.train(theta);
    tf.train.sgd(1).minimize(() => session.forward([0, 3, 4], 1), false, session.variables);
    session.theta().forEach((w, k) => {
      expect(Math.abs((theta[k] as number) - w - (gradient[k] as number))).toBeLessThan(1e-6);
    });
    session.dispose();
    const run = await minimize(loss, theta, tf.train.sgd(0.3), { epochs: 30, batchSize: 4 });
    expect(run.finalLoss).toBeLessThan(0.8 * (await loss.value(theta)));
  });
});

describe('many points in one call', () => {
  for (const name of [
    'categoricalCrossentropy',
    'softmaxCrossEntropy',
    'binaryCrossentropy',
    'sigmoidCrossEntropy',
  ])
    it(`are as one by one with weights and smoothing: ${name}`, async () => {
      expect(denseChain(model)).toBeDefined();
      const loss = lossOf(model, {
        ...{ x, y: oneHot, loss: name, classWeights, sampleWeights: x.map((_, i) => 1 + (i % 2)) },
        ...{ lossWeights: [0.7], labelSmoothing: 0.2, metrics: ['accuracy'], batchSize: 5 },
      });
      const theta = loss.params();
      const directions = [theta.map((_, k) => Math.cos(k)), theta.map((_, k) => Math.sin(2 * k))];
      const coefficients = Array.from({ length: 9 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
      const points = coefficients.map((row) =>
        theta.map((w, k) => w + row.reduce((sum, c, j) => sum + c * (directions[j]?.[k] ?? 0), 0)),
      );
      const single = await Promise.all(points.map((point) => loss.gradient(point)));
      const stacked = await loss.values(points);
      const along = await loss.values({ at: theta, directions, coefficients });
      single.forEach(({ value }, i) => {
        near(stacked[i] as number, value, 2e-6);
        near(along[i] as number, value, 3e-6);
      });
    });
});
