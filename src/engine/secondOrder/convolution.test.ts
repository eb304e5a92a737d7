import { describe, expect, it } from 'vitest';
import { expectExact, gradientOf, waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';
import { space, unspace } from './convolution';

const x = waves([2, 7, 8, 3]) as tf.Tensor4D;
const filter = tf.mul(waves([3, 2, 3, 2], 1), 0.4) as tf.Tensor4D;
const depthwise = tf.mul(waves([3, 2, 3, 2], 2), 0.4) as tf.Tensor4D;
const bias = waves([2]) as tf.Tensor1D;

const CASES = (['same', 'valid'] as const).flatMap((pad) =>
  [
    { strides: 1, dilations: 1 },
    { strides: 2, dilations: 1 },
    { strides: 1, dilations: 2 },
  ].map((rest) => ({ pad, ...rest })),
);

describe.each(CASES)('a convolution with $pad padding, strides $strides, dilations $dilations', (options) => {
  const { pad, strides, dilations } = options;
  it('is exact', () => {
    const f = (y: tf.Tensor, w: tf.Tensor) =>
      tf.tanh(tf.conv2d(y as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilations));
    expectExact(f as never, [x, filter]);
  });

  it('is exact when fused with a bias and an activation', () => {
    const f = (y: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
      tf.fused.conv2d({
        x: y as tf.Tensor4D,
        filter: w as tf.Tensor4D,
        strides,
        pad,
        dilations: [dilations, dilations],
        bias: b,
        activation: 'sigmoid',
      });
    expectExact(f as never, [x, filter, bias]);
  });

  it('is exact channel by channel, fused too', () => {
    const f = (y: tf.Tensor, w: tf.Tensor) =>
      tf.tanh(tf.depthwiseConv2d(y as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilations));
    expectExact(f as never, [x, depthwise]);
    const parts = { strides, pad, dilations: [dilations, dilations] as [number, number] };
    const fused = (y: tf.Tensor, w: tf.Tensor) =>
      tf.tanh(tf.fused.depthwiseConv2d({ x: y as tf.Tensor4D, filter: w as tf.Tensor4D, ...parts }));
    expectExact(fused as never, [x, depthwise]);
  });
});

describe('dilation', () => {
  it('equals the convolution with a spaced filter, in value and gradient', () => {
    const dilated = (w: tf.Tensor) => tf.conv2d(x, w as tf.Tensor4D, 1, 'same', 'NHWC', [2, 3]);
    const spaced = (w: tf.Tensor) => tf.conv2d(x, space(w, [2, 3]) as tf.Tensor4D, 1, 'same');
    for (const [a, b] of [
      [dilated(filter), spaced(filter)],
      [gradientOf(dilated, filter), gradientOf(spaced, filter)],
    ] as [tf.Tensor, tf.Tensor][])
      expect(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]).toBeLessThan(1e-5);
  });

  it('unspacing takes back what spacing put in', () => {
    const spaced = space(filter, [2, 3]);
    expect(spaced.shape).toEqual([5, 4, 3, 2]);
    expect(tf.sum(tf.abs(spaced)).dataSync()[0]).toBeCloseTo(
      tf.sum(tf.abs(filter)).dataSync()[0] as number,
      4,
    );
    expect(unspace(spaced, filter.shape, [2, 3]).dataSync()).toEqual(filter.dataSync());
  });

  it('of a layer works in training', () => {
    const layer = tf.layers.conv1d({ filters: 2, kernelSize: 3, dilationRate: 2, activation: 'tanh' });
    const rows = waves([2, 9, 3]);
    layer.apply(rows);
    const { grads } = tf.variableGrads(() => tf.sum(layer.apply(rows) as tf.Tensor) as tf.Scalar);
    expect(Object.values(grads).length).toBe(2);
    layer.dispose();
  });
});

it('a transposed convolution is exact', () => {
  const f = (y: tf.Tensor, w: tf.Tensor) =>
    tf.tanh(tf.conv2dTranspose(y as tf.Tensor4D, w as tf.Tensor4D, [2, 14, 16, 3], 2, 'same'));
  expectExact(f as never, [waves([2, 7, 8, 2]), filter]);
});

it('a fused convolution without a batch axis has a gradient', () => {
  const image = waves([7, 8, 3]) as tf.Tensor3D;
  const f = (w: tf.Tensor) =>
    tf.tanh(tf.fused.conv2d({ x: image, filter: w as tf.Tensor4D, strides: 1, pad: 'same' }));
  expectExact(f as never, [filter]);
});
