import type { Built, Scalar, Tensor, Tf } from './case';
import { drawn } from './numbers';

type Outputs = Tensor | Tensor[];

/**
 * Completes a function of tensors to a case: the mean of c ⊙ (y + y²) over all its outputs y, with fixed random
 * weights c. The square makes the Hessian differ from zero where y is linear, and the gradient that comes in from
 * above depend on the point, so both ways through an op's gradient are examined.
 */
export function scored(
  tf: Tf,
  at: Tensor[],
  seed: number,
  outputs: (at: Tensor[]) => Outputs,
  captured: () => void = () => {},
): Built {
  const weights = tf.tidy(() => list(outputs(at)).map((y, i) => drawn(tf, y.shape, seed + i, [0.2, 1])));
  return {
    at,
    run: (point) => score(tf, list(outputs(point)), weights),
    dispose: () => {
      captured();
      tf.dispose([at, weights]);
    },
  };
}

function score(tf: Tf, outputs: Tensor[], weights: Tensor[]): Scalar {
  const terms = outputs.map((output, i) => {
    const y = tf.cast(output, 'float32');
    return tf.mean(tf.mul(weights[i] as Tensor, tf.add(y, tf.square(y))));
  });
  return terms.reduce((sum, term) => tf.add(sum, term)) as Scalar;
}

const list = (outputs: Outputs): Tensor[] => (Array.isArray(outputs) ? outputs : [outputs]);
