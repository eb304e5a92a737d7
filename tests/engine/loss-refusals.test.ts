import { describe, expect, it } from 'vitest';
import { tf } from '../../src/engine';
import { lossFrom } from '../../src/losses';
import { type MinimizeOptions, minimize } from '../../src/optim';
import { numbers, type Program, programs } from './loss-programs';

const { loss } = (programs.mlp as () => Program)();
const theta = loss.params({ seed: 1 });
const wrong = (value: unknown): Float32Array => value as Float32Array;
const large = Float64Array.from(theta, (w, i) => (i === 4 ? 1e300 : w));
const along = (part: object): never =>
  ({ at: theta, directions: [theta], coefficients: [[1]], ...part }) as never;

const asked: [string, () => Promise<unknown>, string][] = [
  ['nothing for theta', () => loss.value(wrong(undefined)), 'theta must be a Float32Array'],
  ['a list of numbers for theta', () => loss.gradient(wrong([1, 2])), 'got Array'],
  [
    'a theta beyond float32',
    () => loss.gradient(large),
    'theta must fit into float32 (up to 3.4e38), got 1e+300 at 4',
  ],
  ['a v beyond float32', () => loss.hvp(theta, large), 'v must fit into float32'],
  ['a point beyond float32', () => loss.values([large]), 'theta must fit into float32'],
  [
    'one v for several',
    () => loss.hvps(theta, wrong(theta) as never),
    'vs must be a list of vectors, got one vector',
  ],
  [
    'a number for the batch',
    () => loss.value(theta, 5 as never),
    'batch must be a list of row numbers, got 5',
  ],
  [
    'null for the batch',
    () => loss.hvp(theta, theta, null as never),
    'batch must be a list of row numbers, got null',
  ],
  ['half a row', () => loss.gradient(theta, [0.5]), 'batch must hold row numbers from 0 to 23, got 0.5'],
  ['a row too far', () => loss.evaluate(theta, Int32Array.of(24)), 'from 0 to 23, got 24'],
  ['a number for the points', () => loss.values(3 as never), 'points must be a list of vectors, or { at'],
  ['nothing for the points', () => loss.evaluateMany(undefined as never), 'points must be a list of vectors'],
  [
    'no coefficients',
    () => loss.values(along({ coefficients: undefined })),
    'coefficients must be an array, got undefined',
  ],
  ['no directions', () => loss.values(along({ directions: null })), 'directions must be an array, got null'],
  [
    'a coefficient too many',
    () => loss.values(along({ coefficients: [[1, 2]] })),
    'coefficients[0] must have 1 numbers',
  ],
  [
    'coefficients that are no lists',
    () => loss.values(along({ coefficients: [1] })),
    'coefficients[0] must be an array',
  ],
  [
    'a short direction',
    () => loss.values(along({ directions: [numbers(3)] })),
    'directions[0] must have 123 numbers',
  ],
];

describe('a loss refuses, and goes on', () => {
  it.each(asked)('%s', async (_, ask, message) => {
    const before = [await loss.value(theta), tf.memory().numTensors];
    await expect(ask()).rejects.toThrow(message);
    expect([await loss.value(theta), tf.memory().numTensors]).toEqual(before);
  });

  it('a function that gives no scalar, with its shape', async () => {
    const vector = lossFrom(({ w }) => tf.square(w), { w: [2] });
    const nothing = lossFrom((() => undefined) as never, { w: [2] });
    for (const own of [vector, nothing]) {
      const at = own.params();
      const message = /^fn must return a scalar/;
      await expect(own.value(at)).rejects.toThrow(message);
      await expect(own.gradient(at)).rejects.toThrow(message);
      await expect(own.hvp(at, at)).rejects.toThrow(message);
      await expect(minimize(own, at, tf.train.sgd(0.1))).rejects.toThrow(message);
    }
  });

  it('no list of points that is merely empty', async () => {
    expect(await loss.values([])).toEqual(new Float64Array(0));
    expect(await loss.values(along({ coefficients: [] }))).toEqual(new Float64Array(0));
    expect(await loss.hvps(theta, [])).toEqual([]);
  });
});

describe('minimize refuses', () => {
  const sgd = tf.train.sgd(0.1);
  const train = (options: object, from: unknown = theta, optimizer: unknown = sgd) =>
    minimize(loss, wrong(from), optimizer as tf.Optimizer, options as MinimizeOptions);
  const refused: [string, () => Promise<unknown>, string][] = [
    ['no optimizer', () => train({}, theta, 'sgd'), 'optimizer must be a tf.Optimizer'],
    ['a theta beyond float32', () => train({}, large), 'theta must fit into float32'],
    ['a short theta', () => train({}, theta.slice(1)), 'theta must have 123 numbers'],
    ['no steps', () => train({ steps: 0 }), 'steps must be an integer >= 1, got 0'],
    ['half a step', () => train({ steps: 1.5 }), 'steps must be an integer >= 1, got 1.5'],
    ['steps and epochs', () => train({ steps: 1, epochs: 1 }), 'epochs and steps must not both be given'],
    ['a batch of none', () => train({ batchSize: 0 }), 'batchSize must be an integer >= 1, got 0'],
    [
      'a target that is no number',
      () => train({ targetLoss: Number.NaN }),
      'targetLoss must be a finite number',
    ],
    ['an unknown option', () => train({ learningRate: 1 }), 'learningRate'],
    ['a record of one', () => train({ record: 1 }), 'record must be an integer >= 2, got 1'],
  ];
  it.each(refused)('%s', async (_, ask, message) => {
    const before = tf.memory().numTensors;
    await expect(ask()).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});
