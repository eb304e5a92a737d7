import { beforeAll, describe, expect, it } from 'vitest';
import { fitOnce, gradientError, settled } from '../../tests/fixtures/fit';
import { compile, penalties, ready, tf, withWeights } from '../engine';
import { minimize } from '../optim';
import { lossOf } from '.';
import { split } from './theta';

beforeAll(ready);

const { dense, lstm, bidirectional, timeDistributed, concatenate, batchNormalization } = tf.layers;
const ROWS = 10;
const grid = (columns: number, at: (i: number, j: number) => number) =>
  Array.from({ length: ROWS }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)));
const x = grid(4, (i, j) => Math.cos(1.3 * (i + 1) * (j + 1)));
const classes = Array.from({ length: ROWS }, (_, i) => i % 3);
const oneHot = grid(3, (i, j) => Number(classes[i] === j));
const amounts = grid(2, (i, j) => Math.sin(i + 3 * j));
const kernelRegularizer = tf.regularizers.l2({ l2: 0.1 });

/** Class probabilities and amounts of one input. */
function twoHeads(): tf.LayersModel {
  const input = tf.input({ shape: [4] });
  const hidden = dense({ units: 5, activation: 'tanh', kernelRegularizer }).apply(input);
  const heads = [
    dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(hidden),
    dense({ units: 2, name: 'amount' }).apply(hidden),
  ] as tf.SymbolicTensor[];
  return settled(tf.model({ inputs: input, outputs: heads }));
}

const names = ['categoricalCrossentropy', 'meanSquaredError'];
const two = { x, y: [oneHot, amounts], loss: names };

