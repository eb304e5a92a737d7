import { tf } from './engine';
import { gradientOf } from './register';
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
  gradientOf<LocalResponse>('LRN', { inputs: ['x'] }, (dy, [saved], { depthRadius, bias, alpha, beta }) => {
    const x = saved as tf.Tensor4D;
    const ones = tf.ones([x.shape[3], x.shape[3]]) as tf.Tensor2D;
    const band = tf.linalg.bandPart(ones, depthRadius, depthRadius);
    const window = (t: tf.Tensor) =>
      tf.reshape(tf.matMul(tf.reshape(t, [-1, x.shape[3]]) as tf.Tensor2D, band as tf.Tensor2D), x.shape);
    return {
      x: () => {
        const s = tf.add(tf.mul(window(tf.square(x)), alpha), bias);
        const direct = tf.mul(dy, tf.pow(s, -beta));
        const through = window(tf.mul(tf.mul(dy, x), tf.pow(s, -beta - 1)));
        return tf.sub(direct, tf.mul(tf.mul(x, through), 2 * alpha * beta));
      },
    };
  });
}
