import { kernel, tf } from './engine';
import { gradientOf } from './register';

interface Convolution {
  strides: number | [number, number];
  pad: number | 'same' | 'valid';
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * A convolution y = x ∗ w is bilinear, and so are its two gradients: ∂x = B(dy, w) and ∂w = F(x, dy). The derivative of
 * each of the three by one of its arguments is another of the three.
 */
export function installConvolution(): void {
  gradientOf<Convolution & { dilations: Dilations }>(
    'Conv2D',
    { inputs: ['x', 'filter'] },
    (dy, saved, all) => {
      const { dilations, ...attributes } = all;
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      const spaced = space(filter, dilations);
      return {
        x: () => backpropInput(dy, spaced, x.shape, attributes),
        filter: () => unspace(backpropFilter(x, dy, spaced.shape, attributes), filter.shape, dilations),
      };
    },
  );
  gradientOf<Convolution>('Conv2DBackpropInput', { inputs: ['dy', 'filter'] }, (ddx, saved, attributes) => {
    const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
    return {
      dy: () => convolve(ddx, filter, attributes),
      filter: () => backpropFilter(ddx, dy, filter.shape, attributes),
    };
  });
  gradientOf<Convolution>('Conv2DBackpropFilter', { inputs: ['x', 'dy'] }, (ddw, saved, attributes) => {
    const [x, dy] = saved as [tf.Tensor, tf.Tensor];
    return {
      x: () => backpropInput(dy, ddw, x.shape, attributes),
      dy: () => convolve(x, ddw, attributes),
    };
  });
}

function convolve(
  x: tf.Tensor,
  filter: tf.Tensor,
  { strides, pad, dataFormat, dimRoundingMode }: Convolution,
) {
  return kernel('Conv2D', { x, filter }, { strides, pad, dataFormat, dimRoundingMode, dilations: [1, 1] });
}

function backpropInput(dy: tf.Tensor, filter: tf.Tensor, inputShape: number[], attributes: Convolution) {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes;
  return kernel(
    'Conv2DBackpropInput',
    { dy, filter },
    { strides, pad, dataFormat, dimRoundingMode, inputShape },
  );
}

function backpropFilter(x: tf.Tensor, dy: tf.Tensor, filterShape: number[], attributes: Convolution) {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes;
  return kernel(
    'Conv2DBackpropFilter',
    { x, dy },
    { strides, pad, dataFormat, dimRoundingMode, filterShape },
  );
}

export type Dilations = number | [number, number] | null | undefined;

/**
 * A dilated convolution is the plain one with zeros between the taps of its filter: [h, w, in, out] to
 * [(h−1)·d+1, (w−1)·d+1, in, out]. TensorFlow.js has no gradient for the dilated form, and TensorFlow none in float64.
 */
export function space(filter: tf.Tensor, dilations: Dilations): tf.Tensor {
  const [dh, dw] = pair(dilations);
  if (dh === 1 && dw === 1) return filter;
  const [h, w, ...channels] = filter.shape as [number, number, ...number[]];
  const apart = tf.reshape(filter, [h, 1, w, 1, -1]);
  const padded = tf.pad(apart, [[0, 0], [0, dh - 1], [0, 0], [0, dw - 1], [0, 0]]); // biome-ignore format: short
  const joined = tf.reshape(padded, [h * dh, w * dw, ...channels]);
  return tf.slice(joined, [0, 0, 0, 0], [(h - 1) * dh + 1, (w - 1) * dw + 1, ...channels]);
}

/** The taps of a filter with zeros between them: the adjoint of `space`. */
export function unspace(spaced: tf.Tensor, shape: number[], dilations: Dilations): tf.Tensor {
  const [dh, dw] = pair(dilations);
  if (dh === 1 && dw === 1) return spaced;
  const [h, w, ...channels] = shape as [number, number, ...number[]];
  const padded = tf.pad(spaced, [[0, dh - 1], [0, dw - 1], [0, 0], [0, 0]]); // biome-ignore format: short
  const apart = tf.reshape(padded, [h, dh, w, dw, -1]);
  const taps = tf.slice(apart, [0, 0, 0, 0, 0], [h, 1, w, 1, tf.util.sizeFromShape(channels)]);
  return tf.reshape(taps, shape);
}

export function pair(value: Dilations): [number, number] {
  return Array.isArray(value) ? value : [value ?? 1, value ?? 1];
}