describe('the loss of several outputs', () => {
  it('is that of model.fit, with its gradient, regularisers included', async () => {
    const model = twoHeads();
    const fitted = await fitOnce(model, { loss: names }, tf.tensor(x), [
      tf.tensor(oneHot),
      tf.tensor(amounts),
    ]);
    const loss = lossOf(model, two);
    expect(Math.abs((await loss.value(loss.params())) / (fitted.logs.loss ?? 0) - 1)).toBeLessThan(1e-6);
    expect(await gradientError(loss, fitted.gradient)).toBeLessThan(1e-6);
  });

  it('is named as by model.fit, each output with its loss and metrics', async () => {
    const model = twoHeads();
    const metrics = ['accuracy', 'mse'];
    const { logs } = await fitOnce(model, { loss: names, metrics }, tf.tensor(x), [
      tf.tensor(oneHot),
      tf.tensor(amounts),
    ]);
    const loss = lossOf(model, { ...two, metrics });
    const found = await loss.evaluate(loss.params());
    const named = Object.keys(logs).map((name) => name.replace(/_acc$/, '_accuracy'));
    expect(Object.keys(found)).toEqual(named);
    expect(named).toEqual([
      ...['loss', 'kind_loss', 'amount_loss'],
      ...['kind_accuracy', 'kind_mse', 'amount_accuracy', 'amount_mse'],
    ]);
    Object.values(logs).forEach((value, i) => {
      expect(Math.abs((Object.values(found)[i] as number) - value), named[i]).toBeLessThan(1e-6);
    });
  });

  it('is that of model.evaluate, which leaves regularisers out and puts the sum second', async () => {
    const model = twoHeads();
    model.compile({ optimizer: 'sgd', loss: names });
    const stock = model.evaluate(tf.tensor(x), [tf.tensor(oneHot), tf.tensor(amounts)]) as tf.Scalar[];
    const [, sum, kind, amount] = stock.map((value) => value.dataSync()[0] as number);
    const loss = lossOf(model, { ...two, regularization: false });
    const found = await loss.evaluate(loss.params());
    expect(found.loss).toBeCloseTo(sum as number, 6);
    expect(found.kind_loss).toBeCloseTo(kind as number, 6);
    expect(found.amount_loss).toBeCloseTo(amount as number, 6);
  });

  it('takes losses, labels, metrics by the names of the outputs, in any order', async () => {
    const model = twoHeads();
    const [list, named] = [
      lossOf(model, { ...two, metrics: ['mse'] }),
      lossOf(model, {
        x,
        y: { amount: amounts, kind: classes },
        loss: { amount: 'meanSquaredError', kind: 'categoricalCrossentropy' },
        metrics: { kind: 'accuracy', amount: ['mse'] },
      }),
    ];
    const theta = list.params();
    const [a, b] = [await list.evaluate(theta), await named.evaluate(theta)];
    expect(b.loss).toBe(a.loss);
    expect(b.amount_mse).toBe(a.amount_mse);
    expect(Object.keys(b)).toEqual(['loss', 'kind_loss', 'amount_loss', 'kind_accuracy', 'amount_mse']);
  });

  it('is the sum of the outputs’ own losses, each by its weight', async () => {
    const model = twoHeads();
    const single = (output: number, y: number[][], loss: string) => {
      const { inputs, outputs } = model;
      const one = tf.model({ inputs, outputs: outputs[output] as tf.SymbolicTensor });
      const alone = lossOf(one, { x, y, loss, regularization: false });
      return alone.value(alone.params());
    };
    const kind = await single(0, oneHot, 'categoricalCrossentropy');
    const amount = await single(1, amounts, 'meanSquaredError');
    for (const [lossWeights, wanted] of [
      [undefined, kind + amount],
      [[2, 0.5], 2 * kind + 0.5 * amount],
      [{ amount: 3 }, kind + 3 * amount],
      [{ kind: 0 }, amount],
    ] as const) {
      const loss = lossOf(model, { ...two, regularization: false, ...(lossWeights && { lossWeights }) });
      const found = await loss.evaluate(loss.params());
      expect(Math.abs((found.loss as number) / wanted - 1)).toBeLessThan(1e-6);
      expect(found.kind_loss).toBeCloseTo(kind, 6);
      expect(found.amount_loss).toBeCloseTo(amount, 6);
    }
  });

  it('in pieces of three rows is that of all at once, metrics too', async () => {
    const model = twoHeads();
    const [whole, pieces] = [1000, 3].map((batchSize) =>
      lossOf(model, { ...two, metrics: ['accuracy'], batchSize }),
    ) as [ReturnType<typeof lossOf>, ReturnType<typeof lossOf>];
    const theta = whole.params();
    const [a, b] = [await whole.evaluate(theta), await pieces.evaluate(theta)];
    for (const name of Object.keys(a)) expect(b[name]).toBeCloseTo(a[name] as number, 6);
    const { gradient } = await whole.gradient(theta);
    expect(await gradientError(pieces, Array.from(gradient))).toBeLessThan(1e-6);
  });

  it('takes functions, those that average themselves too', async () => {
    const model = twoHeads();
    const mean = (y: tf.Tensor, p: tf.Tensor) => tf.mean(tf.squaredDifference(y, p)) as tf.Tensor;
    const theta = lossOf(model, two).params();
    const wanted = await lossOf(model, two).value(theta);
    const mixed = lossOf(model, { ...two, loss: ['categoricalCrossentropy', mean] });
    expect(Math.abs((await mixed.value(theta)) / wanted - 1)).toBeLessThan(1e-6);
    expect(mixed.description.name).toBe('categoricalCrossentropy + mean');
  });

  it('numbers the outputs of one layer', async () => {
    const input = tf.input({ shape: [2, 2] });
    const outputs = lstm({ units: 2, returnState: true, name: 'memory' }).apply(input) as tf.SymbolicTensor[];
    const loss = lossOf(tf.model({ inputs: input, outputs }), {
      x: grid(4, Math.atan2).map((row) => [row.slice(0, 2), row.slice(2)]),
      y: { memory: amounts, memory_1: amounts, memory_2: amounts },
      loss: 'meanSquaredError',
    });
    const found = await loss.evaluate(loss.params());
    expect(Object.keys(found)).toEqual(['loss', 'memory_loss', 'memory_1_loss', 'memory_2_loss']);
    expect(found.memory_loss).toBe(found.memory_1_loss);
    expect(loss.description.name).toBe('meanSquaredError');
  });
});

/** ∂/∂θ of the mean squared error and the regularisers in float64. */
function doubleGradient(
  { layout }: ReturnType<typeof lossOf>,
  model: tf.LayersModel,
  inputs: tf.Tensor | tf.Tensor[],
): (theta: Float64Array) => Float64Array {
  const y = tf.tensor(amounts);
  const gradient = (theta: tf.Tensor1D) =>
    tf.grad((at: tf.Tensor) => {
      const run = () =>
        tf.addN([tf.losses.meanSquaredError(y, model.apply(inputs) as tf.Tensor), ...penalties(model)]);
      return withWeights(model, split(layout, at as tf.Tensor1D), run);
    })(theta);
  const example = tf.zeros([layout.dim]) as tf.Tensor1D;
  return compile(gradient, [example], { precision: 'float64' });
}

