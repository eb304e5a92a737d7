import type { Case, Library } from '../case';
import { modelCase } from '../model';

/** Dense layers, embeddings, what only moves entries, merges, and activations that are layers. */
export function denseCases(library: Library): Case[] {
  const { layers } = library.tf;
  const at = (name: string, shapes: number[][], connect: Parameters<typeof modelCase>[3], options = {}) =>
    modelCase(library, name, shapes, connect, options);
  return [
    at('dense', [[3]], (x) => layers.dense({ units: 2 }).apply(x) as never),
    at('dense without bias', [[3]], (x) => layers.dense({ units: 2, useBias: false }).apply(x) as never),
    at(
      'dense on sequences',
      [[2, 3]],
      (x) => layers.dense({ units: 2, activation: 'tanh' }).apply(x) as never,
    ),
    at('dense with l1 and l2', [[3]], (x) => layers.dense(regularized(library)).apply(x) as never),
    at('embedding', [[4]], (x) => layers.embedding({ inputDim: 6, outputDim: 3 }).apply(x) as never, {
      integers: 6,
    }),
    at('flatten', [[2, 3]], (x) => layers.flatten().apply(x) as never),
    at('reshape', [[2, 3]], (x) => layers.reshape({ targetShape: [3, 2] }).apply(x) as never),
    at('permute', [[2, 3]], (x) => layers.permute({ dims: [2, 1] }).apply(x) as never),
    at('repeatVector', [[3]], (x) => layers.repeatVector({ n: 4 }).apply(x) as never),
    at('masking', [[3, 2]], (x) => layers.masking({ maskValue: 0 }).apply(x) as never),
    at('rescaling', [[3]], (x) => library.tf.layers.rescaling({ scale: 0.5, offset: 0.2 }).apply(x) as never),
    at('activation layer', [[5]], (x) => layers.activation({ activation: 'tanh' }).apply(x) as never),
    at('reLU layer', [[5]], (x) => layers.reLU({ maxValue: 0.6 }).apply(x) as never),
    at('leakyReLU layer', [[5]], (x) => layers.leakyReLU({ alpha: 0.2 }).apply(x) as never),
    at('elu layer', [[5]], (x) => layers.elu({ alpha: 1 }).apply(x) as never),
    at('prelu layer', [[5]], (x) => layers.prelu({}).apply(x) as never),
    at('thresholdedReLU layer', [[5]], (x) => layers.thresholdedReLU({ theta: 0.4 }).apply(x) as never),
    at('softmax layer', [[5]], (x) => layers.softmax({}).apply(x) as never),
    ...mergeCases(library),
    ...graphCases(library),
  ];
}

function regularized({ tf }: Library) {
  return {
    units: 2,
    kernelRegularizer: tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
    biasRegularizer: tf.regularizers.l2({ l2: 0.3 }),
  };
}

function mergeCases(library: Library): Case[] {
  const { layers } = library.tf;
  const merges = {
    add: () => layers.add(),
    average: () => layers.average(),
    concatenate: () => layers.concatenate(),
    maximum: () => layers.maximum(),
    minimum: () => layers.minimum(),
    multiply: () => layers.multiply(),
    dot: () => layers.dot({ axes: -1 }),
    'dot of normalized': () => layers.dot({ axes: -1, normalize: true }),
  };
  return Object.entries(merges).map(([name, layer]) =>
    modelCase(library, name, [[3], [3]], (a, b) => layer().apply([a, b]) as never),
  );
}

/** Models that are no chain. */
function graphCases(library: Library): Case[] {
  const { layers } = library.tf;
  return [
    modelCase(library, 'residual', [[3]], (x) => {
      const inner = layers.dense({ units: 3, activation: 'tanh' }).apply(x) as never;
      return layers.add().apply([x, inner]) as never;
    }),
    modelCase(library, 'shared layer', [[3], [3]], (a, b) => {
      const shared = layers.dense({ units: 2, activation: 'sigmoid' });
      return layers.multiply().apply([shared.apply(a) as never, shared.apply(b) as never]) as never;
    }),
    modelCase(library, 'two inputs and two outputs', [[3], [2]], (a, b) => {
      const both = layers.concatenate().apply([a, b]) as never;
      return [
        layers.dense({ units: 2, activation: 'tanh' }).apply(both) as never,
        layers.dense({ units: 1, activation: 'sigmoid' }).apply(both) as never,
      ];
    }),
    modelCase(library, 'frozen layer', [[3]], (x) => {
      const frozen = layers.dense({ units: 3, activation: 'tanh', trainable: false }).apply(x) as never;
      return layers.dense({ units: 2 }).apply(frozen) as never;
    }),
  ];
}
