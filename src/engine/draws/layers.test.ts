import { describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { withDraws } from './context';

const L = tf.layers;
type Layer = tf.layers.Layer;

/** Layers that draw in training mode, each in front of what makes its output [rows, 3]; inputs [rows, 4, 5]. */
const drawing: Record<string, () => Layer[]> = {
  dropout: () => [L.dropout({ rate: 0.4 })],
  'dropout with a seed of its own': () => [L.dropout({ rate: 0.4, seed: 3 })],
  'dropout with a noise shape': () => [L.dropout({ rate: 0.4, noiseShape: [7, 1, 5] })],
  spatialDropout1d: () => [L.spatialDropout1d({ rate: 0.4 })],
  gaussianNoise: () => [L.gaussianNoise({ stddev: 0.3 })],
  gaussianDropout: () => [L.gaussianDropout({ rate: 0.3 })],
  alphaDropout: () => [L.alphaDropout({ rate: 0.3 })],
  'simpleRNN, dropout': () => [L.simpleRNN({ units: 3, dropout: 0.4, returnSequences: true })],
  'gru, recurrentDropout': () => [L.gru({ units: 3, recurrentDropout: 0.4, returnSequences: true })],
  'lstm, both': () => [L.lstm({ units: 3, dropout: 0.4, recurrentDropout: 0.4, returnSequences: true })],
  'rnn of two cells': () => {
    const cell = [L.gruCell({ units: 4, dropout: 0.4 }), L.lstmCell({ units: 3, recurrentDropout: 0.4 })];
    return [L.rnn({ cell, returnSequences: true })];
  },
  convLstm2d: () => [
    L.reshape({ targetShape: [2, 2, 5, 1] }),
    L.convLstm2d({ filters: 2, kernelSize: 2, dropout: 0.4, recurrentDropout: 0.4 }),
  ],
  'bidirectional lstm': () => [
    L.bidirectional({
      layer: L.lstm({ units: 3, dropout: 0.4, recurrentDropout: 0.4, returnSequences: true }) as never,
      mergeMode: 'concat',
    }),
  ],
  'timeDistributed dropout': () => [L.timeDistributed({ layer: L.dropout({ rate: 0.4, seed: 5 }) })],
  'a nested model': () => [
    tf.sequential({ layers: [L.dense({ units: 4, inputShape: [4, 5] }), L.dropout({ rate: 0.4, seed: 1 })] }),
  ],
};

function modelOf(layers: Layer[]): tf.LayersModel {
  const head = [L.flatten(), L.dense({ units: 3 })];
  return tf.sequential({
    layers: [L.activation({ activation: 'tanh', inputShape: [4, 5] }), ...layers, ...head],
  });
}

const x = tf.sin(tf.range(0, 7 * 20)).reshape([7, 4, 5]);

function output(model: tf.LayersModel, seed: number): number[] {
  return tf.tidy(() => {
    const out = withDraws(seed, () => model.apply(x, { training: true }) as tf.Tensor, model);
    return Array.from(out.dataSync());
  });
}

describe('in training mode', () => {
  for (const [name, layers] of Object.entries(drawing))
    it(`${name}: the same seed gives the same output, another seed another`, () => {
      const model = modelOf(layers());
      const calm = () => tf.tidy(() => Array.from((model.apply(x) as tf.Tensor).dataSync()));
      const [first, again, other] = [output(model, 1), output(model, 1), output(model, 2)];
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
      expect(calm()).not.toEqual(first);
      expect(calm()).toEqual(calm());
    });

  for (const [name, layers] of Object.entries(drawing))
    it(`${name}: the gradient at a fixed seed is that of central differences, and nothing leaks`, () => {
      const model = modelOf(layers());
      const weights = model.trainableWeights.map((weight) => weight.read());
      const loss = () =>
        withDraws(
          5,
          () => tf.mean(tf.square(model.apply(x, { training: true }) as tf.Tensor)),
          model,
        ) as tf.Scalar;
      const slopes = tf.variableGrads(loss, weights as tf.Variable[]).grads;
      const tensors = tf.memory().numTensors;
      tf.tidy(() => void tf.variableGrads(loss, weights as tf.Variable[]));
      expect(tf.memory().numTensors).toBe(tensors);
      for (const weight of weights as tf.Variable[]) {
        const direction = tf.sign(slopes[weight.name] as tf.Tensor);
        const wanted = sumOf(tf.mul(slopes[weight.name] as tf.Tensor, direction));
        expect(Math.abs(difference(loss, weight, direction) - wanted)).toBeLessThan(
          2e-3 * (1 + Math.abs(wanted)),
        );
      }
    });

  it('seeds of the layers are switched off during the run only, and given back after an error', () => {
    const layer = L.dropout({ rate: 0.5, seed: 9 });
    const model = modelOf([layer]);
    const seed = () => (layer as unknown as { seed?: number }).seed;
    expect(() =>
      withDraws(
        1,
        () => {
          expect(seed()).toBeUndefined();
          throw new Error('broken');
        },
        model,
      ),
    ).toThrow('broken');
    expect(seed()).toBe(9);
  });

  it('without the model a layer with a seed of its own repeats its mask, as in stock', () => {
    const model = modelOf([L.dropout({ rate: 0.5, seed: 9 })]);
    const run = (by: number) =>
      tf.tidy(() => withDraws(by, () => model.apply(x, { training: true }) as tf.Tensor).dataSync());
    expect(run(1)).toEqual(run(2));
  });

  it('two layers of one model have masks of their own, and dropout keeps 1 − rate of them', () => {
    const input = tf.input({ shape: [20_000] });
    const outputs = [1, 2].map(() => L.dropout({ rate: 0.3 }).apply(input) as tf.SymbolicTensor);
    const model = tf.model({ inputs: input, outputs });
    const ones = tf.ones([1, 20_000]);
    const masks = withDraws(1, () => model.apply(ones, { training: true }) as tf.Tensor[], model);
    const [a, b] = masks.map((mask) => tf.sub(tf.mul(mask, 0.7), 0.7)) as [tf.Tensor, tf.Tensor];
    const standard = Math.sqrt((0.3 * 0.7) / 20_000);
    for (const mask of [a, b]) expect(Math.abs(sumOf(mask)) / 20_000).toBeLessThan(4 * standard);
    expect(Math.abs(sumOf(tf.mul(a, b))) / (20_000 * 0.21)).toBeLessThan(4 / Math.sqrt(20_000));
  });
});

function sumOf(tensor: tf.Tensor): number {
  return tf.tidy(() => tf.sum(tensor).dataSync()[0] as number);
}

/** The derivative of the loss along a direction in one weight: central differences of the fourth order. */
function difference(loss: () => tf.Tensor, weight: tf.Variable, direction: tf.Tensor): number {
  const start = weight.clone();
  const at = (step: number): number =>
    tf.tidy(() => {
      weight.assign(tf.add(start, tf.mul(direction, step)));
      return loss().dataSync()[0] as number;
    });
  const h = 4e-3;
  const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  weight.assign(start);
  start.dispose();
  return slope;
}
