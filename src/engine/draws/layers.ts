import { tf } from '../backend';
import { allLayers } from '../randomness';
import { restoring } from '../restoring';

type Masks = tf.Tensor | tf.Tensor[] | null | undefined;

/** What layers of tfjs-layers keep that decides their draws. */
interface Drawing {
  seed?: number | undefined;
  dropoutMask?: Masks;
  recurrentDropoutMask?: Masks;
}

/**
 * Runs `run` with the layers' own seeds switched off, which would repeat one mask forever, and puts them back.
 * Recurrent cells keep their masks from one call to the next; here they begin and end without.
 */
export function withLayersDrawing<T>(model: tf.LayersModel, run: () => T): T {
  const layers = allLayers(model) as unknown as Drawing[];
  const seeded = layers.filter(({ seed }) => typeof seed === 'number');
  const seeds = seeded.map(({ seed }) => seed);
  layers.forEach(forgetMasks);
  const unseeded = (): T => {
    for (const layer of seeded) layer.seed = undefined;
    return run();
  };
  return restoring(unseeded, () => {
    seeded.forEach((layer, i) => {
      layer.seed = seeds[i];
    });
    layers.forEach(forgetMasks);
  });
}

function forgetMasks(layer: Drawing): void {
  for (const name of ['dropoutMask', 'recurrentDropoutMask'] as const) {
    const masks = layer[name];
    if (masks == null) continue;
    tf.dispose([masks].flat().filter((mask) => !mask.isDisposed));
    layer[name] = null;
  }
}
