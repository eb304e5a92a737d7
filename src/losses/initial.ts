import { childSeed, tf } from '../engine';
import { checkPoint, type Param, type ParamLayout } from '../params';
import type { Vector } from '../vector';
import { show } from './arrays';

/** Initial values: θ itself, or the tensors by name. */
export type Initial = Vector | Record<string, tf.Tensor | tf.TensorLike>;

/** Glorot uniform kernels and zero biases, drawn by TensorFlow.js's own initializer. */
export function drawInitial(layout: ParamLayout, seed: number): Float32Array {
  const theta = new Float32Array(layout.dim);
  layout.params.forEach((param, i) => {
    if (param.role === 'bias') return;
    const drawn = tf.initializers.glorotUniform({ seed: childSeed(seed, i) }).apply(param.shape);
    theta.set(drawn.dataSync(), param.offset);
    drawn.dispose();
  });
  return theta;
}

/** @throws RangeError when a parameter is missing or has another shape. */
export function readInitial(layout: ParamLayout, init: Initial): Float32Array {
  if (init instanceof Float32Array || init instanceof Float64Array) {
    checkPoint(layout, init, 'init');
    return Float32Array.from(init);
  }
  const theta = new Float32Array(layout.dim);
  for (const param of layout.params) theta.set(readParam(param, init[param.name]), param.offset);
  return theta;
}

function readParam({ name, shape }: Param, value: tf.Tensor | tf.TensorLike | undefined): Float32Array {
  if (value === undefined) throw new RangeError(`init.${name} must be given: it is one of the shapes`);
  const tensor = value instanceof tf.Tensor ? value : tf.tensor(value, undefined, 'float32');
  const values = Float32Array.from(tensor.dataSync());
  const got = tensor.shape;
  if (tensor !== value) tensor.dispose();
  if (show(got) !== show(shape))
    throw new RangeError(`init.${name} must have the shape ${show(shape)}, got ${show(got)}`);
  return values;
}