/** Where weights are frozen or shared: model.fit is the reference. */
describe('frozen and shared layers, several inputs', () => {
  const halves = [x.map((row) => row.slice(0, 2)), x.map((row) => row.slice(2))];
  const pair = () =>
    tf.sequential({
      layers: [dense({ units: 3, inputShape: [2] }), dense({ units: 2, activation: 'tanh' })],
    });
  const frozen = <L extends tf.layers.Layer>(layer: L): L => {
    layer.trainable = false;
    return layer;
  };
  const onTwo = (left: tf.layers.Layer, right: tf.layers.Layer) => {
    const inputs = [tf.input({ shape: [2] }), tf.input({ shape: [2] })] as const;
    const sides = [left.apply(inputs[0]), right.apply(inputs[1])] as tf.SymbolicTensor[];
    const joined = concatenate().apply(sides);
    return tf.model({ inputs: [...inputs], outputs: dense({ units: 2 }).apply(joined) as tf.SymbolicTensor });
  };
  const onSequence = (layer: tf.layers.Layer) =>
    tf.sequential({ layers: [layer, tf.layers.flatten(), dense({ units: 2 })] });
  const sequences = x.map((row) => [row.slice(0, 2), row.slice(2)]);
  const built = (layer: tf.layers.Layer) => {
    layer.build([null, 2, 2]);
    return layer;
  };
  const both = pair();
  const cases: [string, () => tf.LayersModel, unknown][] = [
    ['a shared nested model', () => onTwo(both, both), halves],
    [
      'a layer inside two nested models, with a regulariser',
      () => {
        const shared = dense({ units: 3, activation: 'tanh', kernelRegularizer });
        const around = (...more: tf.layers.Layer[]) => {
          const input = tf.input({ shape: [2] });
          const put = (h: tf.SymbolicTensor, layer: tf.layers.Layer) => layer.apply(h) as tf.SymbolicTensor;
          return tf.model({ inputs: input, outputs: [shared, ...more].reduce(put, input) });
        };
        return onTwo(around(dense({ units: 2 })), around());
      },
      halves,
    ],
    [
      'a layer twice in a chain, with a regulariser',
      () => {
        const twice = dense({ units: 4, activation: 'tanh', kernelRegularizer });
        return tf.sequential({
          layers: [dense({ units: 4, inputShape: [4] }), twice, twice, dense({ units: 2 })],
        });
      },
      x,
    ],
    ['a frozen nested model', () => onTwo(frozen(pair()), pair()), halves],
    [
      'a nested model with a frozen layer',
      () => {
        const inner = pair();
        frozen(inner.layers[1] as tf.layers.Layer);
        return onTwo(inner, inner);
      },
      halves,
    ],
    [
      'a frozen bidirectional LSTM',
      () =>
        onSequence(
          frozen(
            built(
              bidirectional({
                layer: lstm({ units: 2, returnSequences: true }) as never,
                inputShape: [2, 2],
                mergeMode: 'sum',
              }),
            ),
          ),
        ),
      sequences,
    ],
    [
      'a wrapped frozen model',
      () => onSequence(timeDistributed({ layer: frozen(pair()), inputShape: [2, 2] })),
      sequences,
    ],
    [
      'frozen batch normalisation',
      () =>
        tf.sequential({
          layers: [
            dense({ units: 3, inputShape: [4] }),
            batchNormalization({ trainable: false }),
            dense({ units: 2 }),
          ],
        }),
      x,
    ],
  ];
  for (const [name, build, given] of cases)
    it(`${name}: steps are those of model.fit, Hessian-vector products those of the gradient`, async () => {
      const model = settled(build());
      const inputs =
        model.inputs.length === 1 ? tf.tensor(given as number[][]) : halves.map((half) => tf.tensor(half));
      const fitted = await fitOnce(model, { loss: 'meanSquaredError' }, inputs, tf.tensor(amounts));
      const loss = lossOf(model, { x: given as number[][], y: amounts, loss: 'meanSquaredError' });
      const theta = loss.params();
      const run = await minimize(loss, theta, tf.train.sgd(1), { steps: 1 });
      expect(Math.abs((run.history.loss[0] as number) / (fitted.logs.loss ?? 0) - 1)).toBeLessThan(1e-6);
      expect(theta.length).toBe(fitted.gradient.length);
      fitted.gradient.forEach((slope, k) => {
        expect(Math.abs((theta[k] as number) - (run.theta[k] as number) - slope)).toBeLessThan(2e-6);
      });
      const v = theta.map((_, k) => Math.cos(2 * k + 1));
      const slopes = doubleGradient(loss, model, inputs);
      const shifted = (by: number) => slopes(Float64Array.from(theta, (w, k) => w + by * (v[k] as number)));
      const [up, down] = [shifted(1e-5), shifted(-1e-5)];
      (await loss.hvp(theta, v)).forEach((product, k) => {
        const wanted = ((up[k] as number) - (down[k] as number)) / 2e-5;
        expect(Math.abs(product - wanted)).toBeLessThan(5e-6);
      });
    });
});
