import { describe, expect, it } from 'vitest';
import { goldenLoss, goldenModel, goldenTheta, goldenX, goldenY } from '../../tests/fixtures/golden';
import { tf } from '../engine';
import { type LossOptions, lossFrom, lossOf } from '.';

const options: LossOptions = { x: goldenX, y: goldenY, loss: 'meanSquaredError' };
const make = (change: object) => () => lossOf(goldenModel(), { ...options, ...change });

describe('lossOf refuses, before any work', () => {
  const cases: [string, object, string | RegExp][] = [
    [
      'x of another width',
      { x: [[1, 2]] },
      "x must have the shape [null, 3] of the model's input, got [1, 2]",
    ],
    [
      'a flat x that is no whole number of rows',
      { x: new Float32Array(7) },
      'x must have rows of 3 numbers, got 7 numbers in all',
    ],
    [
      'ragged x',
      {
        x: [
          [1, 2, 3],
          [1, 2],
        ],
      },
      'x must have equally long rows, got 3 and 2',
    ],
    ['x that is no data', { x: 'digits' }, "x must be a tensor or an array, got the string 'digits'"],
    [
      'x with NaN',
      { x: goldenX.map((row, i) => (i === 4 ? [1, Number.NaN, 2] : row)) },
      'x must hold finite numbers, got NaN in row 4',
    ],
    [
      'y with infinity',
      { y: goldenY.map((row, i) => (i === 2 ? [1, Number.POSITIVE_INFINITY] : row)) },
      'y must hold finite numbers, got Infinity in row 2',
    ],
    ['no rows', { x: tf.zeros([0, 3]) }, 'x must have at least one row, got [0, 3]'],
    [
      'y of another width',
      { y: goldenX },
      "y must have the shape [null, 2] of the model's output, got [20, 3]",
    ],
    [
      'one label a row for two outputs',
      { y: goldenY.map(([first]) => first) },
      "y must have the shape [null, 2] of the model's output, got [20]",
    ],
    ['fewer labels than rows', { y: goldenY.slice(1) }, 'x and y must have equally many rows, got 20 and 19'],
    ['a batchSize of 0', { batchSize: 0 }, 'batchSize must be an integer >= 1, got 0'],
    ['an unknown loss', { loss: 'mse' }, 'loss must be a function or one of'],
    ['what every object has as a loss', { loss: 'toString' }, /^loss must be a function .*got toString$/],
    ['what every object has as a metric', { metrics: ['constructor'] }, /^metric must be .*got constructor$/],
    [
      'a misspelt option',
      { batchsize: 4 },
      /^unknown option batchsize; the options are x, y, loss, metrics, batchSize, regularization, lossWeights, /,
    ],
  ];
  for (const [name, change, message] of cases) it(name, () => expect(make(change)).toThrow(message));

  it('a disposed tensor', () => {
    const x = tf.tensor(goldenX);
    x.dispose();
    expect(make({ x })).toThrow('x must be a live tensor, got one that was disposed');
  });

  it('what is no model, and one not built', () => {
    expect(() => lossOf({} as tf.LayersModel, options)).toThrow('model must be a tf.LayersModel');
    const unbuilt = tf.sequential();
    expect(() => lossOf(unbuilt, options)).toThrow('model must be built: give its first layer an inputShape');
  });

  it('a model with nothing to train, and one that remembers earlier calls', () => {
    const frozen = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3], trainable: false })],
    });
    expect(() => lossOf(frozen, options)).toThrow('model must have trainable weights, got none');
    const layer = tf.layers.simpleRNN({ units: 2, stateful: true, batchInputShape: [20, 1, 3] });
    const stateful = tf.sequential({ layers: [layer] });
    expect(() => lossOf(stateful, options)).toThrow('must not be stateful');
  });
});

