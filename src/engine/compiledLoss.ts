import { tf } from './backend';

type LossFunction = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/**
 * The loss that `model.compile({ loss: name })` would use: labels and predictions to one value a sample.
 * TensorFlow.js does not export these, so a throwaway model is compiled and asked for its own.
 */
export function compiledLoss(name: string): LossFunction {
  const inputs = tf.input({ shape: [1] });
  const outputs = tf.layers.activation({ activation: 'linear' }).apply(inputs) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs });
  try {
    model.compile({ optimizer: 'sgd', loss: name });
    return model.lossFunctions[0] as LossFunction;
  } finally {
    model.dispose();
  }
}
