import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { hessianVectorProducts } from '.';

const numbers = (tensor: tf.Tensor | undefined) => Array.from((tensor as tf.Tensor).dataSync());

describe('hessianVectorProducts', () => {
  it('of a quadratic ½θᵀAθ + bᵀθ is A·v, for several vectors at once', () => {
    const A = tf.tensor2d([4, 1, 0, 1, 3, 1, 0, 1, 2], [3, 3]);
    const b = tf.tensor2d([1, -1, 2], [3, 1]);
    const theta = tf.tensor2d([0.5, -2, 1], [3, 1]);
    const f = () =>
      tf.add(tf.mul(0.5, tf.sum(tf.mul(theta, tf.matMul(A, theta)))), tf.sum(tf.mul(b, theta))) as tf.Scalar;
    const vectors = [tf.tensor2d([1, 0, 0], [3, 1]), tf.tensor2d([1, 2, 3], [3, 1])];
    const found = hessianVectorProducts(
      f,
      [theta],
      vectors.map((v) => [v]),
    );
    expect(numbers(found.value)[0]).toBeCloseTo(9);
    expect(numbers(found.gradients[0])).toEqual([1, -5.5, 2]);
    expect(found.products.map(([product]) => numbers(product))).toEqual([
      [4, 1, 0],
      [6, 10, 8],
    ]);
  });

  it('counts a vector that is θ itself as a constant', () => {
    const x = tf.tensor1d([1, 2]);
    const { products } = hessianVectorProducts(() => tf.sum(tf.pow(x, 3)) as tf.Scalar, [x], [[x]]);
    expect(numbers(products[0]?.[0])).toEqual([6, 24]);
  });

  it('is zero where f does not depend on a tensor, or only linearly', () => {
    const [x, y, z] = [tf.tensor1d([1, 2]), tf.scalar(3), tf.tensor2d([[5]])] as const;
    const f = () => tf.add(tf.sum(tf.square(x)), y) as tf.Scalar;
    const { gradients, products } = hessianVectorProducts(f, [x, y, z], [[x, y, z]]);
    expect(gradients.map(numbers)).toEqual([[2, 4], [1], [0]]);
    expect(products[0]?.map(numbers)).toEqual([[2, 4], [0], [0]]);
    expect(products[0]?.map(({ shape }) => shape)).toEqual([[2], [], [1, 1]]);
  });

  it('gives the mixed derivatives of several tensors', () => {
    const [x, y] = [tf.scalar(2), tf.scalar(5)];
    const f = () => tf.mul(tf.square(x), y) as tf.Scalar;
    const { products } = hessianVectorProducts(f, [x, y], [[tf.scalar(1), tf.scalar(1)]]);
    expect(products[0]?.map(numbers)).toEqual([[14], [4]]);
  });

  it('can be differentiated itself: the third derivative of x⁴ is 24x', () => {
    const third = tf.grad((x: tf.Tensor) => {
      const found = hessianVectorProducts(() => tf.pow(x, 4) as tf.Scalar, [x], [[tf.scalar(1)]]);
      return found.products[0]?.[0] as tf.Scalar;
    });
    expect(numbers(third(tf.scalar(2)))[0]).toBeCloseTo(48, 4);
  });

  it('gives a variable back its value, bit for bit', () => {
    const average = tf.variable(tf.tensor1d([0.1, 0.2]));
    const x = tf.tensor1d([3, 4]);
    const f = () => {
      average.assign(tf.mul(average, x) as tf.Tensor1D);
      return tf.sum(tf.square(x)) as tf.Scalar;
    };
    hessianVectorProducts(f, [x], [[x]]);
    expect(numbers(average)).toEqual(numbers(tf.tensor1d([0.1, 0.2])));
    average.dispose();
  });
});

describe('bad input', () => {
  const x = tf.tensor1d([1, 2]);
  it.each<[string, () => unknown, string]>([
    [
      'no scalar',
      () => hessianVectorProducts(() => x as never, [x], [[x]]),
      'f must return a scalar, got shape [2]',
    ],
    [
      'a number',
      () => hessianVectorProducts(() => 3 as never, [x], [[x]]),
      'f must return a scalar, got number',
    ],
    [
      'a vector of another shape',
      () => products([[tf.scalar(1)]]),
      'vectors[0][0] must have shape [2], got []',
    ],
    ['too few parts', () => products([[]]), 'vectors[0] must have 1 tensors, one for each of at, got 0'],
    [
      'integers',
      () => products([[tf.tensor1d([1, 2], 'int32')]]),
      'vectors[0][0] must be float32, got int32',
    ],
  ])('%s throws', (_, run, message) => {
    expect(run).toThrow(TypeError);
    expect(run).toThrow(message);
  });

  it('a disposed tensor throws', () => {
    const gone = tf.tensor1d([1, 2]);
    gone.dispose();
    expect(() => hessianVectorProducts(() => tf.sum(x) as tf.Scalar, [gone], [[x]])).toThrow(
      'at[0] is a disposed tensor',
    );
    expect(() => products([[gone]])).toThrow('vectors[0][0] is a disposed tensor');
  });

  it('an operation without a second derivative is named', () => {
    const f = () => tf.sum(tf.cumprod(x)) as tf.Scalar;
    expect(() => hessianVectorProducts(f, [x], [[x]])).toThrow('Cumprod has no gradient');
  });

  function products(vectors: tf.Tensor[][]): unknown {
    return hessianVectorProducts(() => tf.sum(tf.square(x)) as tf.Scalar, [x], vectors);
  }
});

describe('memory', () => {
  let before: number;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(before);
  });

  it('only the results remain, and a view of the input is not one of them', () => {
    const x = tf.scalar(2);
    const found = hessianVectorProducts(() => x as tf.Scalar, [x], [[tf.tidy(() => x)]]);
    expect(numbers(found.value)).toEqual([2]);
    tf.dispose([found.value, found.gradients, found.products.flat()]);
    expect(numbers(x)).toEqual([2]);
    x.dispose();
  });

  it('nothing remains after an error in f, before or after it computed something', () => {
    const x = tf.tensor1d([1, 2]);
    const fails = () => {
      tf.sum(tf.tanh(x));
      throw new Error('as planned');
    };
    expect(() => hessianVectorProducts(fails, [x], [[x]])).toThrow('as planned');
    expect(() => hessianVectorProducts(() => tf.cumprod(tf.exp(x)).sum() as tf.Scalar, [x], [[x]])).toThrow();
    expect(tf.engine().state.activeTape).toBeNull();
    x.dispose();
  });
});
