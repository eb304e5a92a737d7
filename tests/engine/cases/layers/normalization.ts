import type { Case, Layer, Library } from '../case';
import { modelCase } from '../model';

/** Normalisation, dropout and noise. */
export function normalizationCases(library: Library): Case[] {
  const { layers } = library.tf;
  const at = (name: string, shape: number[], layer: () => unknown, more: object = {}) =>
    modelCase(library, name, [shape], (x) => (layer() as Layer).apply(x) as never, more);
  const training = { training: true };
  const drawing = { training: true, draws: true };
  return [
    at('batchNormalization, inference', [3], () => layers.batchNormalization({})),
    at('batchNormalization of images, inference', [3, 3, 2], () => layers.batchNormalization({})),
    at('batchNormalization, training', [3], () => layers.batchNormalization({}), training),
    at('batchNormalization of images, training', [3, 3, 2], () => layers.batchNormalization({}), training),
    // In training mode tfjs-layers reads the missing gamma and throws, forward already.
    at('batchNormalization without centre and scale, inference', [3, 3, 2], () =>
      layers.batchNormalization({ center: false, scale: false }),
    ),
    at('layerNormalization', [5], () => layers.layerNormalization({})),
    at('layerNormalization of sequences', [3, 5], () => layers.layerNormalization({})),
    at('layerNormalization without centre', [5], () => layers.layerNormalization({ center: false })),
    at('layerNormalization without scale', [5], () => layers.layerNormalization({ scale: false })),
    at('layerNormalization without centre and scale', [5], () =>
      layers.layerNormalization({ center: false, scale: false }),
    ),
    at('dropout, seeded', [6], () => layers.dropout({ rate: 0.4, seed: 3 }), training),
    at('dropout, inference', [6], () => layers.dropout({ rate: 0.4 })),
    at('spatialDropout1d, seeded', [3, 4], () => layers.spatialDropout1d({ rate: 0.4, seed: 3 }), training),
    at('dropout, training', [6], () => layers.dropout({ rate: 0.4 }), drawing),
    at('gaussianNoise, training', [6], () => layers.gaussianNoise({ stddev: 0.3 }), drawing),
    at('gaussianDropout, training', [6], () => layers.gaussianDropout({ rate: 0.3 }), drawing),
    at('alphaDropout, training', [6], () => layers.alphaDropout({ rate: 0.3 }), drawing),
    at('gaussianNoise, inference', [6], () => layers.gaussianNoise({ stddev: 0.3 })),
    at('gaussianDropout, inference', [6], () => layers.gaussianDropout({ rate: 0.3 })),
    at('alphaDropout, inference', [6], () => layers.alphaDropout({ rate: 0.3 })),
  ];
}
