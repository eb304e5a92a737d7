import { pair } from './convolution';
import { engine, tf } from './engine';

/**
 * Fused convolutions check for themselves that they are not dilated before they give a gradient, and forget to reshape
 * it when there is no batch axis. Under a tape those therefore run as their parts, whose gradients are registered;
 * without a tape they stay fused.
 */
export function installFused(): void {
  const fused = tf.fused as { conv2d: FusedConv2d; depthwiseConv2d: FusedConv2d };
  fused.conv2d = partedUnderTape(
    fused.conv2d,
    ({ x, filter, strides, pad, dataFormat, dilations, dimRoundingMode }) =>
      tf.conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode),
  );
  fused.depthwiseConv2d = partedUnderTape(
    fused.depthwiseConv2d,
    ({ x, filter, strides, pad, dataFormat, dilations, dimRoundingMode }) =>
      tf.depthwiseConv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode),
  );
}

type FusedConv2d = typeof tf.fused.conv2d;
type Options = Parameters<FusedConv2d>[0];

function partedUnderTape(stock: FusedConv2d, convolve: (options: Options) => tf.Tensor): FusedConv2d {
  const composed = (options: Options): tf.Tensor => {
    const { bias, activation = 'linear', preluActivationWeights, leakyreluAlpha } = options;
    const sum = bias === undefined || bias === null ? convolve(options) : tf.add(convolve(options), bias);
    return activate(sum, activation ?? 'linear', preluActivationWeights, leakyreluAlpha);
  };
  const either = (options: Options) => {
    const dilated = pair(options.dilations).some((dilation) => dilation !== 1);
    const parted = dilated || (options.x as tf.Tensor).rank === 3;
    return parted && engine().state.gradientDepth > 0 ? composed(options) : stock(options);
  };
  return either as FusedConv2d;
}

function activate(
  x: tf.Tensor,
  name: string,
  alpha: tf.Tensor | undefined,
  leak: number | undefined,
): tf.Tensor {
  if (name === 'linear') return x;
  if (name === 'prelu') return tf.prelu(x, alpha as tf.Tensor);
  if (name === 'leakyrelu') return tf.leakyRelu(x, leak);
  if (name === 'relu' || name === 'relu6' || name === 'elu' || name === 'sigmoid') return tf[name](x);
  throw new Error(`unknown fused activation ${name}`);
}
