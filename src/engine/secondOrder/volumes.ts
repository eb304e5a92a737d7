import { type Attributes, kernel, tf } from './engine';
import { nativeOp } from './native';
import { covered, type GradGradInputs, gradGradApart, scaledByCounts } from './pooling';
import { gradientOf, type KernelCall, missingKernel, wrapKernel } from './register';
import { bordered, candidates, firstLargest, seenBy, tapsOf, windowsOf } from './windows';

interface Volume extends Attributes {
  strides: number | [number, number, number];
  pad: 'same' | 'valid';
}

interface Pooling extends Volume {
  filterSize: number | [number, number, number];
}

/** Convolution and pooling in three dimensions, as in two. */
export function installVolumes(): void {
  gradientOf<Volume>('Conv3DBackpropInputV2', { inputs: ['dy', 'filter'] }, (ddx, saved, attributes) => {
    const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
    return {
      dy: () => convolve(ddx, filter, attributes),
      filter: () => backpropFilter(ddx, dy, filter.shape, attributes),
    };
  });
  gradientOf<Volume>('Conv3DBackpropFilterV2', { inputs: ['x', 'dy'] }, (ddw, saved, attributes) => {
    const [x, dy] = saved as [tf.Tensor, tf.Tensor];
    return {
      x: () => backpropInput(dy, ddw, x.shape, attributes),
      dy: () => convolve(x, ddw, attributes),
    };
  });
  gradientOf<Attributes>('AvgPool3DGrad', { inputs: ['input'] }, (ddx, [input], attributes) => ({
    dy: () => kernel('AvgPool3D', { x: ddx }, { dataFormat: 'NDHWC', ...attributes }),
    input: () => tf.zerosLike(input as tf.Tensor),
  }));
  for (const backend of ['cpu', 'wasm']) wrapKernel('AvgPool3DGrad', backend, countingOnlyWhatIsThere);
  gradientOf<Pooling>(
    'MaxPool3DGrad',
    { inputs: ['input', 'output'] },
    (ddx, [input, output], attributes) => ({
      dy: () => kernel('MaxPool3DGradGrad', { input, output, ddx }, { ...attributes }),
      input: () => tf.zerosLike(input as tf.Tensor),
      output: () => tf.zerosLike(output as tf.Tensor),
    }),
  );
  missingKernel('MaxPool3DGradGrad', 'tensorflow', nativeMaxPoolGradGrad);
  for (const backend of ['cpu', 'wasm']) missingKernel('MaxPool3DGradGrad', backend, maxPoolGradGrad);
}

function nativeMaxPoolGradGrad({ inputs, attrs, backend }: KernelCall): tf.Tensor {
  const info = infoOf(inputs.input as tf.Tensor5D, attrs as unknown as Pooling);
  const { front, back, top, bottom, left, right } = info.padInfo;
  const borders: [number, number][] = [[front, back], [top, bottom], [left, right]]; // biome-ignore format: short
  return gradGradApart(inputs as unknown as GradGradInputs, borders, (parts, padding) =>
    nativeOp(backend, 'MaxPool3DGradGrad', parts, {
      ksize: [1, info.filterDepth, info.filterHeight, info.filterWidth, 1],
      strides: [1, info.strideDepth, info.strideHeight, info.strideWidth, 1],
      padding: padding ?? info.padInfo.type,
      data_format: 'NDHWC',
    }),
  );
}

/** Elsewhere than on the native backend: each window's part is what stands where its maximum is. */
function maxPoolGradGrad({ inputs, attrs }: KernelCall): tf.Tensor {
  const { input, output, ddx } = inputs as Record<'input' | 'output' | 'ddx', tf.Tensor5D>;
  return tf.tidy(() => {
    const windows = windowsOf(infoOf(input, attrs as unknown as Pooling));
    const padded = bordered(ddx, windows);
    const hits = firstLargest(candidates(input, windows), output);
    return tf.addN(
      tapsOf(windows).map((tap, k) => tf.mul(seenBy(tap, padded, windows), hits[k] as tf.Tensor)),
    );
  });
}

function convolve(x: tf.Tensor, filter: tf.Tensor, { strides, pad }: Volume): tf.Tensor {
  return kernel('Conv3D', { x, filter }, { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] });
}

function backpropInput(
  dy: tf.Tensor,
  filter: tf.Tensor,
  inputShape: number[],
  { strides, pad }: Volume,
): tf.Tensor {
  return kernel('Conv3DBackpropInputV2', { dy, filter }, { strides, pad, inputShape });
}

function backpropFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  { strides, pad }: Volume,
): tf.Tensor {
  return kernel('Conv3DBackpropFilterV2', { x, dy }, { strides, pad, filterShape });
}

function infoOf(
  input: tf.Tensor5D,
  { filterSize, strides, pad }: Pooling,
): ReturnType<typeof tf.backend_util.computePool3DInfo> {
  return tf.backend_util.computePool3DInfo(input.shape, filterSize, strides, 1, pad);
}

/** See pooling.ts: the same mistake in three dimensions. */
function countingOnlyWhatIsThere(call: KernelCall, stock: tf.KernelFunc): ReturnType<tf.KernelFunc> {
  const info = infoOf(call.inputs.input as tf.Tensor5D, call.attrs as unknown as Pooling);
  const { padInfo } = info;
  return scaledByCounts(call, stock, [
    covered(info.outDepth, info.strideDepth, info.filterDepth, padInfo.front, info.inDepth),
    covered(info.outHeight, info.strideHeight, info.filterHeight, padInfo.top, info.inHeight),
    covered(info.outWidth, info.strideWidth, info.filterWidth, padInfo.left, info.inWidth),
  ]);
}
