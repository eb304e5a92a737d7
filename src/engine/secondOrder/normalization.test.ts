import { describe, expect, it } from 'vitest';
import { expectExact, gradientOf, waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';

const x = waves([4, 2, 2, 3]);
const channel = (phase: number) => tf.add(1.5, waves([3], phase)) as tf.Tensor1D;

describe('batch normalisation', () => {
  it('is exact in all of its inputs', () => {
    const at = [x, channel(0), channel(1), channel(2), channel(3)];
    expectExact((...[y, mean, variance, offset, scale]) => {
      const normal = tf.batchNorm(
        y as tf.Tensor,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset,
        scale,
        0.1,
      );
      return tf.square(normal);
    }, at as tf.Tensor[]);
  });

  it('is exact through the moments of the batch', () => {
    expectExact(
      (y) => {
        const { mean, variance } = tf.moments(y as tf.Tensor, [0, 1, 2]);
        return tf.batchNorm(
          y as tf.Tensor,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          undefined,
          channel(1),
          0.1,
        );
      },
      [x],
    );
  });

  it('has a gradient without offset and scale, and with moments of every axis kept', () => {
    const formula = (y: tf.Tensor) => tf.div(tf.sub(y, channel(0)), tf.sqrt(tf.add(channel(1), 0.1)));
    const bare = (y: tf.Tensor) => tf.batchNorm(y, channel(0), channel(1), undefined, undefined, 0.1);
    const difference = tf.sub(gradientOf(bare, x), gradientOf(formula, x));
    expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-6);
    expectExact(
      (y) => {
        const { mean, variance } = tf.moments(y as tf.Tensor, [0, 1, 2], true);
        return tf.batchNorm(
          y as tf.Tensor,
          mean as tf.Tensor4D,
          variance as tf.Tensor4D,
          undefined,
          undefined,
          0.1,
        );
      },
      [x],
    );
  });

  it('layerNormalization without centre and scale has a gradient', () => {
    const layer = tf.layers.layerNormalization({ center: false, scale: false });
    expectExact((y) => tf.square(layer.apply(tf.mul(y as tf.Tensor, 2)) as tf.Tensor), [waves([3, 4])], 2e-2);
  });
});

describe('local response normalisation', () => {
  const lrn = (y: tf.Tensor) => tf.localResponseNormalization(y as tf.Tensor4D, 1, 1, 0.5, 0.75) as tf.Tensor;
  it('is exact', () => {
    expectExact((y) => lrn(y as tf.Tensor), [x]);
  });

  it('has the gradient of its formula, x·(1 + ½·Σ neighbours²)^−¾', () => {
    const formula = (y: tf.Tensor) => {
      const squares = tf.pad(tf.square(y), [[0, 0], [0, 0], [0, 0], [1, 1]]); // biome-ignore format: short
      const parts = [0, 1, 2].map((i) => tf.slice(squares, [0, 0, 0, i], [4, 2, 2, 3]));
      return tf.mul(y, tf.pow(tf.add(1, tf.mul(0.5, tf.addN(parts))), -0.75));
    };
    const difference = tf.sub(gradientOf(lrn, x), gradientOf(formula, x));
    expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-5);
  });
});
