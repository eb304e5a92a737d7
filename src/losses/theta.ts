import { tf } from '../engine';
import { type ParamLayout, view } from '../params';

/** θ as one tensor for each parameter; inside `tf.tidy`, or disposed by the caller. `theta` must not change meanwhile. */
export function tensorsOf(layout: ParamLayout, theta: Float32Array): tf.Tensor[] {
  return layout.params.map((param) => tf.tensor(view(theta, param), param.shape, 'float32'));
}

/** The same from θ as a tensor, one op a parameter. */
export function split(layout: ParamLayout, theta: tf.Tensor1D): tf.Tensor[] {
  return layout.params.map(({ offset, size, shape }) => tf.reshape(tf.slice1d(theta, offset, size), shape));
}

/** One tensor for each parameter, as θ. */
export function flat(tensors: tf.Tensor[]): tf.Tensor {
  return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));
}