describe('lossOf refuses weights', () => {
  const ones = goldenX.map(() => 1);
  const at = (i: number, weight: number) => ones.map((one, row) => (row === i ? weight : one));
  const classes = { y: goldenX.map((_, i) => i % 2), loss: 'softmaxCrossEntropy' };
  const cases: [string, object, string | RegExp][] = [
    [
      'of too few rows',
      { sampleWeights: ones.slice(1) },
      'sampleWeights must have one number for each of the 20 rows, got [19]',
    ],
    [
      'in columns',
      { sampleWeights: goldenX },
      'sampleWeights must have one number for each of the 20 rows, got [20, 3]',
    ],
    [
      'that are negative',
      { sampleWeights: at(3, -1) },
      'sampleWeights must be numbers >= 0, got -1 in row 3',
    ],
    [
      'that are NaN',
      { sampleWeights: at(5, Number.NaN) },
      'sampleWeights must hold finite numbers, got NaN in row 5',
    ],
    [
      'that are no numbers',
      { sampleWeights: 'all' },
      "sampleWeights must be a tensor or an array, got the string 'all'",
    ],
    [
      'for an output that is not there',
      { sampleWeights: { digit: ones } },
      /^sampleWeights must go by the model's outputs dense_\w+; got digit$/,
    ],
    [
      'of classes, without one for each',
      { ...classes, classWeights: { 0: 1 } },
      'classWeights must have a weight for each class of y, got none for 1',
    ],
    [
      'of classes that are not there',
      { ...classes, classWeights: [1, 2, 3] },
      'classWeights must go by class numbers from 0 to 1, got 2',
    ],
    [
      'of classes by name',
      { ...classes, classWeights: { cat: 1 } },
      'classWeights must go by class numbers, got cat',
    ],
    [
      'of classes that are negative',
      { ...classes, classWeights: [1, -2] },
      'classWeights must be finite numbers >= 0, got -2 for class 1',
    ],
    [
      'of classes that are null',
      { ...classes, classWeights: { 0: 1, 1: null } },
      'classWeights must be finite numbers >= 0, got null for class 1',
    ],
    ['of losses, negative', { lossWeights: [-1] }, 'lossWeights must be a finite number >= 0, got -1'],
    ['of losses, NaN', { lossWeights: [Number.NaN] }, 'lossWeights must be a finite number >= 0, got NaN'],
    [
      'of losses, as a number',
      { lossWeights: 2 },
      /^lossWeights must be a list of 1, or an object by name, for the model's outputs dense/,
    ],
  ];
  for (const [name, change, message] of cases) it(name, () => expect(make(change)).toThrow(message));

  it('of rows whose losses were averaged already', async () => {
    const mean = (y: tf.Tensor, p: tf.Tensor) => tf.losses.meanSquaredError(y, p);
    const loss = lossOf(goldenModel(), { ...options, loss: mean, sampleWeights: ones });
    await expect(loss.value(goldenTheta)).rejects.toThrow(
      'mean must give one value a row to be weighted, got shape [] for 20 rows: leave out its mean',
    );
  });

  it('of classes of labels that are whole images', () => {
    const model = tf.sequential({
      layers: [tf.layers.conv2d({ filters: 1, kernelSize: 1, inputShape: [2, 2, 1] })],
    });
    const images = tf.zeros([3, 2, 2, 1]);
    expect(() =>
      lossOf(model, { x: images, y: images, loss: 'meanSquaredError', classWeights: [1, 2] }),
    ).toThrow('classWeights must be left out for labels of shape [3, 2, 2, 1]');
  });
});

