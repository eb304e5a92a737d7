import { type Case, type Library, N, type Tensor, type Tf } from '../case';
import { op } from './op';

/** Less usual forms of ops: other axes, ranks, formats, attributes; and ops that are compositions of others. */
export function formCases({ tf }: Library): Case[] {
  return [...gathers(tf), ...fusedForms(tf), ...imageForms(tf), ...normalizations(tf), ...compositions(tf)];
}

function one(tf: Tf, name: string, shape: number[], f: (x: never) => Tensor | Tensor[]): Case {
  return op(tf, name, [shape], f as (...inputs: Tensor[]) => Tensor);
}

function gathers(tf: Tf): Case[] {
  const matrix = () => tf.tensor2d([0, 2, 1, 1], [2, 2], 'int32');
  return [
    one(tf, 'gather by a matrix of rows', [3, 2], (x) => tf.gather(x, matrix())),
    one(tf, 'gather by a matrix of columns', [N, 4], (x) => tf.gather(x, matrix(), 1)),
    one(tf, 'gather along the last axis', [N, 2, 4], (x) => tf.gather(x, tf.tensor1d([3, 0], 'int32'), 2)),
    one(tf, 'gather in each batch', [2, 3, 2], (x) => tf.gather(x, matrix(), 1, 1)),
    one(tf, 'split in equal parts', [N, 6], (x) => tf.split(x, 3, -1)),
    one(tf, 'unstack of rank 3', [2, N, 3], (x) => tf.unstack(x)),
    one(tf, 'stack at the end', [N, 3], (x) => tf.stack([x, tf.square(x)], -1)),
    one(tf, 'concat of rank 3', [N, 2, 2], (x) => tf.concat([x, tf.sin(x)], -1)),
    one(tf, 'reverse of all axes', [N, 3], (x) => tf.reverse(x)),
    one(tf, 'slice of rank 4', [N, 3, 4, 2], (x) => tf.slice(x, [0, 1, 0, 1], [-1, 2, 3, 1])),
    one(tf, 'prod over all', [3, 2], (x) => tf.prod(x)),
    one(tf, 'prod, axis kept', [N, 3, 2], (x) => tf.prod(x, [1, 2], true)),
    one(tf, 'topk of one', [N, 5], (x) => tf.topk(x, 1).values),
    one(tf, 'topk of columns', [N, 1], (x) => tf.topk(x, 1).values),
    one(tf, 'mirrorPad of a column', [N, 1], (x) => tf.mirrorPad(x, [[0, 0], [1, 1]], 'symmetric')), // biome-ignore format: short
    one(tf, 'einsum of batches', [N, 2, 3], (x) => tf.einsum('bij,bkj->bik', x, tf.square(x))),
  ];
}

function fusedForms(tf: Tf): Case[] {
  const activations = ['elu', 'relu6', 'sigmoid', 'leakyrelu'] as const;
  const filterShapes = [[N, 4, 4, 2], [2, 2, 2, 3], [3]]; // biome-ignore format: short
  return activations.flatMap((activation) => [
    op(tf, `fused matMul and ${activation}`, [[N, 3], [3, 2], [2]], (a, b, bias) =>
      tf.fused.matMul({ a: a as Tensor, b: b as Tensor, bias: bias as Tensor, activation }),
    ),
    op(tf, `fused conv2d and ${activation}`, filterShapes, (x, filter, bias) =>
      tf.fused.conv2d({
        ...{ x: x as never, filter: filter as never, bias: bias as Tensor },
        ...{ strides: 2, pad: 'same', activation },
      }),
    ),
    op(tf, `fused depthwiseConv2d and ${activation}`, [[N, 4, 4, 2], [2, 2, 2, 1], [2]], (x, filter, bias) =>
      tf.fused.depthwiseConv2d({
        ...{ x: x as never, filter: filter as never, bias: bias as Tensor },
        ...{ strides: 1, pad: 'valid', activation },
      }),
    ),
  ]);
}

