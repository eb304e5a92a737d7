import { beforeAll, describe, expect, it } from 'vitest';
import { ready, tf } from './backend';
import { initialWeights } from './initialWeights';
import { otherWeights, readWeights, trainableWeights } from './weights';

beforeAll(ready);

const { dense, lstm, bidirectional, timeDistributed, batchNormalization, concatenate } = tf.layers;
const chain = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });
const pair = () => chain(dense({ units: 4, inputShape: [3] }), dense({ units: 3 }));

/** A dense layer on what `left` and `right` make of two inputs. */
function joined(left: tf.layers.Layer, right: tf.layers.Layer): tf.LayersModel {
  const inputs = [tf.input({ shape: [3] }), tf.input({ shape: [3] })] as const;
  const sides = [left.apply(inputs[0]), right.apply(inputs[1])] as tf.SymbolicTensor[];
  const outputs = dense({ units: 1 }).apply(concatenate().apply(sides)) as tf.SymbolicTensor;
  return tf.model({ inputs: [...inputs], outputs });
}

function frozen<L extends tf.layers.Layer>(layer: L): L {
  layer.trainable = false;
  return layer;
}

/** The same layer inside two nested models. */
function insideTwo(): tf.LayersModel {
  const shared = dense({ units: 4 });
  const around = (...more: tf.layers.Layer[]) => {
    const input = tf.input({ shape: [3] });
    const output = [shared, ...more].reduce<tf.SymbolicTensor>(
      (h, layer) => layer.apply(h) as tf.SymbolicTensor,
      input,
    );
    return tf.model({ inputs: input, outputs: output });
  };
  return joined(around(dense({ units: 2 })), around());
}

const cases: [string, () => tf.LayersModel, number][] = [
  ['a chain', pair, 31],
  ['a layer applied to two inputs', () => withItself(dense({ units: 4 })), 16 + 9],
  ['a nested model applied to two inputs', () => withItself(pair()), 31 + 7],
  ['a layer inside two nested models', insideTwo, 16 + 10 + 7],
  [
    'a layer twice in a chain',
    () => {
      const twice = dense({ units: 3 });
      return chain(dense({ units: 3, inputShape: [3] }), twice, twice);
    },
    24,
  ],
  ['a frozen nested model', () => joined(frozen(pair()), dense({ units: 2 })), 8 + 6],
  ['a frozen model inside a nested one', () => chain(chain(frozen(pair()), dense({ units: 3 }))), 12],
  ['a frozen layer', () => chain(frozen(dense({ units: 4, inputShape: [3] })), dense({ units: 2 })), 10],
  [
    'a frozen bidirectional layer',
    () =>
      chain(
        frozenLater(bidirectional({ layer: lstm({ units: 3 }), inputShape: [4, 2] })),
        dense({ units: 2 }),
      ),
    14,
  ],
  [
    'a frozen model inside a wrapper',
    () => {
      const inner = frozen(chain(dense({ units: 3, inputShape: [2] })));
      return chain(timeDistributed({ layer: inner, inputShape: [4, 2] }), dense({ units: 2 }));
    },
    8,
  ],
  ['batch normalisation', () => chain(dense({ units: 4, inputShape: [3] }), batchNormalization()), 24],
];

function withItself(layer: tf.layers.Layer): tf.LayersModel {
  return joined(layer, layer);
}

/** The parts of a wrapper exist once it was applied. */
function frozenLater(layer: tf.layers.Layer): tf.layers.Layer {
  layer.build([null, 4, 2]);
  return frozen(layer);
}

describe('the weights of a model are each counted once, drawn anew by a seed, and left behind nowhere', () => {
  for (const [name, build, count] of cases)
    it(name, () => {
      const model = build();
      const before = Array.from(readWeights(model));
      const tensors = tf.memory().numTensors;
      const [one, again, two] = [1, 1, 2].map((seed) => initialWeights(model, seed));
      expect(tf.memory().numTensors).toBe(tensors);
      expect(one).toHaveLength(count);
      expect(again).toEqual(one);
      expect(two).not.toEqual(one);
      expect(Array.from(readWeights(model))).toEqual(before);
      const all = [...trainableWeights(model), ...otherWeights(model)];
      expect(new Set(all)).toEqual(new Set(model.weights));
      expect(all).toHaveLength(new Set(model.weights).size);
    });

  it('the draws of a frozen layer leave those of the others as they are', () => {
    const [free, held] = [pair(), pair()];
    (held.layers[0] as tf.layers.Layer).trainable = false;
    expect(initialWeights(held, 3)).toEqual(initialWeights(free, 3).subarray(16));
  });

  it('a model whose configuration makes another one is refused', () => {
    const model = pair();
    model.getConfig = () => chain(dense({ units: 4, inputShape: [3] })).getConfig();
    const tensors = tf.memory().numTensors;
    expect(() => initialWeights(model, 1)).toThrow('params({ seed }) must be able to build');
    // The weights of the other model are its owner's: kernel and bias.
    expect(tf.memory().numTensors).toBe(tensors + 2);
  });
});