describe('lossOf refuses, of a model with two outputs', () => {
  const two = (change: object) => () => {
    const input = tf.input({ shape: [3] });
    const output = (name: string) => tf.layers.dense({ units: 2, name }).apply(input) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: [output('left'), output('right')] });
    return lossOf(model, { ...options, y: [goldenY, goldenY], ...change });
  };
  const cases: [string, object, string | RegExp][] = [
    [
      'labels of one',
      { y: goldenY },
      "y must have 2 entries, one for each of the model's outputs left, right; got 20",
    ],
    ['one tensor of labels', { y: tf.zeros([20, 2]) }, 'y must be a list of 2, or an object by name'],
    ['labels that are missing', { y: { left: goldenY } }, 'y.right must be given'],
    [
      'labels of another name',
      { y: { left: goldenY, right: goldenY, top: goldenY } },
      "y must go by the model's outputs left, right; got top",
    ],
    [
      'labels of another width',
      { y: [goldenY, goldenX] },
      "y[1] must have the shape [null, 2] of the model's output, got [20, 3]",
    ],
    [
      'labels of other rows',
      { y: { left: goldenY, right: goldenY.slice(2) } },
      'x and y.right must have equally many rows, got 20 and 18',
    ],
    ['one loss too many', { loss: ['hinge', 'hinge', 'hinge'] }, 'loss must have 2 entries'],
    ['a loss that is missing', { loss: { left: 'hinge' } }, 'loss.right must be given'],
    ['a loss of another name', { loss: { left: 'hinge', write: 'hinge' } }, 'got write'],
    ['an unknown loss', { loss: ['hinge', 'hing'] }, /^loss must be a function or one of .*got hing$/],
    ['one loss weight', { lossWeights: [1] }, 'lossWeights must have 2 entries'],
    ['an infinite loss weight', { lossWeights: { right: 1 / 0 } }, 'lossWeights.right must be a finite'],
    ['metrics of another name', { metrics: { top: ['accuracy'] } }, 'metrics must go by'],
    ['class weights for all', { classWeights: [1, 2] }, 'classWeights must go by output, such as { left:'],
    ['a negative weight', { sampleWeights: { right: goldenX.map(() => -1) } }, 'sampleWeights.right must be'],
    ['two weights a row', { sampleWeights: goldenY }, 'sampleWeights must have 2 entries'],
    [
      'smoothing of what is no cross-entropy',
      { loss: { left: 'softmaxCrossEntropy', right: 'hinge' }, labelSmoothing: 0.1 },
      /^labelSmoothing must be 0 for hinge: .*binaryCrossentropy$/,
    ],
  ];
  for (const [name, change, message] of cases) it(name, () => expect(two(change)).toThrow(message));

  it('and leaves no tensor behind but the weights of the model', () => {
    const attempt = two({ sampleWeights: goldenX.map(() => -1) });
    const tensors = tf.memory().numTensors;
    expect(attempt).toThrow('sampleWeights must be numbers >= 0');
    expect(tf.memory().numTensors).toBe(tensors + 4);
  });
});

describe('a loss refuses', () => {
  it('a θ of the wrong length or kind, wherever it comes in', async () => {
    const loss = goldenLoss();
    const short = new Float32Array(31);
    const message = 'theta must have 32 numbers (one per parameter), got 31';
    expect(() => loss.assign(short)).toThrow(message);
    await expect(loss.value(short)).rejects.toThrow(message);
    await expect(loss.gradient(short)).rejects.toThrow(message);
    await expect(loss.evaluate(short)).rejects.toThrow(message);
    await expect(loss.values([goldenTheta, short])).rejects.toThrow(message);
    await expect(loss.train(short)).rejects.toThrow(message);
    await expect(loss.value([1, 2] as unknown as Float32Array)).rejects.toThrow(
      'theta must be a Float32Array or Float64Array, got Array',
    );
  });

  it('a θ that is not finite, wherever it comes in, with the place', async () => {
    const loss = goldenLoss();
    const bad = goldenTheta.slice();
    bad[12] = Number.NaN;
    const message = 'theta must be finite, got NaN at 12';
    expect(() => loss.assign(bad)).toThrow(message);
    await expect(loss.value(bad)).rejects.toThrow(message);
    await expect(loss.gradient(bad)).rejects.toThrow(message);
    await expect(loss.evaluate(bad)).rejects.toThrow(message);
    await expect(loss.values([goldenTheta, bad])).rejects.toThrow(message);
    await expect(loss.evaluateMany([bad])).rejects.toThrow(message);
    await expect(loss.train(bad)).rejects.toThrow(message);
    expect(() => lossFrom((p) => p.w.sum(), { w: [2] }, { init: Float32Array.of(1, Number.NaN) })).toThrow(
      'init must be finite, got NaN at 1',
    );
  });

  it('batches of rows that are not there', async () => {
    const loss = goldenLoss();
    await expect(loss.value(goldenTheta, [20])).rejects.toThrow(
      'batch must hold row numbers from 0 to 19, got 20',
    );
    await expect(loss.gradient(goldenTheta, [0.5])).rejects.toThrow(
      'batch must hold row numbers from 0 to 19, got 0.5',
    );
    await expect(loss.value(goldenTheta, [])).rejects.toThrow('batch must name at least one row, got none');
  });

  it('to work once its model was disposed', async () => {
    const model = goldenModel();
    const loss = goldenLoss(model);
    model.dispose();
    const message = 'model must be alive';
    await expect(loss.value(goldenTheta)).rejects.toThrow(message);
    expect(() => loss.params()).toThrow(message);
    expect(() => loss.assign(goldenTheta)).toThrow(message);
    expect(() => goldenLoss(model)).toThrow(message);
  });

  it('to work once other weights of its model are trainable, and works again when they are as before', async () => {
    const model = goldenModel();
    const loss = goldenLoss(model);
    const before = await loss.value(goldenTheta);
    const message = /^model must have the \d trainable weights .* but has \d now .*: build the loss anew$/;
    const [layer] = model.layers as [tf.layers.Layer];
    layer.trainable = false;
    await expect(loss.value(goldenTheta)).rejects.toThrow(TypeError);
    await expect(loss.values([goldenTheta])).rejects.toThrow(message);
    await expect(loss.gradient(goldenTheta)).rejects.toThrow(message);
    await expect(loss.train(goldenTheta)).rejects.toThrow(message);
    expect(() => loss.params()).toThrow(message);
    expect(() => loss.assign(goldenTheta)).toThrow(message);
    expect(goldenLoss(model).dim).toBeLessThan(loss.dim);
    layer.trainable = true;
    expect(await loss.value(goldenTheta)).toBe(before);
  });

  it('as many other trainable weights', async () => {
    const dense = () => tf.layers.dense({ units: 3, inputShape: [3] });
    const layers = [dense(), dense(), tf.layers.dense({ units: 2 })] as const;
    const model = tf.sequential({ layers: [...layers] });
    layers[0].trainable = false;
    const loss = lossOf(model, options);
    const theta = loss.params();
    layers[0].trainable = true;
    layers[1].trainable = false;
    await expect(loss.value(theta)).rejects.toThrow('but has others now');
  });

  it('seeds that are no whole numbers', () => {
    expect(() => goldenLoss().params({ seed: 1.5 })).toThrow(RangeError);
  });
});

