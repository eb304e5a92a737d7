import { losslab } from './networks.mjs';

const { compile, tf } = losslab;

/** @typedef {import('losslab').tf.Tensor} Tensor */
/** @typedef {(p: Tensor[], x: Tensor) => Tensor} Forward */

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

/** Flat θ and flat v to the flat Hessian times v, on inputs and one-hot labels. @param {import('./networks.mjs').Network} network @param {Tensor} x @param {Tensor} y */
function hvpOf({ name, loss }, x, y) {
  const forward = /** @type {Forward} */ (FORWARD[name]);
  const { params } = loss.layout;
  const split = (/** @type {Tensor} */ flat) =>
    tf
      .split(
        flat,
        params.map(({ size }) => size),
      )
      .map((part, i) => tf.reshape(part, params[i]?.shape ?? []));
  return (/** @type {Tensor} */ theta, /** @type {Tensor} */ v) => {
    const value = (/** @type {Tensor} */ at) =>
      tf.neg(tf.mean(tf.sum(tf.mul(y, tf.logSoftmax(forward(split(at), x))), -1)));
    const along = (/** @type {Tensor} */ at) => tf.sum(tf.mul(tf.grad(value)(at), v));
    return tf.grad(along)(theta);
  };
}

/** A call of the product in float64, flat vectors in and out; the batch lies ready. @param {import('./networks.mjs').Network} network */
export function doubleHvp(network) {
  const { batch } = network;
  const rows = tf.tensor1d(Array.from(batch), 'int32');
  const x = tf.gather(network.x, rows);
  const y = tf.oneHot(tf.cast(tf.gather(network.y, rows), 'int32'), 10).toFloat();
  /** @type {[Tensor, Tensor]} */
  const examples = [tf.tensor1d(network.theta), tf.tensor1d(network.v)];
  const run = compile(hvpOf(network, x, y), examples, { precision: 'float64' });
  const [theta, v] = [Float64Array.from(network.theta), Float64Array.from(network.v)];
  return async () => run(theta, v);
}
