import { restoring } from '../restoring';
import { backpropagate, pathBetween } from './backpropagate';
import { type Engine, engine, releaseTape, tf } from './engine';
import { differentiating } from './sources';

/** What `hessianVectorProducts` returns. */
export type HessianVectorProducts = {
  /** f at the tensors' values. */
  value: tf.Scalar;
  /** The gradient by each of `at`. */
  gradients: tf.Tensor[];
  /** `products[k][i]` is the part at `at[i]` of the Hessian times `vectors[k]`. */
  products: tf.Tensor[][];
};

/**
 * Exact Hessian-vector products, the derivative of the gradient along each vector: H·v = ∂⟨∇f, v⟩/∂θ, by
 * backpropagation through the backpropagation. The forward and the first backward pass are shared by all vectors.
 *
 * All of `f` runs here: its value, the gradient and the products come from the same pass. Variables that `f` assigns
 * to are given their values back. Where `f` does not depend on a tensor, its gradient and products are zero.
 *
 * The gradient is that of TensorFlow.js, and each product is the exact derivative of this gradient. So what TensorFlow.js
 * takes for a constant is one here too: what was computed from `at` before `f` runs; numbers that `f` reads
 * (`dataSync`, `arraySync`), and with them the branch they choose; what `f` assigns to a variable. That is how to
 * stop a gradient. A variable among `at` counts with the value it has where it is used. A `tf.customGrad` counts with
 * the gradient it states, by its inputs alone, even where that is no derivative (a straight-through estimate).
 *
 * A gradient function (`gradFunc` of a customGrad or of `tf.registerGradient`) must compute from tensors, else a part
 * of the product would be lost: it throws when it uses a tensor made inside a customGrad, reads a number that depends
 * on `at`, follows a forward pass that read one, or uses a variable that was assigned one. At first order all of that
 * is allowed. Since nobody sees where numbers go, one that `f` reads elsewhere makes each customGrad of yours throw
 * too. Not seen: numbers that remained from before `f`, and those `f` hands to a `tf.registerGradient`; they are constants.
 *
 * @param f computes a scalar from `at`, which it reaches by closure
 * @param at where to differentiate: float32 tensors or variables
 * @param vectors for each product one tensor for each of `at`, of its shape
 * @returns tensors that belong to the caller
 * @throws TypeError when f returns no scalar, when a tensor was disposed, when shapes or counts do not match;
 * Error naming the operation that has no second derivative here, or the customGrad whose gradient cannot have one
 * @see Pearlmutter, Fast exact multiplication by the Hessian (1994), https://doi.org/10.1162/neco.1994.6.1.147
 * @example
 * ```ts
 * import { hessianVectorProducts, tf } from 'losslab';
 * const x = tf.tensor1d([1, 2]);
 * const cubes = () => x.pow(3).sum() as tf.Scalar;
 * const { products } = hessianVectorProducts(cubes, [x], [[tf.tensor1d([1, 1])]]);
 * products[0][0].print(); // [6, 12]
 * ```
 */
export function hessianVectorProducts(
  f: () => tf.Scalar,
  at: tf.Tensor[],
  vectors: tf.Tensor[][],
): HessianVectorProducts {
  check(at, vectors);
  const restore = rememberVariables();
  const products = (): HessianVectorProducts =>
    tf.tidy(() => {
      // Copies, so that a vector that is one of `at` does not count as a function of θ.
      const directions = vectors.map((vector) => vector.map((part) => part.clone()));
      return withTape((core, start) => differentiate(core, start, f, at, directions));
    });
  return restoring(products, restore);
}

