import { describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { hessianVectorProducts, installSecondOrder } from '.';

/** f'' of an elementwise function, from a product with a vector of ones; and by nested `tf.grad`. */
function secondDerivative(f: (x: tf.Tensor) => tf.Tensor, values: number[]): number[][] {
  const x = tf.tensor1d(values);
  const { products } = hessianVectorProducts(
    () => tf.sum(f(x)) as tf.Scalar,
    [x],
    [[tf.ones([values.length])]],
  );
  const nested = tf.grad((y: tf.Tensor) => tf.sum(tf.grad((z: tf.Tensor) => tf.sum(f(z)))(y)))(x);
  return [products[0]?.[0] as tf.Tensor, nested].map((tensor) => Array.from(tensor.dataSync()));
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const POINTS = [-1.7, -0.4, 0.3, 0.9];

describe('kernels that save their output', () => {
  it.each<[string, (x: tf.Tensor) => tf.Tensor, (x: number) => number]>([
    ['tanh', tf.tanh, (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
    ['exp', tf.exp, Math.exp],
    ['sigmoid', tf.sigmoid, (x) => logistic(x) * (1 - logistic(x)) * (1 - 2 * logistic(x))],
    ['elu', tf.elu, (x) => (x > 0 ? 0 : Math.exp(x))],
    ['pow', (x) => tf.pow(x, 3), (x) => 6 * x],
    ['logSigmoid', (x) => tf.logSigmoid(tf.mul(x, 2)), (x) => -4 * logistic(2 * x) * logistic(-2 * x)],
  ])('%s has its second derivative, also by nested tf.grad', (_, f, expected) => {
    for (const found of secondDerivative(f, POINTS))
      found.forEach((value, i) => {
        expect(value).toBeCloseTo(expected(POINTS[i] as number), 5);
      });
  });
});

describe('piecewise constant kernels', () => {
  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['floor', tf.floor],
    ['sign', tf.sign],
    ['step', (x) => tf.step(x)],
    ['round', tf.round],
    ['zerosLike', tf.zerosLike],
  ])('%s keeps its zero gradient, nested too', (_, f) => {
    const x = tf.tensor1d([0.3, 1.2]);
    expect(Array.from(tf.grad(f)(x).dataSync())).toEqual([0, 0]);
    for (const found of secondDerivative((y) => tf.mul(f(y), y), [0.3, 1.2]))
      expect(found.map(Math.abs)).toEqual([0, 0]);
  });

  it('variableGrads returns a gradient for a variable that only a floor sees', () => {
    const [a, b] = [tf.variable(tf.scalar(1.5)), tf.variable(tf.scalar(2))];
    const { grads } = tf.variableGrads(() => tf.add(tf.floor(a), tf.square(b)) as tf.Scalar, [a, b]);
    expect([a, b].map(({ name }) => grads[name]?.dataSync()[0])).toEqual([0, 4]);
    tf.dispose([a, b]);
  });

  it('a mask chosen by a comparison is a constant', () => {
    const f = (x: tf.Tensor) => tf.where(tf.greater(x, 0), tf.square(x), tf.mul(x, 3));
    for (const found of secondDerivative(f, [-1, 2])) expect(found).toEqual([0, 2]);
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['FloorDiv', (x) => tf.floorDiv(x, tf.scalar(2))],
    ['Cast to int32', (x) => tf.cast(tf.cast(x, 'int32'), 'float32')],
  ])('%s is refused, since its gradient is no derivative', (name, f) => {
    const x = tf.tensor1d([2.5]);
    const run = () => hessianVectorProducts(() => tf.sum(tf.mul(f(x), x)) as tf.Scalar, [x], [[x]]);
    expect(run).toThrow(`${name} has no second derivative`);
  });
});

it('a customGrad in a scope named like a kernel keeps its own gradient', () => {
  const twice = (x: tf.Tensor) => ({ value: tf.mul(x, 2), gradFunc: (dy: tf.Tensor) => tf.mul(dy, 2) });
  const double = tf.customGrad(twice as never) as (x: tf.Tensor) => tf.Tensor;
  const gradient = tf.grad((x: tf.Tensor) => tf.tidy('Exp', () => double(x)))(tf.scalar(3));
  expect(gradient.dataSync()[0]).toBe(2);
});

it('installing again changes nothing', () => {
  const before = tf.engine() as unknown as { addTapeNode: unknown };
  const { addTapeNode } = before;
  installSecondOrder();
  expect(before.addTapeNode).toBe(addTapeNode);
});
