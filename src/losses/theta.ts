import { tf } from '../engine';
import { type ParamLayout, view } from '../params';
import type { Vector } from '../vector';

/** θ as one tensor for each parameter; inside `tf.tidy`, or disposed by the caller. `theta` must not change meanwhile. */
export function tensorsOf(layout: ParamLayout, theta: Float32Array): tf.Tensor[] {
  return layout.params.map((param) => tf.tensor(view(theta, param), param.shape, 'float32'));
}

/** One tensor for each parameter, as θ. */
export function flat(tensors: tf.Tensor[]): tf.Tensor {
  return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));
}

/** Throws unless θ is a typed array of floats. */
export function checkTheta(theta: unknown, what = 'theta'): asserts theta is Vector {
  if (theta instanceof Float32Array || theta instanceof Float64Array) return;
  throw new TypeError(`${what} must be a Float32Array or Float64Array, got ${name(theta)}`);
}

function name(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return value.constructor?.name ?? 'an object';
}
