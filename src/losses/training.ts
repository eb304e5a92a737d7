import { ready, tf } from '../engine';
import type { TrainingSession } from '../loss';
import { gathered, takeBatch } from './rows';
import type { Parts } from './tensorLoss';
import { flat, tensorsOf } from './theta';

/** Variables at θ, for an optimizer to move. */
export async function openTraining(
  parts: Parts,
  theta: Float32Array,
): Promise<TrainingSession<Float32Array>> {
  parts.checkTraining();
  await ready();
  const variables = tf.tidy(() => tensorsOf(parts.layout, theta).map((start) => tf.variable(start, true)));
  return {
    variables,
    forward: (batch, seed) => parts.training(variables, gathered(takeBatch(parts.rows, batch)), seed),
    theta: () => {
      const all = tf.tidy(() => flat(variables));
      const values = Float32Array.from(all.dataSync());
      all.dispose();
      return values;
    },
    dispose: () => tf.dispose(variables),
  };
}
