import type { Case, Library } from './case';
import { modelCase } from './model';

/** Every name that a layer's `activation` takes. */
export const ACTIVATIONS = [
  ...['elu', 'hardSigmoid', 'linear', 'relu', 'relu6', 'selu', 'sigmoid', 'softmax', 'softplus', 'softsign'],
  ...['tanh', 'logSoftmax', 'swish', 'mish', 'gelu', 'gelu_new'],
];

/** Each activation behind a dense layer. */
export function activationCases(library: Library): Case[] {
  const { layers } = library.tf;
  return ACTIVATIONS.map((activation) =>
    modelCase(
      library,
      activation,
      [[3]],
      (x) => layers.dense({ units: 4, activation: activation as never }).apply(x) as never,
      { kind: 'activation', weights: [-1.5, 1.5] },
    ),
  );
}
