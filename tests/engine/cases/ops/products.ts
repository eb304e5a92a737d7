import { type Case, type Library, N, type Tensor } from '../case';
import { op } from './op';

/** Matrix products in every form, and the normalisation that TensorFlow fuses. */
export function productCases({ tf }: Library): Case[] {
  const two = (name: string, shapes: number[][], f: (a: Tensor, b: Tensor) => Tensor) =>
    op(tf, name, shapes, f as (...inputs: Tensor[]) => Tensor);
  return [
    two(
      'matMul',
      [
        [N, 3],
        [3, 2],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    two(
      'matMul, first transposed',
      [
        [3, N],
        [3, 2],
      ],
      (a, b) => tf.matMul(a, b, true),
    ),
    two(
      'matMul, second transposed',
      [
        [N, 3],
        [2, 3],
      ],
      (a, b) => tf.matMul(a, b, false, true),
    ),
    two(
      'matMul, both transposed',
      [
        [3, N],
        [2, 3],
      ],
      (a, b) => tf.matMul(a, b, true, true),
    ),
    two(
      'matMul of batches',
      [
        [N, 2, 3],
        [N, 3, 2],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    two(
      'matMul of batches, both transposed',
      [
        [N, 3, 2],
        [N, 2, 3],
      ],
      (a, b) => tf.matMul(a, b, true, true),
    ),
    two(
      'matMul, batch broadcast',
      [
        [N, 2, 3],
        [1, 3, 2],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    two(
      'matMul of rank 4',
      [
        [N, 2, 2, 3],
        [N, 2, 3, 2],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    two('dot', [[N, 3], [3]], (a, b) => tf.dot(a, b)),
    two('outerProduct', [[N], [3]], (a, b) => tf.outerProduct(a as never, b as never)),
    two(
      'einsum',
      [
        [N, 3],
        [3, 2],
      ],
      (a, b) => tf.einsum('ij,jk->ik', a, b),
    ),
    op(tf, 'fused matMul with bias and relu', [[N, 3], [3, 2], [2]], (a, b, bias) =>
      tf.fused.matMul({ a: a as Tensor, b: b as Tensor, bias: bias as Tensor, activation: 'relu' }),
    ),
    op(
      tf,
      'batchNorm',
      [[N, 2, 2, 3], [3], [3], [3], [3]],
      (x, mean, variance, offset, scale) =>
        tf.batchNorm(x as never, mean as never, variance as never, offset as never, scale as never, 1e-3),
      {
        range: [
          [-1, 1],
          [-0.5, 0.5],
          [0.5, 1.5],
          [-1, 1],
          [0.5, 1.5],
        ],
      },
    ),
    op(
      tf,
      'localResponseNormalization',
      [[N, 2, 2, 5]],
      (x) => tf.localResponseNormalization(x as never, 2, 1, 0.5, 0.75),
      {},
    ),
  ];
}