function imageForms(tf: Tf): Case[] {
  return [
    op(tf, 'conv2d of one image', [[5, 5, 2], [3, 3, 2, 2]], (x, w) => tf.conv2d(x as never, w as never, 1, 'same')), // biome-ignore format: short
    one(tf, 'maxPool of one image', [4, 4, 2], (x) => tf.maxPool(x, 2, 2, 'same')),
    one(tf, 'avgPool of one image', [4, 4, 2], (x) => tf.avgPool(x, 3, 1, 'same')),
    one(tf, 'pool of windows apart', [N, 6, 6, 1], (x) => tf.pool(x, 2, 'avg', 'valid', 2)),
    one(
      tf,
      'mirrorPad of images',
      [N, 3, 4, 1],
      (x) =>
      tf.mirrorPad(x, [[0, 0], [1, 2], [2, 1], [0, 0]], 'reflect'), // biome-ignore format: short
    ),
    one(tf, 'resizeBilinear, half-pixel centres', [N, 3, 4, 1], (x) =>
      tf.image.resizeBilinear(x, [5, 3], false, true),
    ),
    one(tf, 'resizeNearestNeighbor, half-pixel centres', [N, 3, 4, 1], (x) =>
      tf.image.resizeNearestNeighbor(x, [5, 3], false, true),
    ),
    one(tf, 'grayscale', [N, 2, 2, 3], (x) => tf.image.rgbToGrayscale(x)),
  ];
}

function normalizations(tf: Tf): Case[] {
  const statistics = [[3], [3]];
  const range = [[-1, 1], [-0.5, 0.5], [0.5, 1.5]] as [number, number][]; // biome-ignore format: short
  return [
    op(tf, 'batchNorm of a matrix without scale', [[N, 3], ...statistics], (x, mean, variance) =>
      tf.batchNorm(x as never, mean as never, variance as never), { range }), // biome-ignore format: short
    op(tf, 'batchNorm of rank 3', [[N, 2, 3], ...statistics], (x, mean, variance) =>
      tf.batchNorm(x as never, mean as never, variance as never), { range }), // biome-ignore format: short
    one(tf, 'largest norm', [N, 3], (x) => tf.norm(x, Number.POSITIVE_INFINITY, 1)),
    one(tf, 'Frobenius norm', [N, 3], (x) => tf.norm(x, 'fro', [0, 1])),
    one(tf, 'softmax of rank 4', [N, 2, 2, 3], (x) => tf.softmax(x)),
    one(tf, 'logSoftmax of rank 3', [N, 2, 3], (x) => tf.logSoftmax(x)),
    one(tf, 'moments of images', [N, 2, 2, 3], (x) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2], true);
      return [mean, variance];
    }),
  ];
}

function compositions(tf: Tf): Case[] {
  return [
    one(tf, 'gramSchmidt', [2, 3], (x) => tf.linalg.gramSchmidt(x) as Tensor),
    one(tf, 'diagonal matrix times x', [3, 3], (x) => tf.matMul(x, tf.mul(tf.eye(3), x))),
    one(tf, 'meshgrid', [3], (x) => tf.meshgrid(x, tf.square(x as Tensor)) as Tensor[]),
    one(tf, 'where with a mask of rows', [N, 3], (x: Tensor) =>
      tf.where(tf.greater(tf.sum(x, 1, true), 0), x, tf.square(x)),
    ),
    one(tf, 'pow of negative numbers', [N, 3], (x: Tensor) => tf.pow(tf.sub(x, 3), 2)),
    one(tf, 'div by itself, twice', [N, 3], (x: Tensor) =>
      tf.div(tf.div(x, tf.add(tf.square(x), 1)), tf.exp(x)),
    ),
    one(tf, 'squeeze of expandDims times neg', [N, 3], (x: Tensor) =>
      tf.mul(tf.squeeze(tf.expandDims(x, 0), [0]), tf.neg(x)),
    ),
    one(tf, 'localResponseNormalization of one image', [2, 2, 5], (x) => tf.localResponseNormalization(x, 1)),
    one(tf, 'depthToSpace of rank 4', [N, 1, 2, 8], (x) => tf.depthToSpace(x, 2)),
  ];
}
