import { describe, expect, it } from 'vitest';
import { waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';
import { compile } from '../compile';
import { hessianVectorProducts } from '.';

type Pool = (x: tf.Tensor) => tf.Tensor;
type Padding = 'same' | 'valid';

const flat = waves([2, 5, 6, 2]) as tf.Tensor4D;
const deep = waves([1, 4, 4, 3, 2]) as tf.Tensor5D;
const CASES: [string, tf.Tensor, Pool][] = [
  ...(
    [
      [2, 1, 'same'],
      [3, 1, 'same'],
      [3, 1, 'valid'],
      [1, 1, 'valid'],
      [2, 2, 'same'],
      [[2, 1], 1, 'same'],
    ] as const
  ).map(
    // biome-ignore format: short
    ([size, strides, pad]): [string, tf.Tensor, Pool] => [
      `${size} with strides ${strides}, ${pad}`,
      flat,
      (x) => tf.maxPool(x as tf.Tensor4D, size as number, strides, pad),
    ],
  ),
  ...(
    [
      [2, 1, 'same'],
      [1, 1, 'valid'],
      [2, 2, 'same'],
      [2, 1, 'valid'],
    ] as [number, number, Padding][]
  ).map(
    // biome-ignore format: short
    ([size, strides, pad]): [string, tf.Tensor, Pool] => [
      `${size} with strides ${strides}, ${pad} in three dimensions`,
      deep,
      (x) => tf.maxPool3d(x as tf.Tensor5D, size, strides, pad),
    ],
  ),
];

// A graph may let a kernel write its result into the memory of an input, an eager call may not.
describe.each(CASES)('the second derivative of maxima of %s', (_, x, pool) => {
  const v = tf.reverse(x, 1);
  const product = (at: tf.Tensor, along: tf.Tensor) => {
    const f = () => tf.sum(tf.pow(pool(tf.tanh(at)), 3)) as tf.Scalar;
    return hessianVectorProducts(f, [at], [[along]]).products[0]?.[0] as tf.Tensor;
  };
  const eager = Array.from(product(x, v).dataSync());
  const scale = Math.max(...eager.map(Math.abs));

  // TensorFlow has no MaxPool3D in double precision.
  const precisions: ('float32' | 'float64')[] = x.rank === 4 ? ['float32', 'float64'] : ['float32'];
  it.each(precisions)('is in a graph what it is eagerly, in %s', (precision) => {
    const compiled = compile(product, [x, v], { precision, arrays: true }) as unknown as (
      ...at: tf.Tensor[]
    ) => ArrayLike<number>;
    const found = Array.from(compiled(x, v));
    expect(scale).toBeGreaterThan(0.1);
    for (const [i, value] of eager.entries())
      expect(Math.abs((found[i] as number) - value)).toBeLessThan(2e-6 * scale);
  });
});