describe('a beginner’s slips are named', () => {
  const model = (): tf.Sequential =>
    tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  const data = { x: goldenX, y: goldenY };
  const own = (loss: unknown) => lossOf(model(), { ...data, loss: loss as () => tf.Tensor });

  it.each([
    ['a number', () => 3, 'loss must return a tensor, a scalar or one value a row, got 3'],
    ['a Promise', async () => tf.scalar(1), 'got a Promise (it must not be async)'],
    [
      'a value that was read',
      (y: tf.Tensor, p: tf.Tensor) => tf.sub(y, p).square().mean().dataSync()[0],
      'loss must return a tensor',
    ],
  ])('a loss that gives %s', async (_, loss, message) => {
    const made = own(loss);
    await expect(made.value(made.params())).rejects.toThrow(message);
    await expect(made.gradient(made.params())).rejects.toThrow(message);
  });

  it('a Promise or another object as data', () => {
    const promise = tf.tensor(goldenX).array() as unknown as number[][];
    expect(() => lossOf(model(), { ...data, x: promise, loss: 'meanSquaredError' })).toThrow(
      'x must be a tensor or an array, got a Promise (await it)',
    );
  });

  it('misspelt options of params and points, one vector in the place of a list', async () => {
    const loss = lossOf(model(), { ...data, loss: 'meanSquaredError' });
    const theta = loss.params();
    expect(() => loss.params({ sed: 1 } as object)).toThrow('unknown option sed');
    expect(() => loss.params(1 as unknown as object)).toThrow('options must be an object, got 1');
    const misspelt = { at: theta, directions: [theta], coefficients: [[1]], colour: 1 };
    await expect(loss.values(misspelt)).rejects.toThrow('unknown option colour');
    await expect(loss.values(theta as unknown as Float32Array[])).rejects.toThrow('write [theta]');
    await expect(loss.hvps(theta, theta as unknown as Float32Array[])).rejects.toThrow('write [v]');
  });

  it('one-hot labels for a loss of class numbers', () => {
    const loss = 'sparseCategoricalCrossentropy';
    expect(() => lossOf(model(), { ...data, loss })).toThrow(
      'for one-hot labels take categoricalCrossentropy',
    );
  });
});
