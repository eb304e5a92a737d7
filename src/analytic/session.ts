import { tf } from '../engine';
import type { TrainingSession } from '../loss';
import type { Formula } from './formula';

/**
 * Opens a formula for TensorFlow.js optimizers: one variable w, whose loss and gradient are the formula's own.
 * The variable holds float32, as every weight of TensorFlow.js does; the formula is computed in float64 on it.
 */
export function openSession(formula: Formula, start: number[]): TrainingSession<Float64Array> {
  const w = tf.tidy(() => tf.variable(tf.tensor1d(start)));
  const loss = tf.customGrad((x) => {
    const at = Array.from((x as tf.Tensor).dataSync());
    return {
      value: tf.scalar(formula.value(at)),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.tensor1d(formula.gradient(at))),
    };
  });
  return {
    variables: [w],
    state: [],
    forward: () => loss(w) as tf.Scalar,
    theta: () => Float64Array.from(w.dataSync()),
    value: async (theta) => formula.value(Array.from(theta)),
    dispose: () => w.dispose(),
  };
}
