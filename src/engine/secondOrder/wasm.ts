import { tf } from './engine';
import { type Pooling, poolingInfo } from './pooling';
import { type KernelCall, missingKernel, wrapKernel } from './register';
import { oneHot } from './shapes';

// Kernels that the WebAssembly backend lacks or gets wrong, put together from those it has: the gradients of
// convolutions, of an embedding, of a maximum. One tap of a filter at a time, so that a tap is one product of matrices.

export function installWasm(): void {
  missingKernel('Conv2DBackpropFilter', 'wasm', convolutionByFilter);
  missingKernel('DepthwiseConv2dNativeBackpropFilter', 'wasm', depthwiseByFilter);
  missingKernel('DepthwiseConv2dNativeBackpropInput', 'wasm', depthwiseByInput);
  missingKernel('UnsortedSegmentSum', 'wasm', segmentSum);
  wrapKernel('MaxPoolGrad', 'wasm', maxPoolGrad);
  missingKernel('MaxPoolGradGrad', 'wasm', maxPoolGradGrad);
}

type Shape4D = [number, number, number, number];

interface Attributes {
  strides: number | [number, number];
  pad: number | 'same' | 'valid';
  dataFormat?: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: Shape4D;
  inputShape: Shape4D;
}

type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

function infoOf(
  inputShape: number[],
  filterShape: number[],
  attributes: Attributes,
  depthwise: boolean,
): Info {
  const { strides, pad, dimRoundingMode, dataFormat } = attributes;
  if (dataFormat === 'NCHW')
    throw new Error('convolutions on wasm need dataFormat channelsLast, got channelsFirst');
  const [input, filter] = [inputShape as Shape4D, filterShape as Shape4D];
  return tf.backend_util.computeConv2DInfo(input, filter, strides, 1, pad, dimRoundingMode, depthwise);
}

function convolutionByFilter({ inputs, attrs }: KernelCall): tf.Tensor {
  const { x, dy } = inputs as Record<'x' | 'dy', tf.Tensor4D>;
  const { filterShape } = attrs as unknown as Attributes;
  return tf.tidy(() => {
    const info = infoOf(x.shape, filterShape, attrs as unknown as Attributes, false);
    const columns = tf.reshape(dy, [-1, info.outChannels]);
    const taps = eachTap(info, padded(x, info), (seen) =>
      tf.matMul(tf.reshape(seen, [-1, info.inChannels]), columns, true),
    );
    return tf.reshape(tf.stack(taps), filterShape);
  });
}

function depthwiseByFilter({ inputs, attrs }: KernelCall): tf.Tensor {
  const { x, dy } = inputs as Record<'x' | 'dy', tf.Tensor4D>;
  const { filterShape } = attrs as unknown as Attributes;
  return tf.tidy(() => {
    const info = infoOf(x.shape, filterShape, attrs as unknown as Attributes, true);
    const [, , channels, multiplier] = filterShape;
    const spread = tf.reshape(dy, [-1, channels, multiplier]);
    const taps = eachTap(info, padded(x, info), (seen) =>
      tf.sum(tf.mul(tf.reshape(seen, [-1, channels, 1]), spread), 0),
    );
    return tf.reshape(tf.stack(taps), filterShape);
  });
}

/** What the filter's tap (i, j) sees of the padded input, for all of them, row by row. */
function eachTap<T>(info: Info, x: tf.Tensor, run: (seen: tf.Tensor, tap: number) => T): T[] {
  const { batchSize, outHeight, outWidth, strideHeight, strideWidth, inChannels } = info;
  return places(info).map(([i, j], tap) => {
    const end = [
      batchSize,
      i + (outHeight - 1) * strideHeight + 1,
      j + (outWidth - 1) * strideWidth + 1,
      inChannels,
    ];
    return run(tf.stridedSlice(x, [0, i, j, 0], end, [1, strideHeight, strideWidth, 1]), tap);
  });
}

function places({ filterHeight, filterWidth }: Info): [number, number][] {
  return Array.from({ length: filterHeight * filterWidth }, (_, k) => [
    Math.floor(k / filterWidth),
    k % filterWidth,
  ]);
}

function padded(x: tf.Tensor, { padInfo: { top, bottom, left, right } }: Info, value = 0): tf.Tensor {
  const border = [[0, 0], [top, bottom], [left, right], [0, 0]]; // biome-ignore format: short
  return tf.pad(x, border as [number, number][], value);
}

