import { describe, expect, it } from 'vitest';
import { expectExact, waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';

describe('matMul is exact', () => {
  const both = [false, true];
  const cases = both.flatMap((a) => both.map((b) => [a, b] as const));
  it.each(cases)('transposed %s and %s, with a batch, a broadcast one and none', (transposeA, transposeB) => {
    const f = (a: tf.Tensor, b: tf.Tensor) => tf.tanh(tf.matMul(a, b, transposeA, transposeB));
    const shapes = (batch: number[], rows: number, columns: number, swap: boolean) =>
      swap ? [...batch, columns, rows] : [...batch, rows, columns];
    for (const [left, right] of [
      [[2], [2]],
      [[2], [1]],
      [[], [3]],
      [[], []],
    ] as [number[], number[]][])
      expectExact(f as never, [
        waves(shapes(left, 3, 4, transposeA), 1),
        waves(shapes(right, 4, 2, transposeB), 2),
      ]);
  });

  it('in an attention of queries, keys and values', () => {
    const f = (x: tf.Tensor, q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) => {
      const scores = tf.div(tf.matMul(tf.matMul(x, q), tf.matMul(x, k), false, true), 2);
      return tf.matMul(tf.softmax(scores), tf.matMul(x, v));
    };
    expectExact(f as never, [waves([2, 3, 4]), waves([4, 4], 1), waves([4, 4], 2), waves([4, 4], 3)]);
  });
});

describe('einsum', () => {
  it.each<[string, ...number[][]]>([
    ['ij,jk->ik', [2, 3], [3, 4]],
    ['bqd,bkd->bqk', [2, 3, 4], [2, 5, 4]],
    ['ij,j->i', [2, 3], [3]],
    ['ij->ji', [2, 3]],
  ])('%s is exact', (equation, ...shapes) => {
    const f = (...operands: tf.Tensor[]) => tf.tanh(tf.einsum(equation, ...operands));
    expectExact(
      f,
      shapes.map((shape, i) => waves(shape as number[], i)),
    );
  });

  it('names an equation whose gradient it cannot write', () => {
    const f = () => tf.grad((x: tf.Tensor) => tf.einsum('ij->i', x))(waves([2, 3]));
    expect(f).toThrow('Einsum ij->i has no gradient by operand 0');
  });
});
