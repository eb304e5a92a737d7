import { describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { hessianVectorProducts } from '.';

type Loss = typeof tf.losses.softmaxCrossEntropy;

const logits = tf.tensor2d([0.3, -1.2, 2, 0.5, 0.1, -0.7], [2, 3]);
const labels = tf.tensor2d([0, 0, 1, 0.2, 0.5, 0.3], [2, 3]);
const { SUM, MEAN, NONE, SUM_BY_NONZERO_WEIGHTS } = tf.Reduction;

function gradient(loss: (z: tf.Tensor) => tf.Tensor): number[] {
  return Array.from(
    tf
      .grad((z: tf.Tensor) => tf.sum(tf.square(loss(z))))(logits)
      .dataSync(),
  );
}

/** The same loss written with operations whose derivatives are all analytic. */
const composed: Loss = (y, z, weights, smoothing = 0, reduction) => {
  const targets = tf.add(tf.mul(y as tf.Tensor, 1 - smoothing), smoothing / 3);
  const logSum = tf.log(tf.sum(tf.exp(z as tf.Tensor), -1, true));
  const losses = tf.sum(tf.mul(targets, tf.sub(logSum, z as tf.Tensor)), -1);
  return tf.losses.computeWeightedLoss(losses, weights, reduction) as never;
};

describe('softmaxCrossEntropy', () => {
  const weights = tf.tensor1d([2, 0]);
  it.each<[string, tf.Tensor | undefined, number, number]>([
    ['plain', undefined, 0, SUM_BY_NONZERO_WEIGHTS],
    ['smoothed', undefined, 0.1, SUM_BY_NONZERO_WEIGHTS],
    ['weighted', weights, 0, SUM_BY_NONZERO_WEIGHTS],
    ['weighted mean', weights, 0.2, MEAN],
    ['sum', undefined, 0.1, SUM],
    ['per sample', weights, 0, NONE],
  ])('%s: value, gradient and Hessian are those of the formula', (_, w, smoothing, reduction) => {
    const loss = (f: Loss) => (z: tf.Tensor) => f(labels, z, w, smoothing, reduction) as tf.Tensor;
    const [ours, theirs] = [loss(tf.losses.softmaxCrossEntropy), loss(composed)];
    expectClose(Array.from(ours(logits).dataSync()), Array.from(theirs(logits).dataSync()));
    expectClose(gradient(ours), gradient(theirs));
    expectClose(product(ours), product(theirs));
  });

  it('has the Hessian diag(p) − p·pᵀ of one sample', () => {
    const p = tf.softmax(logits).arraySync() as number[][];
    const [first] = p as [number[]];
    const v = [1, -2, 0.5];
    const mean = first.reduce((sum, probability, i) => sum + probability * (v[i] as number), 0);
    const expected = first.map((probability, i) => probability * ((v[i] as number) - mean));
    const z = tf.slice2d(logits, [0, 0], [1, 3]);
    const f = () => tf.losses.softmaxCrossEntropy(tf.tensor2d([[0, 0, 1]]), z) as tf.Scalar;
    const { products } = hessianVectorProducts(f, [z], [[tf.tensor2d([v])]]);
    expectClose(Array.from(only(products).dataSync()), expected);
  });

  it('is finite for logits of a thousand', () => {
    const value = tf.losses.softmaxCrossEntropy(tf.tensor2d([[0, 1]]), tf.tensor2d([[1000, 0]]));
    expect((value as tf.Tensor).dataSync()[0]).toBe(1000);
  });

  it('takes arrays and refuses shapes that differ', () => {
    const value = tf.losses.softmaxCrossEntropy([[0, 1]], [[0, 0]]) as tf.Tensor;
    expect(value.dataSync()[0]).toBeCloseTo(Math.log(2));
    expect(() => tf.losses.softmaxCrossEntropy([[0, 1]], [[0, 0, 0]])).toThrow(
      'Error in softmaxCrossEntropy',
    );
  });
});

describe('sigmoidCrossEntropy', () => {
  it.each([0, 0.1])('with weights and label smoothing %f has the Hessian w·p(1−p)', (smoothing) => {
    const weights = tf.tensor2d([1, 2, 0.5, 1, 3, 1], [2, 3]);
    const loss = (z: tf.Tensor) =>
      tf.losses.sigmoidCrossEntropy(labels, z, weights, smoothing, SUM) as tf.Tensor;
    const f = () => loss(logits) as tf.Scalar;
    const { products } = hessianVectorProducts(f, [logits], [[tf.onesLike(logits)]]);
    const p = tf.sigmoid(logits);
    const expected = tf.mul(weights, tf.mul(p, tf.sub(1, p)));
    expectClose(Array.from(only(products).dataSync()), Array.from(expected.dataSync()));
  });
});

function product(loss: (z: tf.Tensor) => tf.Tensor): number[] {
  const v = tf.tensor2d([1, 2, -1, 0.5, 3, -2], [2, 3]);
  const f = () => tf.sum(tf.square(loss(logits))) as tf.Scalar;
  return Array.from(only(hessianVectorProducts(f, [logits], [[v]]).products).dataSync());
}

function only([product]: tf.Tensor[][]): tf.Tensor {
  return product?.[0] as tf.Tensor;
}

function expectClose(found: number[], expected: number[]): void {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number))).toBeLessThan(
      2e-6 * (1 + Math.abs(expected[i] as number)),
    );
  });
}
