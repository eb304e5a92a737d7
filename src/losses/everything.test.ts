import { beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../../tests/fixtures/fit';
import { ready, tf } from '../engine';
import { minimize } from '../optim';
import { view } from '../params';
import { lossSlice1D } from '../slices';
import { lossOf } from '.';

// Two inputs through one shared layer, a frozen nested model, two outputs; loss weights, weights of rows and classes,
// smoothed labels, a regulariser: all of it beside the same written in float64 without TensorFlow.

beforeAll(ready);

const ROWS = 9;
const CLASSES = 3;
const L2 = 0.02;
const grid = (columns: number, at: (i: number, j: number) => number) =>
  Array.from({ length: ROWS }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)));
const data = {
  a: grid(2, (i, j) => Math.cos(1.7 * i + j)),
  b: grid(2, (i, j) => Math.sin(0.9 * i - 2 * j)),
  digit: Array.from({ length: ROWS }, (_, i) => (i * i) % CLASSES),
  score: grid(1, (i) => Math.sin(2.3 * i)),
  sample: Array.from({ length: ROWS }, (_, i) => (i % 4) / 2),
  classes: [1, 2.5, 0.5],
};
const SMOOTHING = 0.15;
const FACTOR = 0.3;

function build(): tf.LayersModel {
  const { dense, concatenate } = tf.layers;
  const [a, b] = [tf.input({ shape: [2], name: 'a' }), tf.input({ shape: [2], name: 'b' })];
  const shared = dense({ units: 3, activation: 'tanh', name: 'shared' });
  const inner = tf.sequential({
    name: 'inner',
    layers: [dense({ units: 4, activation: 'tanh', inputShape: [6] })],
  });
  inner.trainable = false;
  const both = concatenate().apply([shared.apply(a), shared.apply(b)] as tf.SymbolicTensor[]);
  const hidden = inner.apply(both);
  const kernelRegularizer = tf.regularizers.l2({ l2: L2 });
  const outputs = [
    dense({ units: CLASSES, name: 'digit' }).apply(hidden),
    dense({ units: 1, name: 'score', kernelRegularizer }).apply(hidden),
  ] as tf.SymbolicTensor[];
  return tf.model({ inputs: [a, b], outputs });
}

const model = settled(build());
const loss = lossOf(model, {
  x: { b: data.b, a: data.a },
  y: [data.digit, data.score],
  loss: { digit: 'softmaxCrossEntropy', score: 'meanSquaredError' },
  lossWeights: { score: FACTOR },
  sampleWeights: data.sample,
  classWeights: { digit: data.classes },
  labelSmoothing: { digit: SMOOTHING },
  batchSize: 4,
});
const theta = Float64Array.from({ length: loss.dim }, (_, k) => Math.fround(0.6 * Math.sin(k + 1)));
const direction = Float64Array.from({ length: loss.dim }, (_, k) => Math.fround(Math.cos(3 * k)));

type Numbers = ArrayLike<number>;

function layer(x: Numbers, kernel: Numbers, bias: Numbers): number[] {
  return Array.from(bias, (shift, unit) =>
    Array.from(x).reduce((sum, value, i) => sum + value * (kernel[i * bias.length + unit] ?? 0), shift),
  );
}

const part = (at: Float64Array, name: string): Float64Array => {
  const param = loss.layout.params.find((one) => one.name === name);
  if (param === undefined) throw new Error(`no parameter ${name}`);
  return view(at, param);
};
const tanh = (values: number[]) => values.map(Math.tanh);
const frozen = model
  .getLayer('inner')
  .getWeights()
  .map((weight) => weight.dataSync()) as [Float32Array, Float32Array];

