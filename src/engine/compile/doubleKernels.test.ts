import { beforeAll, describe, expect, it } from 'vitest';
import { numbers } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

const image = tf.tensor4d(numbers(72), [1, 6, 6, 2]);
const filter = tf.tensor4d(numbers(36, 2), [3, 3, 2, 2]);

const FORWARD: Record<string, (x: tf.Tensor4D) => tf.Tensor> = {
  'a bilinear resize': (x) => tf.image.resizeBilinear(x, [9, 9]),
  'a dilated depthwise convolution': (x) => tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', 2),
  'a local response normalization': (x) => tf.localResponseNormalization(x, 1),
};

describe('the value, not only the gradient, is computed in float64', () => {
  it.each(Object.entries(FORWARD))('of %s', (_, fn) => {
    const exact = compile(fn as (x: tf.Tensor) => tf.Tensor, [image], { precision: 'float64' });
    const found = exact(Float64Array.from(image.dataSync()));
    const wanted = fn(image).dataSync();
    expect(found).toHaveLength(wanted.length);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] as number, 5);
    });
    expect(found.some((value) => value !== Math.fround(value))).toBe(true);
  });
});
