import { doublesWanted } from './doubles';
import { tf } from './engine';
import { gradientOf, wrapKernel } from './register';
import { sumTo } from './shapes';

/** Batch normalisation with given moments, and local response normalisation. */
export function installNormalization(): void {
  batchNorm();
  localResponse();
}

/**
 * y = (x − μ)·s/√(σ² + ε) + b. The sums over the batch are taken before the factors that are constant along it.
 * Works without a scale and without an offset, where stock throws, and needs no Tile.
 */
function batchNorm(): void {
  const saved = { inputs: ['x', 'mean', 'variance', 'scale'] };
  gradientOf<{ varianceEpsilon: number }>('FusedBatchNorm', saved, (dy, tensors, { varianceEpsilon }) => {
    const [x, mean, variance, scale] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor | undefined];
    const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
    const factor = scale === undefined ? inverse : tf.mul(inverse, scale);
    const { shape } = mean;
    const alongX = () => sumTo(tf.mul(dy, tf.sub(x, mean)), shape);
    return {
      x: () => tf.mul(dy, factor),
      mean: () => tf.neg(tf.mul(sumTo(dy, shape), factor)),
      variance: () => tf.mul(alongX(), tf.mul(tf.mul(factor, tf.square(inverse)), -0.5)),
      scale: () => tf.mul(alongX(), inverse),
      offset: () => sumTo(dy, shape),
    };
  });
}

interface LocalResponse {
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

/**
 * y = x·s^−β with s = bias + α·W(x²), W the sum over neighbouring channels; then
 * ∂x = dy·s^−β − 2αβ·x·W(dy·x·s^−(β+1)), since W is symmetric. As a composition it can be differentiated again.
 */
function localResponse(): void {
  gradientOf<LocalResponse>('LRN', { inputs: ['x'] }, (dy, [saved], attributes) => ({
    x: () => {
      const x = saved as tf.Tensor4D;
      const { alpha, beta } = attributes;
      const s = sumsOf(x, attributes);
      const direct = tf.mul(dy, tf.pow(s, -beta));
      const through = overNeighbours(tf.mul(tf.mul(dy, x), tf.pow(s, -beta - 1)), attributes);
      return tf.sub(direct, tf.mul(tf.mul(x, through), 2 * alpha * beta));
    },
  }));
  // TensorFlow's own has no kernel for double.
  wrapKernel('LRN', 'tensorflow', (call, stock) => {
    if (!doublesWanted()) return stock(call);
    const attributes = call.attrs as unknown as LocalResponse;
    const x = call.inputs.x as tf.Tensor4D;
    return tf.tidy(() => tf.mul(x, tf.pow(sumsOf(x, attributes), -attributes.beta)));
  });
}

function sumsOf(x: tf.Tensor, attributes: LocalResponse): tf.Tensor {
  return tf.add(tf.mul(overNeighbours(tf.square(x), attributes), attributes.alpha), attributes.bias);
}

/** Along the last axis the sum of each number and its `depthRadius` neighbours on both sides: a band of ones. */
function overNeighbours(x: tf.Tensor, { depthRadius }: LocalResponse): tf.Tensor {
  const channels = x.shape.at(-1) as number;
  const band = tf.tensor2d(
    Array.from({ length: channels }, (_, i) =>
      Array.from({ length: channels }, (_, k) => (Math.abs(i - k) <= depthRadius ? 1 : 0)),
    ),
  );
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, channels]) as tf.Tensor2D, band), x.shape);
}