function referenceOfRow(at: Float64Array, row: number): number {
  const shared = (x: Numbers) => tanh(layer(x, part(at, 'shared/kernel'), part(at, 'shared/bias')));
  const both = [...shared(data.a[row] as number[]), ...shared(data.b[row] as number[])];
  const hidden = tanh(layer(both, ...frozen));
  const logits = layer(hidden, part(at, 'digit/kernel'), part(at, 'digit/bias'));
  const [score = 0] = layer(hidden, part(at, 'score/kernel'), part(at, 'score/bias'));
  const partition = Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0));
  const label = data.digit[row] as number;
  const entropy = logits.reduce((sum, z, k) => {
    const y = (1 - SMOOTHING) * Number(k === label) + SMOOTHING / CLASSES;
    return sum + y * (partition - z);
  }, 0);
  const squared = (score - (data.score[row]?.[0] ?? 0)) ** 2;
  return (data.sample[row] ?? 0) * ((data.classes[label] ?? 0) * entropy + FACTOR * squared);
}

function reference(at: Float64Array, rows = data.digit.map((_, i) => i)): number {
  const mean = rows.reduce((sum, row) => sum + referenceOfRow(at, row), 0) / rows.length;
  return mean + L2 * part(at, 'score/kernel').reduce((sum, w) => sum + w * w, 0);
}

const along = (at: Float64Array, v: Numbers, by: number) => at.map((w, k) => w + by * (v[k] ?? 0));

/** Central differences: ∂/∂θₖ of the reference. */
function slopes(at: Float64Array, step = 1e-4): number[] {
  return Array.from(at, (_, k) => {
    const unit = Float64Array.from(at, (_, i) => Number(i === k));
    return (reference(along(at, unit, step)) - reference(along(at, unit, -step))) / (2 * step);
  });
}

function expectClose(got: Numbers, wanted: Numbers, absolute: number): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs((got[i] as number) - (wanted[i] as number)), `number ${i}`).toBeLessThan(absolute);
}

describe('a loss of everything at once', () => {
  it('has the trainable weights alone as its parameters, the shared ones once', () => {
    expect(loss.layout.params.map(({ name, size }) => [name, size])).toEqual([
      ['shared/kernel', 6],
      ['shared/bias', 3],
      ['digit/kernel', 12],
      ['digit/bias', 3],
      ['score/kernel', 4],
      ['score/bias', 1],
    ]);
    expect(loss.description.name).toBe('softmaxCrossEntropy + 0.3·meanSquaredError');
  });

  it('is that of the float64 reference: of all rows, of a batch, of one row', async () => {
    for (const rows of [undefined, [7, 1, 1], [3]])
      expect(Math.abs((await loss.value(theta, rows)) / reference(theta, rows) - 1)).toBeLessThan(1e-6);
  });

  it('has the gradient of the reference', async () => {
    const { value, gradient } = await loss.gradient(theta);
    expect(Math.abs(value / reference(theta) - 1)).toBeLessThan(1e-6);
    expectClose(gradient, slopes(theta), 1e-6);
  });

  it('has the Hessian-vector product of the reference', async () => {
    const [up, down] = [1e-4, -1e-4].map((by) => slopes(along(theta, direction, by)));
    const wanted = up?.map((slope, k) => (slope - (down?.[k] ?? 0)) / 2e-4) ?? [];
    expectClose(await loss.hvp(theta, direction), wanted, 3e-6);
  });

  it('has the slice of the reference', async () => {
    const slice = await lossSlice1D(loss, theta, { direction, span: [-1, 1], points: 7 });
    const wanted = Array.from(slice.alpha, (by) => reference(along(theta, direction, by)));
    expectClose(slice.values, wanted, 2e-6);
  });

  it('is trained by steps against that gradient; the frozen weights and the model stay', async () => {
    const before = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const run = await minimize(loss, theta, tf.train.sgd(0.5), { steps: 1 });
    const wanted = slopes(theta).map((slope, k) => (theta[k] as number) - 0.5 * slope);
    expectClose(run.theta, wanted, 1e-6);
    expect(model.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(before);
  });

  it('leaves no tensor behind, and draws new weights by a seed', async () => {
    await loss.evaluate(theta, [1, 2]);
    const tensors = tf.memory().numTensors;
    await loss.evaluate(theta, [1, 2]);
    expect(loss.params({ seed: 2 })).toHaveLength(loss.dim);
    expect(loss.params({ seed: 2 })).not.toEqual(loss.params());
    await loss.hvp(theta, direction);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
