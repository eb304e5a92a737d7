import { type Case, type Library, N, type Tensor } from '../case';
import { op } from './op';

type Pad = 'same' | 'valid';
const PADS: Pad[] = ['same', 'valid'];

/** Convolutions, each with both paddings, strides and dilations. */
export function convolutionCases({ tf }: Library): Case[] {
  const two = (
    name: string,
    shapes: number[][],
    f: (x: never, w: never) => Tensor,
    rest: { double?: false } = {},
  ) => op(tf, name, shapes, f as never, rest);
  return [
    ...PADS.flatMap((pad) => [
      two(
        `conv1d, ${pad}`,
        [
          [N, 6, 2],
          [3, 2, 3],
        ],
        (x, w) => tf.conv1d(x, w, 1, pad),
      ),
      two(
        `conv1d of stride 2, ${pad}`,
        [
          [N, 7, 2],
          [3, 2, 3],
        ],
        (x, w) => tf.conv1d(x, w, 2, pad),
      ),
      two(
        `conv2d, ${pad}`,
        [
          [N, 5, 5, 2],
          [3, 3, 2, 3],
        ],
        (x, w) => tf.conv2d(x, w, 1, pad),
      ),
      two(
        `conv2d of stride 2, ${pad}`,
        [
          [N, 6, 5, 2],
          [3, 2, 2, 3],
        ],
        (x, w) => tf.conv2d(x, w, 2, pad),
      ),
      two(
        `dilated conv1d, ${pad}`,
        [
          [N, 7, 2],
          [3, 2, 2],
        ],
        (x, w) => tf.conv1d(x, w, 1, pad, 'NWC', 2),
      ),
      two(
        `dilated conv2d, ${pad}`,
        [
          [N, 6, 6, 2],
          [2, 2, 2, 3],
        ],
        (x, w) => tf.conv2d(x, w, 1, pad, 'NHWC', 2),
      ),
      two(
        `depthwiseConv2d, ${pad}`,
        [
          [N, 5, 5, 2],
          [3, 3, 2, 2],
        ],
        (x, w) => tf.depthwiseConv2d(x, w, 1, pad),
      ),
      two(
        `depthwiseConv2d of stride 2, ${pad}`,
        [
          [N, 6, 6, 2],
          [3, 3, 2, 1],
        ],
        (x, w) => tf.depthwiseConv2d(x, w, 2, pad),
      ),
      two(
        `dilated depthwiseConv2d, ${pad}`,
        [
          [N, 6, 6, 2],
          [2, 2, 2, 1],
        ],
        (x, w) => tf.depthwiseConv2d(x, w, 1, pad, 'NHWC', 2),
      ),
      two(
        `conv3d, ${pad}`,
        [
          [N, 3, 3, 3, 1],
          [2, 2, 2, 1, 2],
        ],
        (x, w) => tf.conv3d(x, w, 1, pad),
      ),
    ]),
    two(
      'conv2dTranspose',
      [
        [N, 3, 3, 2],
        [2, 2, 3, 2],
      ],
      (x: Tensor, w) => tf.conv2dTranspose(x as never, w, [x.shape[0] as number, 6, 6, 3], 2, 'same'),
    ),
    two(
      'conv3dTranspose',
      [
        [N, 2, 2, 2, 2],
        [2, 2, 2, 1, 2],
      ],
      (x: Tensor, w) => tf.conv3dTranspose(x as never, w, [x.shape[0] as number, 4, 4, 4, 1], 2, 'same'),
    ),
    op(
      tf,
      'separableConv2d',
      [
        [N, 4, 4, 2],
        [2, 2, 2, 1],
        [1, 1, 2, 3],
      ],
      (x, depthwise, pointwise) =>
        tf.separableConv2d(x as never, depthwise as never, pointwise as never, 1, 'same'),
    ),
    op(tf, 'fused conv2d with bias and relu', [[N, 4, 4, 2], [3, 3, 2, 2], [2]], (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as never,
        filter: filter as never,
        bias: bias as Tensor,
        strides: 1,
        pad: 'same',
        activation: 'relu',
      }),
    ),
    two(
      'dilation2d',
      [
        [N, 4, 4, 2],
        [2, 2, 2],
      ],
      (x, w) => tf.dilation2d(x, w, 1, 'same'),
      {},
    ),
  ];
}

/** Pooling, windows that overlap and that do not, and resizing. */
export function poolCases({ tf }: Library): Case[] {
  const one = (name: string, shape: number[], f: (x: never) => Tensor, rest: { double?: false } = {}) =>
    op(tf, name, [shape], f as never, rest);
  const image = [N, 5, 6, 2];
  const volume = [N, 4, 4, 4, 1];
  return [
    ...PADS.flatMap((pad) => [
      one(`maxPool, ${pad}`, image, (x) => tf.maxPool(x, 2, 2, pad)),
      one(`maxPool with overlaps, ${pad}`, image, (x) => tf.maxPool(x, 3, 2, pad)),
      one(`avgPool, ${pad}`, image, (x) => tf.avgPool(x, 2, 2, pad)),
      one(`avgPool with overlaps, ${pad}`, image, (x) => tf.avgPool(x, 3, 2, pad)),
      one(`maxPool3d, ${pad}`, volume, (x) => tf.maxPool3d(x, 2, 2, pad), { double: false }),
      one(`avgPool3d, ${pad}`, volume, (x) => tf.avgPool3d(x, 2, 2, pad), { double: false }),
    ]),
    one('maxPool of stride 1', image, (x) => tf.maxPool(x, 2, 1, 'same')),
    ...[false, true].flatMap((alignCorners) => {
      const how = alignCorners ? ', corners aligned' : '';
      return [
        one(`resizeBilinear, larger${how}`, [N, 2, 3, 2], (x) =>
          tf.image.resizeBilinear(x, [4, 6], alignCorners),
        ),
        one(`resizeBilinear, smaller${how}`, [N, 5, 6, 2], (x) =>
          tf.image.resizeBilinear(x, [3, 4], alignCorners),
        ),
        one(`resizeNearestNeighbor, larger${how}`, [N, 2, 3, 2], (x) =>
          tf.image.resizeNearestNeighbor(x, [4, 6], alignCorners),
        ),
        one(`resizeNearestNeighbor, smaller${how}`, [N, 5, 6, 2], (x) =>
          tf.image.resizeNearestNeighbor(x, [3, 4], alignCorners),
        ),
      ];
    }),
  ];
}
