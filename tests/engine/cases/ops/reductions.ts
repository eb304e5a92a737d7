import { type Case, type Library, N, type Tensor } from '../case';
import { op } from './op';

/** Reductions, along an axis, along several and along all. */
export function reductionCases({ tf }: Library): Case[] {
  const each = (name: string, f: (x: Tensor, axis?: number | number[], keep?: boolean) => Tensor) => [
    op(tf, `${name} over all`, [[N, 3, 2]], (x) => f(x as Tensor)),
    op(tf, `${name} over the rows`, [[N, 3, 2]], (x) => f(x as Tensor, 0)),
    op(tf, `${name} over two axes`, [[N, 3, 2]], (x) => f(x as Tensor, [0, 2])),
    op(tf, `${name}, axis kept`, [[N, 3, 2]], (x) => f(x as Tensor, 1, true)),
  ];
  return [
    ...each('sum', tf.sum),
    ...each('mean', tf.mean),
    ...each('max', tf.max),
    ...each('min', tf.min),
    ...each('logSumExp', tf.logSumExp),
    op(tf, 'prod over an axis', [[N, 3]], (x) => tf.prod(x as Tensor, 1)),
    op(tf, 'moments', [[N, 3]], (x) => {
      const { mean, variance } = tf.moments(x as Tensor, 1);
      return [mean, variance];
    }),
    op(tf, 'euclidean norm', [[N, 3]], (x) => tf.norm(x as Tensor, 2, 1)),
    op(tf, 'norm of order 1', [[N, 3]], (x) => tf.norm(x as Tensor, 1, 1)),
    op(tf, 'softmax', [[N, 4]], (x) => tf.softmax(x as Tensor)),
    op(tf, 'softmax of rank 3', [[N, 2, 4]], (x) => tf.softmax(x as Tensor)),
    op(tf, 'logSoftmax', [[N, 4]], (x) => tf.logSoftmax(x as Tensor)),
    op(tf, 'cumsum', [[N, 4]], (x) => tf.cumsum(x as Tensor, 1)),
    op(tf, 'cumsum, exclusive and reversed', [[N, 4]], (x) => tf.cumsum(x as Tensor, 1, true, true)),
    op(tf, 'cumsum of rows', [[N, 4]], (x) => tf.cumsum(x as Tensor, 0)),
    op(tf, 'cumprod', [[N, 3]], (x) => tf.cumprod(x as Tensor, 1)),
    op(tf, 'topk', [[N, 5]], (x) => tf.topk(x as Tensor, 2).values),
    op(tf, 'unsortedSegmentSum', [[N, 3]], (x) =>
      tf.unsortedSegmentSum(x as Tensor, tf.fill([(x as Tensor).shape[0] as number], 1, 'int32') as never, 3),
    ),
  ];
}
