import { type Case, type Library, N, type Tensor } from '../case';
import { op } from './op';

/** Ops that move entries about. */
export function shapeCases({ tf }: Library): Case[] {
  const one = (name: string, shape: number[], f: (x: Tensor) => Tensor | Tensor[]) =>
    op(tf, name, [shape], f as (...inputs: Tensor[]) => Tensor);
  return [
    one('reshape', [N, 6], (x) => tf.reshape(x, [-1, 2, 3])),
    one('expandDims', [N, 3], (x) => tf.expandDims(x, 1)),
    one('squeeze', [N, 1, 3], (x) => tf.squeeze(x, [1])),
    one('transpose', [N, 2, 3], (x) => tf.transpose(x, [2, 0, 1])),
    one('transpose of a matrix', [N, 3], (x) => tf.transpose(x)),
    one('reverse', [N, 3], (x) => tf.reverse(x, 1)),
    one('tile', [N, 2], (x) => tf.tile(x, [2, 3])),
    one('tile of rank 3', [N, 1, 2], (x) => tf.tile(x, [1, 4, 2])),
    one('broadcastTo', [N, 1, 3], (x) => tf.broadcastTo(x, [x.shape[0] as number, 2, 3])),
    one('pad', [N, 3], (x) =>
      tf.pad(
        x,
        [
          [0, 0],
          [1, 2],
        ],
        0.3,
      ),
    ),
    one('mirrorPad, reflect', [N, 4], (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [2, 1],
        ],
        'reflect',
      ),
    ),
    one('mirrorPad, symmetric', [N, 4], (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [2, 1],
        ],
        'symmetric',
      ),
    ),
    one('slice', [N, 5], (x) => tf.slice(x, [0, 1], [-1, 3])),
    one('stridedSlice', [N, 5], (x) => tf.stridedSlice(x, [0, 0], [x.shape[0] as number, 5], [1, 2])),
    one('split', [N, 6], (x) => tf.split(x, [1, 2, 3], 1)),
    one('unstack', [N, 3], (x) => tf.unstack(x, 1)),
    one('gather of columns', [N, 4], (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 1)),
    one('gather of rows', [N, 4], (x) => tf.gather(x, tf.tensor1d([0, 0], 'int32'))),
    one('gatherND', [N, 4], (x) =>
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [0, 1],
            [0, 3],
          ],
          [2, 2],
          'int32',
        ),
      ),
    ),
    one('scatterND', [3], (x) => tf.scatterND(tf.tensor2d([[4], [0], [2]], [3, 1], 'int32'), x, [6])),
    one('oneHot of argMax times x', [N, 4], (x) => tf.mul(tf.oneHot(tf.argMax(x, 1), 4), x)),
    one('spaceToBatchND', [N, 4, 6, 2], (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [1, 1],
        ],
      ),
    ),
    one('batchToSpaceND', [4, 2, N, 2], (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ),
    one('depthToSpace', [N, 2, 2, 4], (x) => tf.depthToSpace(x as never, 2)),
    ...joinCases({ tf } as Library),
  ];
}

function joinCases({ tf }: Library): Case[] {
  const join = (name: string, shapes: number[][], f: (...inputs: Tensor[]) => Tensor) =>
    op(tf, name, shapes, f);
  return [
    join(
      'concat of columns',
      [
        [N, 2],
        [N, 3],
      ],
      (a, b) => tf.concat([a as Tensor, b as Tensor], 1),
    ),
    join(
      'concat of rows',
      [
        [N, 2],
        [3, 2],
      ],
      (a, b) => tf.concat([a as Tensor, b as Tensor], 0),
    ),
    join(
      'stack',
      [
        [N, 2],
        [N, 2],
      ],
      (a, b) => tf.stack([a as Tensor, b as Tensor], 1),
    ),
    join('one tensor used twice', [[N, 3]], (a) =>
      tf.concat([a as Tensor, tf.mul(a as Tensor, a as Tensor)], 1),
    ),
  ];
}
