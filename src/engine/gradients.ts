import { tf } from './backend';

/**
 * The value of `f` and its gradient by each of `at`; zeros where the value does not depend on it.
 * (`tf.valueAndGrads` throws there.)
 */
export function valueAndGradients(
  f: () => tf.Scalar,
  at: tf.Tensor[],
): { value: tf.Scalar; gradients: tf.Tensor[] } {
  const allowNoGradients = true;
  const { value, grads } = tf.engine().gradients(releasingTape(f), at, undefined, allowNoGradients);
  return { value: value as tf.Scalar, gradients: grads.map((g, i) => g ?? tf.zerosLike(at[i] as tf.Tensor)) };
}

/**
 * The same of a function that also gives other tensors: `aux` outlives the gradient. Inside `tf.tidy`.
 */
export function gradientsWithAux<T extends Record<string, tf.Tensor>>(
  f: () => { value: tf.Scalar; aux: T },
  at: tf.Tensor[],
): { aux: T; gradients: tf.Tensor[] } {
  let kept: T | undefined;
  const run = (): tf.Scalar => {
    const { value, aux } = f();
    for (const tensor of Object.values(aux)) tf.keep(tensor);
    kept = aux;
    return value;
  };
  try {
    const { gradients } = valueAndGradients(run, at);
    return { aux: kept as T, gradients };
  } finally {
    for (const tensor of Object.values(kept ?? {})) letGo(tensor);
  }
}

/** Takes back `tf.keep`: the scope that runs now disposes the tensor. */
function letGo(tensor: tf.Tensor): void {
  (tensor as unknown as { kept: boolean }).kept = false;
  (tf.engine() as unknown as { track(tensor: tf.Tensor): void }).track(tensor);
}

/** What the tape of a gradient saved is let go when `f` throws: TensorFlow.js does so only when it returns. */
export function releasingTape<T>(f: () => T): () => T {
  return () => {
    try {
      return f();
    } catch (error) {
      for (const node of tf.engine().state.activeTape ?? []) tf.dispose(live(node.saved ?? []));
      throw error;
    }
  };
}

/** Runs a function inside a gradient and remembers what it marked with `tf.keep`, for `release` to dispose. */
export function catchKept<T extends tf.Tensor>(f: () => T): { run: () => T; release: () => void } {
  let kept: tf.Tensor[] = [];
  return {
    run: () => {
      const value = f();
      const created = tf.engine().state.activeScope?.track ?? [];
      kept = created.filter((tensor) => (tensor as unknown as { kept: boolean }).kept && tensor !== value);
      return value;
    },
    release: () => tf.dispose(live(kept)),
  };
}

/** Every variable there is: what an optimizer moves when it is given none. */
export function allVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables);
}

function live(tensors: tf.Tensor[]): tf.Tensor[] {
  return tensors.filter((tensor) => !tensor.isDisposed);
}