function differentiate(
  core: Engine,
  start: number,
  f: () => tf.Scalar,
  at: tf.Tensor[],
  directions: tf.Tensor[][],
): HessianVectorProducts {
  const tape = () => (core.state.activeTape ?? []).slice(start);
  const gradientOf = () => {
    const result = recorded(core, () => scalarOf(tf.tidy(f)));
    const first = pathBetween(tape(), at, [result]);
    return { value: result, found: backpropagate(first, [[result, tf.onesLike(result)]], at) };
  };
  const { value, found } = recorded(core, () => differentiating(at, gradientOf));
  const gradients = found.filter((gradient) => gradient !== undefined);
  const second = pathBetween(tape(), at, gradients);
  const products = directions.map((direction) => {
    const seeds = found.flatMap((gradient, i) =>
      gradient === undefined ? [] : [[gradient, direction[i] as tf.Tensor] as const],
    );
    return backpropagate(second, seeds, at);
  });
  const taken = new Set<tf.Tensor>([...at, ...directions.flat()]);
  const own = (part: tf.Tensor | undefined, i: number) => ownTensor(part, at[i] as tf.Tensor, taken);
  return {
    value: ownTensor(value, value, taken) as tf.Scalar,
    gradients: found.map(own),
    products: products.map((product) => product.map(own)),
  };
}

/** Zeros for what is missing, a copy of what is already somebody's. */
function ownTensor(part: tf.Tensor | undefined, like: tf.Tensor, taken: Set<tf.Tensor>): tf.Tensor {
  const tensor = part === undefined ? tf.zeros(like.shape) : taken.has(part) ? part.clone() : part;
  taken.add(tensor);
  return tensor;
}

function recorded<T>(core: Engine, run: () => T): T {
  core.startTape();
  try {
    return run();
  } finally {
    core.endTape();
  }
}

/** Lets go of what the tape saved, also after an error, unless the tape belongs to a derivative around this one. */
function withTape<T>(run: (core: Engine, start: number) => T): T {
  const core = engine();
  const inner = core.state.gradientDepth > 0;
  try {
    return run(core, inner ? (core.state.activeTape?.length ?? 0) : 0);
  } finally {
    if (!inner) releaseTape();
  }
}

/** Batch normalisation in training mode, for one, assigns its moving averages. */
function rememberVariables(): () => void {
  const variables = Object.values(engine().registeredVariables).filter((variable) => !variable.isDisposed);
  const before = variables.map((variable) => tf.keep(tf.tidy(() => variable.clone())));
  return () => {
    variables.forEach((variable, i) => {
      const value = before[i] as tf.Tensor;
      const isChanged = !variable.isDisposed && !value.isDisposed && variable.dataId !== value.dataId;
      if (isChanged) variable.assign(value);
    });
    tf.dispose(before);
  };
}

function scalarOf(value: unknown): tf.Scalar {
  if (!(value instanceof tf.Tensor)) throw new TypeError(`f must return a scalar, got ${typeof value}`);
  if (value.rank !== 0) throw new TypeError(`f must return a scalar, got shape [${value.shape}]`);
  if (value.dtype !== 'float32') throw new TypeError(`f must return a float32 scalar, got ${value.dtype}`);
  return value as tf.Scalar;
}

function check(at: tf.Tensor[], vectors: tf.Tensor[][]): void {
  at.forEach((tensor, i) => {
    checkTensor(tensor, `at[${i}]`);
  });
  vectors.forEach((vector, k) => {
    if (vector.length !== at.length)
      throw new TypeError(
        `vectors[${k}] must have ${at.length} tensors, one for each of at, got ${vector.length}`,
      );
    vector.forEach((part, i) => {
      const name = `vectors[${k}][${i}]`;
      checkTensor(part, name);
      const { shape } = at[i] as tf.Tensor;
      if (!tf.util.arraysEqual(part.shape, shape))
        throw new TypeError(`${name} must have shape [${shape}], got [${part.shape}]`);
    });
  });
}

function checkTensor(tensor: tf.Tensor, name: string): void {
  if (tensor.isDisposed) throw new TypeError(`${name} is a disposed tensor`);
  if (tensor.dtype !== 'float32') throw new TypeError(`${name} must be float32, got ${tensor.dtype}`);
}
