import { describe, expect, it } from 'vitest';
import { tf } from '../engine';
import { lossOf } from '.';
import { namedLoss } from './named';

const ROWS = 12;
const grid = (columns: number, at: (i: number, j: number) => number): number[][] =>
  Array.from({ length: ROWS }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)));
const x = grid(4, (i, j) => Math.cos(1.3 * (i + 1) * (j + 1)));
const classes = Array.from({ length: ROWS }, (_, i) => i % 3);
const oneHot = grid(3, (i, j) => Number(classes[i] === j));
const signs = oneHot.map((row) => row.map((bit) => 2 * bit - 1));
const amounts = grid(3, (i, j) => 0.2 + Math.abs(Math.sin(i + 3 * j)));

function network(activation: 'softmax' | 'sigmoid' | 'linear', units = 3): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({
        units: 5,
        activation: 'relu',
        inputShape: [4],
        kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
      }),
      tf.layers.dense({ units, activation, kernelInitializer: tf.initializers.glorotNormal({ seed: 4 }) }),
    ],
  });
}

/** What model.evaluate says: the loss, then the metrics. */
function stock(
  model: tf.LayersModel,
  y: number[][],
  loss: string | typeof tf.losses.huberLoss,
  metrics: string[] = [],
): number[] {
  model.compile({ optimizer: 'sgd', loss: loss as string, metrics });
  const results = [model.evaluate(tf.tensor(x), tf.tensor(y))].flat() as tf.Scalar[];
  return results.map((result) => result.dataSync()[0] as number);
}

describe('a loss by name is that of model.evaluate', () => {
  const compiled: [string, 'softmax' | 'sigmoid' | 'linear', number[][]][] = [
    ['meanSquaredError', 'linear', amounts],
    ['meanAbsoluteError', 'linear', amounts],
    ['meanAbsolutePercentageError', 'linear', amounts],
    ['meanSquaredLogarithmicError', 'sigmoid', amounts],
    ['squaredHinge', 'linear', signs],
    ['hinge', 'linear', signs],
    ['categoricalHinge', 'linear', oneHot],
    ['logcosh', 'linear', amounts],
    ['categoricalCrossentropy', 'softmax', oneHot],
    ['sparseCategoricalCrossentropy', 'softmax', classes.map((c) => [c])],
    ['binaryCrossentropy', 'sigmoid', oneHot],
    ['kullbackLeiblerDivergence', 'softmax', oneHot],
    ['poisson', 'sigmoid', amounts],
    ['cosineProximity', 'linear', amounts],
  ];
  for (const [name, activation, y] of compiled)
    it(name, async () => {
      const model = network(activation);
      const loss = lossOf(model, { x, y, loss: name });
      const [expected = 0] = stock(model, y, name);
      expect(Math.abs((await loss.value(loss.params())) / expected - 1)).toBeLessThan(1e-5);
    });

  const ofLogits: [string, number[][]][] = [
    ['softmaxCrossEntropy', oneHot],
    ['sigmoidCrossEntropy', oneHot],
    ['huberLoss', amounts],
    ['hingeLoss', oneHot],
    ['absoluteDifference', amounts],
  ];
  for (const [name, y] of ofLogits)
    it(name, async () => {
      const model = network('linear');
      const loss = lossOf(model, { x, y, loss: name });
      const stockLoss = (tf.losses as unknown as Record<string, typeof tf.losses.huberLoss>)[name];
      const [expected = 0] = stock(model, y, stockLoss as typeof tf.losses.huberLoss);
      expect(Math.abs((await loss.value(loss.params())) / expected - 1)).toBeLessThan(1e-5);
    });

  it('cosineDistance, along the outputs', async () => {
    const model = network('linear');
    const loss = lossOf(model, { x, y: amounts, loss: 'cosineDistance' });
    const predictions = model.predict(tf.tensor(x)) as tf.Tensor;
    const expected = tf.losses.cosineDistance(amounts, predictions, 1).dataSync()[0] as number;
    expect(await loss.value(loss.params())).toBeCloseTo(expected, 5);
  });

  it('a function, whether it gives a scalar or one value a row', async () => {
    const model = network('linear');
    const scalar = lossOf(model, { x, y: amounts, loss: (y, p) => tf.mean(tf.square(tf.sub(y, p))) });
    const byRow = lossOf(model, { x, y: amounts, loss: (y, p) => tf.mean(tf.square(tf.sub(y, p)), -1) });
    const theta = scalar.params();
    expect(await scalar.value(theta)).toBeCloseTo(stock(model, amounts, 'meanSquaredError')[0] as number, 5);
    expect(await byRow.value(theta)).toBeCloseTo(await scalar.value(theta), 6);
  });
});

