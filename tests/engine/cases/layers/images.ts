import type { Case, Layer, Library } from '../case';
import { modelCase } from '../model';

type Pad = 'same' | 'valid';
const PADS: Pad[] = ['same', 'valid'];

/** Convolution, pooling, resizing and padding layers. */
export function imageCases(library: Library): Case[] {
  return [...convolutionLayers(library), ...poolingLayers(library), ...framingLayers(library)];
}

function chain(library: Library, options: object = {}) {
  return (name: string, shape: number[], layer: () => unknown, more: object = {}) =>
    modelCase(library, name, [shape], (x) => (layer() as Layer).apply(x) as never, { ...options, ...more });
}

function convolutionLayers(library: Library): Case[] {
  const { layers } = library.tf;
  const at = chain(library);
  return [
    ...PADS.flatMap((padding) => [
      at(`conv1d layer, ${padding}`, [6, 2], () => layers.conv1d({ filters: 3, kernelSize: 3, padding })),
      at(`conv2d layer, ${padding}`, [5, 5, 2], () =>
        layers.conv2d({ filters: 3, kernelSize: 3, padding, activation: 'relu' }),
      ),
      at(`conv2d layer of stride 2, ${padding}`, [6, 5, 2], () =>
        layers.conv2d({ filters: 2, kernelSize: [3, 2], strides: 2, padding, activation: 'tanh' }),
      ),
      at(`dilated conv1d layer, ${padding}`, [7, 2], () =>
        layers.conv1d({ filters: 2, kernelSize: 2, dilationRate: 2, padding }),
      ),
      at(`dilated conv2d layer, ${padding}`, [6, 6, 2], () =>
        layers.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2, padding, activation: 'relu' }),
      ),
      at(`depthwiseConv2d layer, ${padding}`, [5, 5, 2], () =>
        layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding }),
      ),
      at(`separableConv2d layer, ${padding}`, [5, 5, 2], () =>
        layers.separableConv2d({ filters: 3, kernelSize: 2, padding }),
      ),
      at(`conv2dTranspose layer, ${padding}`, [3, 3, 2], () =>
        layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2, padding }),
      ),
      at(`conv3d layer, ${padding}`, [3, 3, 3, 1], () =>
        layers.conv3d({ filters: 2, kernelSize: 2, padding }),
      ),
    ]),
    at('conv3dTranspose layer', [2, 2, 2, 1], () =>
      layers.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2, padding: 'same' }),
    ),
    at('conv2d layer, regularised', [4, 4, 2], () =>
      layers.conv2d({ filters: 2, kernelSize: 2, kernelRegularizer: 'l1l2', activation: 'elu' }),
    ),
  ];
}

function poolingLayers(library: Library): Case[] {
  const { layers } = library.tf;
  const at = chain(library);
  return [
    ...PADS.flatMap((padding) => [
      at(`maxPooling1d, ${padding}`, [7, 2], () => layers.maxPooling1d({ poolSize: 2, strides: 2, padding })),
      at(`averagePooling1d, ${padding}`, [7, 2], () =>
        layers.averagePooling1d({ poolSize: 3, strides: 2, padding }),
      ),
      at(`maxPooling2d, ${padding}`, [5, 6, 2], () =>
        layers.maxPooling2d({ poolSize: 3, strides: 2, padding }),
      ),
      at(`averagePooling2d, ${padding}`, [5, 6, 2], () =>
        layers.averagePooling2d({ poolSize: 3, strides: 2, padding }),
      ),
      at(
        `maxPooling3d, ${padding}`,
        [4, 4, 4, 1],
        () => layers.maxPooling3d({ poolSize: 2, padding } as never),
        {
          double: false,
        },
      ),
      at(
        `averagePooling3d, ${padding}`,
        [4, 4, 4, 1],
        () => layers.averagePooling3d({ poolSize: 2, padding } as never),
        { double: false },
      ),
    ]),
    at('globalAveragePooling1d', [4, 3], () => layers.globalAveragePooling1d({})),
    at('globalMaxPooling1d', [4, 3], () => layers.globalMaxPooling1d({})),
    at('globalAveragePooling2d', [3, 4, 2], () => layers.globalAveragePooling2d({})),
    at('globalMaxPooling2d', [3, 4, 2], () => layers.globalMaxPooling2d({})),
  ];
}

function framingLayers(library: Library): Case[] {
  const { layers } = library.tf;
  const at = chain(library);
  return [
    at('upSampling2d, nearest', [2, 3, 2], () => layers.upSampling2d({ size: [2, 3] })),
    at('upSampling2d, bilinear', [2, 3, 2], () =>
      layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }),
    ),
    at('cropping2D', [4, 5, 2], () =>
      layers.cropping2D({
        cropping: [
          [1, 0],
          [1, 2],
        ],
      }),
    ),
    at('zeroPadding2d', [2, 3, 2], () =>
      layers.zeroPadding2d({
        padding: [
          [1, 0],
          [1, 2],
        ],
      }),
    ),
    at('centerCrop', [5, 4, 1], () => layers.centerCrop({ height: 3, width: 2 } as never)),
  ];
}
