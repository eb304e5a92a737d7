import { type Dilations, pair, space, unspace } from './convolution';
import { kernel, tf } from './engine';
import { gradientOf, wrapKernel } from './register';

interface Depthwise {
  strides: number | [number, number];
  pad: number | 'same' | 'valid';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Dilated = Depthwise & { dilations: Dilations };

/** The depthwise convolution and its two gradients, each bilinear, as in convolution.ts. */
export function installDepthwise(): void {
  dilatedAnywhere();
  gradientOf<Dilated>('DepthwiseConv2dNative', { inputs: ['x', 'filter'] }, (dy, saved, attributes) => {
    const [x, filter] = saved as [tf.Tensor, tf.Tensor];
    const { dilations } = attributes;
    const spaced = space(filter, dilations);
    return {
      x: () => backpropInput(dy, spaced, x.shape, attributes),
      filter: () => unspace(backpropFilter(x, dy, spaced.shape, attributes), filter.shape, dilations),
    };
  });
  const input = 'DepthwiseConv2dNativeBackpropInput';
  gradientOf<Depthwise>(input, { inputs: ['dy', 'filter'] }, (ddx, saved, attributes) => {
    const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
    return {
      dy: () => convolve(ddx, filter, attributes),
      filter: () => backpropFilter(ddx, dy, filter.shape, attributes),
    };
  });
  gradientOf<Depthwise>(
    'DepthwiseConv2dNativeBackpropFilter',
    { inputs: ['x', 'dy'] },
    (ddw, saved, attributes) => {
      const [x, dy] = saved as [tf.Tensor, tf.Tensor];
      return {
        x: () => backpropInput(dy, ddw, x.shape, attributes),
        dy: () => convolve(x, ddw, attributes),
      };
    },
  );
}

/** TensorFlow's dilated depthwise convolution has no kernel for double, and on processors without AVX-512 none at all. */
function dilatedAnywhere(): void {
  for (const name of ['DepthwiseConv2dNative', 'FusedDepthwiseConv2D'])
    wrapKernel(name, 'tensorflow', (call, stock) => {
      const { dilations = 1 } = call.attrs as unknown as Partial<Dilated>;
      if (pair(dilations).every((dilation) => dilation === 1)) return stock(call);
      return tf.tidy(() => {
        const filter = space(call.inputs.filter as tf.Tensor, dilations);
        const attrs = { ...call.attrs, dilations: [1, 1] };
        return stock({ ...call, inputs: { ...call.inputs, filter }, attrs }) as tf.Tensor;
      });
    });
}

/** Filters are spaced already where the convolution is dilated. */
function plain({ strides, pad, dimRoundingMode }: Depthwise) {
  return { strides, pad, dimRoundingMode, dilations: [1, 1] };
}

function convolve(x: tf.Tensor, filter: tf.Tensor, attributes: Depthwise): tf.Tensor {
  return kernel('DepthwiseConv2dNative', { x, filter }, plain(attributes));
}

function backpropInput(
  dy: tf.Tensor,
  filter: tf.Tensor,
  inputShape: number[],
  attributes: Depthwise,
): tf.Tensor {
  return kernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...plain(attributes), inputShape });
}

function backpropFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  attributes: Depthwise,
): tf.Tensor {
  return kernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...plain(attributes), filterShape });
}