/** Each tap sends dy, weighted, to where it saw the input; the places are summed and the border is cut off. */
function depthwiseByInput({ inputs, attrs }: KernelCall): tf.Tensor {
  const { dy, filter } = inputs as Record<'dy' | 'filter', tf.Tensor4D>;
  const { inputShape } = attrs as unknown as Attributes;
  return tf.tidy(() => {
    const info = infoOf(inputShape, filter.shape, attrs as unknown as Attributes, true);
    const { batchSize, outHeight, outWidth, inChannels, padInfo } = info;
    const [, , , multiplier] = filter.shape;
    const spread = tf.reshape(dy, [-1, inChannels, multiplier]);
    const parts = places(info).map(([i, j]) => {
      const weights = tf.slice(filter, [i, j, 0, 0], [1, 1, inChannels, multiplier]);
      const sums = tf.sum(tf.mul(spread, tf.reshape(weights, [1, inChannels, multiplier])), 2);
      return placed(tf.reshape(sums, [batchSize, outHeight, outWidth, inChannels]), info, i, j);
    });
    return tf.slice(tf.addN(parts), [0, padInfo.top, padInfo.left, 0], inputShape);
  });
}

/**
 * The kernel that is there looks for a maximum above zero: a window of negative numbers loses its gradient. Here the
 * first tap that sees the window's maximum gets it all, as on other backends.
 */
function maxPoolGrad({ inputs, attrs }: KernelCall): tf.Tensor {
  const { dy, input, output } = inputs as Record<'dy' | 'input' | 'output', tf.Tensor4D>;
  return tf.tidy(() => {
    const info = poolingInfo(input, attrs as unknown as Pooling);
    const parts = hits(info, input, output).map((hit, k) => {
      const [i, j] = places(info)[k] as [number, number];
      return placed(tf.mul(hit, dy), info, i, j);
    });
    return tf.slice(tf.addN(parts), [0, info.padInfo.top, info.padInfo.left, 0], input.shape);
  });
}

function maxPoolGradGrad({ inputs, attrs }: KernelCall): tf.Tensor {
  const { ddx, input, output } = inputs as Record<'ddx' | 'input' | 'output', tf.Tensor4D>;
  return tf.tidy(() => {
    const info = poolingInfo(input, attrs as unknown as Pooling);
    const chosen = hits(info, input, output);
    return tf.addN(eachTap(info, padded(ddx, info), (seen, k) => tf.mul(seen, chosen[k] as tf.Tensor)));
  });
}

/** For each tap a mask of the windows whose maximum it is the first to see. */
function hits(info: Info, input: tf.Tensor, output: tf.Tensor): tf.Tensor[] {
  let open = tf.onesLike(output);
  return eachTap(info, padded(input, info, Number.NEGATIVE_INFINITY), (seen) => {
    const hit = tf.mul(tf.cast(tf.equal(seen, output), 'float32'), open);
    open = tf.sub(open, hit);
    return hit;
  });
}

/** Numbers [batch, outHeight, outWidth, channels] at their strides in the padded input, from (i, j) on. */
function placed(x: tf.Tensor, info: Info, i: number, j: number): tf.Tensor {
  const { batchSize, outHeight, outWidth, strideHeight, strideWidth, inChannels, padInfo } = info;
  const height = info.inHeight + padInfo.top + padInfo.bottom;
  const width = info.inWidth + padInfo.left + padInfo.right;
  const cells = tf.reshape(x, [batchSize * outHeight, 1, outWidth, 1, inChannels]);
  const gaps = [[0, 0], [0, strideHeight - 1], [0, 0], [0, strideWidth - 1], [0, 0]]; // biome-ignore format: short
  const apart = tf.pad(cells, gaps as [number, number][]);
  const [tall, wide] = [(outHeight - 1) * strideHeight + 1, (outWidth - 1) * strideWidth + 1];
  const joined = tf.reshape(apart, [batchSize, outHeight * strideHeight, outWidth * strideWidth, inChannels]);
  const cut = tf.slice(joined, [0, 0, 0, 0], [batchSize, tall, wide, inChannels]);
  return tf.pad(cut, [[0, 0], [i, height - i - tall], [j, width - j - wide], [0, 0]]); // biome-ignore format: short
}

/** Rows are added up by a product with the one-hot matrix of their segments. */
function segmentSum({ inputs, attrs }: KernelCall): tf.Tensor {
  const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', tf.Tensor>;
  const { numSegments } = attrs as unknown as { numSegments: number };
  return tf.tidy(() => {
    const rows = tf.util.sizeFromShape(segmentIds.shape);
    const chosen = oneHot(tf.reshape(segmentIds, [rows]), numSegments);
    const sums = tf.matMul(chosen as tf.Tensor2D, tf.reshape(x, [rows, -1]) as tf.Tensor2D, true);
    return tf.reshape(sums, [numSegments, ...x.shape.slice(segmentIds.rank)]);
  });
}
