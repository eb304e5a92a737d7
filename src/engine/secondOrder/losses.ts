import { kernel, tf } from './engine';
import { nativeOp } from './native';
import { missingKernel } from './register';

/** Puts an exact softmaxCrossEntropy into `tf.losses`; the other losses are exact as they are. */
export function installLosses(): void {
  // The native backend has the operation, but tfjs-node no kernel for it.
  missingKernel('LogSoftmax', 'tensorflow', ({ inputs, backend }) => {
    return nativeOp(backend, 'LogSoftmax', [inputs.logits as tf.Tensor]);
  });
  for (const backend of ['cpu', 'wasm'])
    missingKernel('LogSoftmax', backend, ({ inputs }) => tf.tidy(() => composed(inputs.logits as tf.Tensor)));
  (tf.losses as { softmaxCrossEntropy: typeof softmaxCrossEntropy }).softmaxCrossEntropy =
    softmaxCrossEntropy;
}

/**
 * −Σ labels·log softmax(logits) along the last axis, weighted and reduced like all of `tf.losses`.
 *
 * Stock saves an intermediate result for its gradient, so that its Hessian is wrong, though symmetric. Its gradient by
 * the logits, softmax − labels, is the derivative only where the labels sum to 1; this one is it everywhere.
 */
export function softmaxCrossEntropy<T extends tf.Tensor, O extends tf.Tensor>(
  onehotLabels: T | tf.TensorLike,
  logits: T | tf.TensorLike,
  weights?: tf.Tensor | tf.TensorLike,
  labelSmoothing = 0,
  reduction?: Parameters<typeof tf.losses.computeWeightedLoss>[2],
): O {
  return tf.tidy('softmaxCrossEntropy', () => {
    const $labels = asTensor(onehotLabels);
    const $logits = tf.cast(asTensor(logits), 'float32');
    tf.util.assertShapesMatch($labels.shape, $logits.shape, 'Error in softmaxCrossEntropy: ');
    const targets = smoothed(tf.cast($labels, 'float32'), labelSmoothing);
    const losses = tf.neg(
      tf.sum(tf.mul(kernel('LogSoftmax', { logits: $logits }, { axis: $logits.rank - 1 }), targets), -1),
    );
    return tf.losses.computeWeightedLoss(losses, weights, reduction) as tf.Tensor as O;
  });
}

function composed(logits: tf.Tensor): tf.Tensor {
  const below = tf.sub(logits, tf.max(logits, -1, true));
  return tf.sub(below, tf.log(tf.sum(tf.exp(below), -1, true)));
}

/** labels·(1 − s) + s/classes, with the number of classes read where stock reads it. */
function smoothed(labels: tf.Tensor, labelSmoothing: number): tf.Tensor {
  if (!(labelSmoothing > 0)) return labels;
  const classes = labels.shape[1] as number;
  return tf.add(tf.mul(labels, 1 - labelSmoothing), labelSmoothing / classes);
}

function asTensor(x: tf.Tensor | tf.TensorLike): tf.Tensor {
  return x instanceof tf.Tensor ? x : tf.tensor(x);
}
