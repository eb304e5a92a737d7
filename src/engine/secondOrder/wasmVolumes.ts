import { tf } from './engine';
import { type KernelCall, wrapKernel } from './register';
import {
  backToInput,
  bordered,
  candidates,
  firstLargest,
  seenBy,
  tapsOf,
  type Windows,
  windowsOf,
} from './windows';

// Kernels of the WebAssembly backend in three dimensions that give wrong numbers: both gradients of a convolution, and
// the maximum and its gradient, which take no number below zero for one.

export function installWasmVolumes(): void {
  wrapKernel('Conv3DBackpropFilterV2', 'wasm', byFilter);
  wrapKernel('Conv3DBackpropInputV2', 'wasm', byInput);
  wrapKernel('MaxPool3D', 'wasm', maxPool);
  wrapKernel('MaxPool3DGrad', 'wasm', maxPoolGrad);
}

type Shape5D = [number, number, number, number, number];

interface Attributes {
  strides: number | [number, number, number];
  pad: 'same' | 'valid';
  filterShape: Shape5D;
  inputShape: Shape5D;
}

function windows(inputShape: number[], filterShape: number[], attributes: Attributes) {
  const { strides, pad } = attributes;
  const [input, filter] = [inputShape as Shape5D, filterShape as Shape5D];
  return windowsOf(tf.backend_util.computeConv3DInfo(input, filter, strides, 1, pad));
}

function byFilter({ inputs, attrs }: KernelCall): tf.Tensor {
  const { x, dy } = inputs as Record<'x' | 'dy', tf.Tensor>;
  const attributes = attrs as unknown as Attributes;
  const [, , , channels, filters] = attributes.filterShape;
  return tf.tidy(() => {
    const all = windows(x.shape, attributes.filterShape, attributes);
    const [padded, columns] = [bordered(x, all), tf.reshape(dy, [-1, filters])];
    const taps = tapsOf(all).map((tap) =>
      tf.matMul(tf.reshape(seenBy(tap, padded, all), [-1, channels]), columns, true),
    );
    return tf.reshape(tf.stack(taps), attributes.filterShape);
  });
}

function byInput({ inputs, attrs }: KernelCall): tf.Tensor {
  const { dy, filter } = inputs as Record<'dy' | 'filter', tf.Tensor>;
  const attributes = attrs as unknown as Attributes;
  const [channels, filters] = filter.shape.slice(3) as [number, number];
  return tf.tidy(() => {
    const all = windows(attributes.inputShape, filter.shape, attributes);
    const [columns, matrices] = [tf.reshape(dy, [-1, filters]), tf.reshape(filter, [-1, channels, filters])];
    const parts = tf.unstack(matrices).map((weights) => {
      const product = tf.matMul(columns, weights, false, true);
      return tf.reshape(product, [all.batch, ...all.out, channels]);
    });
    return backToInput(parts, all);
  });
}

interface Pooling {
  filterSize: number | [number, number, number];
  strides: number | [number, number, number];
  pad: 'same' | 'valid';
}

function poolsOf(input: tf.Tensor, attrs: KernelCall['attrs']): Windows {
  const { filterSize, strides, pad } = attrs as unknown as Pooling;
  return windowsOf(tf.backend_util.computePool3DInfo(input.shape as Shape5D, filterSize, strides, 1, pad));
}

function maxPool({ inputs, attrs }: KernelCall): tf.Tensor {
  const x = inputs.x as tf.Tensor;
  return tf.tidy(() => candidates(x, poolsOf(x, attrs)).reduce((a, b) => tf.maximum(a, b)));
}

function maxPoolGrad({ inputs, attrs }: KernelCall): tf.Tensor {
  const { dy, input, output } = inputs as Record<'dy' | 'input' | 'output', tf.Tensor>;
  return tf.tidy(() => {
    const all = poolsOf(input, attrs);
    const hits = firstLargest(candidates(input, all), output);
    return backToInput(
      hits.map((hit) => tf.mul(hit, dy)),
      all,
    );
  });
}