describe('accuracy', () => {
  const accuracies: [string, 'softmax' | 'sigmoid', number[][], number][] = [
    ['categoricalCrossentropy', 'softmax', oneHot, 3],
    ['sparseCategoricalCrossentropy', 'softmax', classes.map((c) => [c]), 3],
    ['binaryCrossentropy', 'sigmoid', classes.map((c) => [c % 2]), 1],
    ['binaryCrossentropy', 'sigmoid', oneHot, 3],
  ];
  for (const [name, activation, y, units] of accuracies)
    it(`is that of model.evaluate for ${name} with ${units} outputs`, async () => {
      const model = network(activation, units);
      const loss = lossOf(model, { x, y, loss: name, metrics: ['accuracy'] });
      const [, expected] = stock(model, y, name, ['accuracy']);
      expect((await loss.evaluate(loss.params())).accuracy).toBeCloseTo(expected as number, 6);
    });

  it('counts the same rows on logits as on their softmax', async () => {
    const model = network('linear');
    const loss = lossOf(model, { x, y: classes, loss: 'softmaxCrossEntropy', metrics: ['accuracy'] });
    const guesses = (model.predict(tf.tensor(x)) as tf.Tensor).argMax(-1).dataSync();
    const right = classes.filter((c, i) => guesses[i] === c).length;
    expect((await loss.evaluate(loss.params())).accuracy).toBeCloseTo(right / ROWS, 6);
  });

  it('of one logit goes by its sign, of one probability by its half', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1] })] });
    const data = { x: [[-1], [0.2], [0.4], [2]], y: [0, 1, 1, 1], metrics: ['accuracy'] };
    const one = Float32Array.of(1);
    expect((await lossOf(model, { ...data, loss: 'sigmoidCrossEntropy' }).evaluate(one)).accuracy).toBe(1);
    expect((await lossOf(model, { ...data, loss: 'meanSquaredError' }).evaluate(one)).accuracy).toBe(0.5);
  });

  it('stands beside other metrics, by their names', async () => {
    const model = network('softmax');
    const half = (_: tf.Tensor, p: tf.Tensor) => tf.fill([p.shape[0] as number], 0.5);
    const metrics = ['accuracy', 'mse', 'precision', half];
    const loss = lossOf(model, { x, y: oneHot, loss: 'categoricalCrossentropy', metrics });
    const result = await loss.evaluate(loss.params());
    expect(Object.keys(result)).toEqual(['loss', 'accuracy', 'mse', 'precision', 'half']);
    expect(result.mse).toBeCloseTo(stock(model, oneHot, 'meanSquaredError')[0] as number, 5);
    expect(result.half).toBe(0.5);
  });
});

describe('class numbers', () => {
  it('give softmaxCrossEntropy the same loss as one-hot labels, as a list or a column', async () => {
    const model = network('linear');
    const column = classes.map((c) => [c]);
    const [a, b, c, d] = [oneHot, classes, column, Uint8Array.from(classes)].map((y) =>
      lossOf(model, { x, y, loss: 'softmaxCrossEntropy' }),
    );
    const expected = await a!.value(a!.params());
    for (const loss of [b, c, d]) expect(await loss!.value(loss!.params())).toBe(expected);
  });

  it('beyond the outputs are refused', () => {
    const y = classes.map((c) => c + 1);
    const refused = new RangeError("y must hold class numbers from 0 to 2 (the model's outputs), got 3");
    expect(() => lossOf(network('linear'), { x, y, loss: 'softmaxCrossEntropy' })).toThrow(refused);
    expect(() => lossOf(network('softmax'), { x, y, loss: 'sparseCategoricalCrossentropy' })).toThrow(
      refused,
    );
  });
});

it('an unknown loss or metric is answered with those there are', () => {
  expect(() => namedLoss('crossEntropy')).toThrow(
    /^loss must be a function or one of softmaxCrossEntropy, .*cosineProximity; got crossEntropy$/,
  );
  const options = { x, y: amounts, loss: 'meanSquaredError', metrics: ['acuracy'] };
  expect(() => lossOf(network('linear'), options)).toThrow(
    /^metric must be a function or one of accuracy, .*; got acuracy$/,
  );
});
