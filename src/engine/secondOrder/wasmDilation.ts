import { tf } from './engine';
import { type KernelCall, wrapKernel } from './register';
import { backToInput, candidates, firstLargest, type Windows } from './windows';

// Morphological dilation on WebAssembly: max over the taps of x + w. The kernels that are there take no sum below zero
// for a maximum.

export function installWasmDilation(): void {
  wrapKernel('Dilation2D', 'wasm', (call) =>
    tf.tidy(() => flat(sumsOf(call).reduce((a, b) => tf.maximum(a, b)))),
  );
  wrapKernel('Dilation2DBackpropInput', 'wasm', (call) =>
    tf.tidy(() => flat(backToInput(shares(call), windowsOf(call)))),
  );
  wrapKernel('Dilation2DBackpropFilter', 'wasm', (call) =>
    tf.tidy(() => {
      const sums = shares(call).map((share) => tf.sum(share, [0, 1, 2, 3]));
      return tf.reshape(tf.stack(sums), (call.inputs.filter as tf.Tensor).shape);
    }),
  );
}

interface Dilation {
  strides: [number, number];
  pad: 'same' | 'valid';
  dilations: [number, number];
}

/** Of images that are volumes of depth 1. */
function windowsOf({ inputs, attrs }: KernelCall): Windows {
  const { x, filter } = inputs as { x: tf.Tensor4D; filter: tf.Tensor3D };
  const { strides, pad, dilations } = attrs as unknown as Dilation;
  const info = tf.backend_util.computeDilation2DInfo(x.shape, filter.shape, strides, pad, 'NHWC', dilations);
  const { top, bottom, left, right } = info.padInfo;
  return {
    batch: info.batchSize,
    inside: [1, info.inHeight, info.inWidth],
    out: [1, info.outHeight, info.outWidth],
    filter: [1, info.filterHeight, info.filterWidth],
    stride: [1, info.strideHeight, info.strideWidth],
    dilation: [1, info.dilationHeight, info.dilationWidth],
    before: [0, top, left],
    after: [0, bottom, right],
  };
}

/** x + w for each tap. */
function sumsOf(call: KernelCall): tf.Tensor[] {
  const { x, filter } = call.inputs as { x: tf.Tensor4D; filter: tf.Tensor3D };
  const weights = tf.unstack(tf.reshape(filter, [-1, filter.shape[2]]));
  return candidates(tf.expandDims(x, 1), windowsOf(call)).map((seen, k) =>
    tf.add(seen, weights[k] as tf.Tensor),
  );
}

/** dy, handed to the tap whose sum was the largest. */
function shares(call: KernelCall): tf.Tensor[] {
  const sums = sumsOf(call);
  const dy = tf.expandDims(call.inputs.dy as tf.Tensor, 1);
  const largest = sums.reduce((a, b) => tf.maximum(a, b));
  return firstLargest(sums, largest).map((hit) => tf.mul(hit, dy));
}

const flat = (volume: tf.Tensor): tf.Tensor => tf.squeeze(volume, [1]);
