import { losslab } from './networks.mjs';

const { tf } = losslab;

/** @typedef {import('losslab').tf.Tensor} Tensor */
/** @typedef {(p: Tensor[], x: Tensor) => Tensor} Forward */
/** @typedef {(fn: (...inputs: Tensor[]) => Tensor, examples: Tensor[], options: { precision: 'float64' }) => (...inputs: (Float64Array | Tensor)[]) => unknown} Compile */

/** The networks as functions of their weights: double precision is a matter of `compile`, which takes functions. @type {Record<string, Forward>} */
const FORWARD = {
  mlp: ([w1, b1, w2, b2, w3, b3], x) => {
    const h = tf.relu(dense(tf.relu(dense(x, w1, b1)), w2, b2));
    return dense(h, w3, b3);
  },
  cnn: ([k1, b1, k2, b2, w, b], x) => {
    const h = tf.maxPool(images(tf.relu(conv(x, k1, b1))), 2, 2, 'valid');
    const flat = tf.reshape(tf.relu(conv(h, k2, b2)), [x.shape[0] ?? 0, -1]);
    return dense(flat, w, b);
  },
};

/** @param {Tensor} x @param {Tensor | undefined} kernel @param {Tensor | undefined} bias */
function dense(x, kernel = tf.scalar(0), bias = tf.scalar(0)) {
  return tf.add(tf.matMul(x, kernel), bias);
}

/** @param {Tensor} x @param {Tensor | undefined} kernel @param {Tensor | undefined} bias @returns {Tensor} */
function conv(x, kernel = tf.scalar(0), bias = tf.scalar(0)) {
  return tf.add(tf.conv2d(images(x), images(kernel), 1, 'valid'), bias);
}

/** @param {Tensor} x @returns {import('losslab').tf.Tensor4D} */
function images(x) {
  return /** @type {import('losslab').tf.Tensor4D} */ (x);
}

/** Flat θ, flat v, inputs and one-hot labels to the flat Hessian times v. @param {import('./networks.mjs').Network} network */
export function hvpOf({ name, loss }) {
  const forward = /** @type {Forward} */ (FORWARD[name]);
  const { params } = loss.layout;
  const split = (/** @type {Tensor} */ flat) =>
    tf
      .split(
        flat,
        params.map(({ size }) => size),
      )
      .map((part, i) => tf.reshape(part, params[i]?.shape ?? []));
  return (/** @type {Tensor[]} */ ...[theta, v, x, y]) => {
    const value = (/** @type {Tensor} */ at) => {
      const logits = forward(split(at), /** @type {Tensor} */ (x));
      return tf.neg(tf.mean(tf.sum(tf.mul(/** @type {Tensor} */ (y), tf.logSoftmax(logits)), -1)));
    };
    const along = (/** @type {Tensor} */ at) => tf.sum(tf.mul(tf.grad(value)(at), /** @type {Tensor} */ (v)));
    return tf.grad(along)(/** @type {Tensor} */ (theta));
  };
}

/** A call of the product in float64, flat vectors in and out; undefined where losslab has no `compile` yet. @param {import('./networks.mjs').Network} network */
export function doubleHvp(network) {
  const { compile } = /** @type {{ compile?: Compile }} */ (losslab);
  if (compile === undefined) return undefined;
  const { theta, v, batch } = network;
  const rows = tf.tensor1d(Array.from(batch), 'int32');
  const x = tf.gather(network.x, rows);
  const y = tf.oneHot(tf.cast(tf.gather(network.y, rows), 'int32'), 10).toFloat();
  const run = compile(hvpOf(network), [tf.tensor1d(theta), tf.tensor1d(v), x, y], { precision: 'float64' });
  const doubles = [Float64Array.from(theta), Float64Array.from(v)];
  return async () => run(...doubles, x, y);
}
