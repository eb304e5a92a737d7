import { type ChainLayer, tf } from '../engine';
import type { Param, ParamLayout } from '../params';

// Many points in one call: the weights of K points lie in one stack, the first layer of all of them is one matmul
//   [K·units, features] × [features, rows],
// and the layers after it are batched matmuls. A call costs as much as one point's overhead, not K times that.

/** Numbers in the widest layer of one call: 2²¹ (8 MB) ran fastest, larger ones leave the processor's cache. */
const WIDEST = 2 ** 21;

/** How many points to stack, so that the widest layer (or the stack of weights) stays within bounds. */
export function stackSize(chain: ChainLayer[], layout: ParamLayout, rows: number): number {
  const widths = chain.map(({ kernel }) =>
    kernel === undefined ? 1 : (layout.params[kernel]?.shape[1] ?? 1),
  );
  const perPoint = Math.max(layout.dim, rows * Math.max(...widths));
  return Math.max(1, Math.min(256, Math.floor(WIDEST / perPoint)));
}

/** What the chain puts out at each point, [points, rows, outputs], from x [rows, features] and θ stacked. */
export function stackedPredictions(
  chain: ChainLayer[],
  layout: ParamLayout,
  stack: tf.Tensor2D,
  x: tf.Tensor,
): tf.Tensor {
  return through(chain, layout, stack, undefined, x);
}

/**
 * What all points along some directions share: the first layer is linear in its weights, so that of a point is the
 * same combination of those of the center and of each direction, (xW + b) + Σ cⱼ(xWⱼ + bⱼ). [1 + directions, units, rows].
 */
export function firstLayer(
  chain: ChainLayer[],
  layout: ParamLayout,
  basis: tf.Tensor2D,
  x: tf.Tensor,
): tf.Tensor {
  return affine(chain[0] as ChainLayer, layout, basis, undefined, x);
}

/** The same predictions of points by their coordinates, from what they share. */
export function predictionsAlong(
  chain: ChainLayer[],
  layout: ParamLayout,
  { basis, coefficients }: { basis: tf.Tensor2D; coefficients: tf.Tensor2D },
  shared: tf.Tensor,
): tf.Tensor {
  const [width, units, rows] = shared.shape as [number, number, number];
  const mixed = tf.matMul(coefficients, tf.reshape(shared, [width, units * rows]));
  const first = tf.reshape(mixed, [coefficients.shape[0], units, rows]);
  return through(chain, layout, tf.matMul(coefficients, basis), first, undefined);
}

/** Runs the chain; `first` is what its first layer gives before the activation, when that is known. */
function through(
  chain: ChainLayer[],
  layout: ParamLayout,
  stack: tf.Tensor2D,
  first: tf.Tensor | undefined,
  x: tf.Tensor | undefined,
): tf.Tensor {
  const output = chain.reduce((input: tf.Tensor | undefined, layer, i) => {
    const last = layer === chain.at(-1);
    const known = i === 0 ? first : undefined;
    const z = known ?? (layer.kernel === undefined ? input : affine(layer, layout, stack, input, x));
    const seen = last ? tf.transpose(z as tf.Tensor, [0, 2, 1]) : (z as tf.Tensor);
    return layer.activation(seen);
  }, undefined);
  return output as tf.Tensor;
}

/** Wᵀ·input + b at each point, [points, units, rows]; without an input, of the rows x themselves. */
function affine(
  layer: ChainLayer,
  layout: ParamLayout,
  stack: tf.Tensor2D,
  input: tf.Tensor | undefined,
  x: tf.Tensor | undefined,
): tf.Tensor {
  const param = layout.params[layer.kernel as number] as Param;
  const points = stack.shape[0];
  const [features = 0, units = 0] = param.shape;
  const kernel = tf.transpose(tf.reshape(part(stack, param), [points, features, units]), [0, 2, 1]);
  const product =
    input === undefined
      ? tf.reshape(tf.matMul(tf.reshape(kernel, [points * units, features]), x as tf.Tensor, false, true), [
          points,
          units,
          -1,
        ])
      : tf.matMul(kernel, input);
  if (layer.bias === undefined) return product;
  const bias = part(stack, layout.params[layer.bias] as Param);
  return tf.add(product, tf.reshape(bias, [points, units, 1]));
}

function part(stack: tf.Tensor2D, { offset, size }: Param): tf.Tensor2D {
  return tf.slice2d(stack, [0, offset], [stack.shape[0], size]);
}

/** Values of any shape [points, …] to their mean at each point. */
export function meanByPoint(values: tf.Tensor): tf.Tensor {
  return tf.mean(tf.reshape(values, [values.shape[0] as number, -1]), 1);
}
