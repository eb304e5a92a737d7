import { ready, tf, withDraws } from '../engine';
import type { TrainingSession } from '../loss';
import { type Measuring, measurePoints } from './points';
import { gathered, release, type Taken, takeBatch } from './rows';
import { flat, tensorsOf } from './theta';

/** Variables at θ, for an optimizer to move, and copies of what else training moves. */
export async function openTraining(
  { parts, graphs, state: from }: Measuring,
  theta: Float32Array,
): Promise<TrainingSession<Float32Array>> {
  parts.checkTraining();
  await ready();
  const variables = tf.tidy(() => tensorsOf(parts.layout, theta).map((start) => tf.variable(start, true)));
  const state = from.length === 0 ? parts.state.copy() : from.map(ownVariable);
  const forward = (rows: Taken, seed: tf.Tensor1D | number): tf.Scalar =>
    withDraws(seed, () => parts.training(variables, gathered(rows), seed, state));
  return {
    variables,
    state,
    forward: (batch, seed) => forward(takeBatch(parts.rows, batch), seed),
    traceable: {
      take: (batch) => {
        const rows = takeBatch(parts.rows, batch);
        return { rows, release: () => release(parts.rows, rows) };
      },
      forward: (rows, seed) => forward(rows as Taken, seed),
    },
    theta: () => {
      const all = tf.tidy(() => flat(variables));
      const values = Float32Array.from(all.dataSync());
      all.dispose();
      return values;
    },
    value: async (at) => {
      const now = state.map((variable) => tf.clone(variable as tf.Tensor));
      try {
        const { loss } = await measurePoints({ parts, graphs, state: now }, [at], undefined, false);
        return loss?.[0] as number;
      } finally {
        tf.dispose(now);
      }
    },
    dispose: () => tf.dispose([variables, state]),
  };
}

function ownVariable(start: tf.Tensor): tf.Variable {
  return tf.tidy(() => tf.variable(start.clone(), false));
}
