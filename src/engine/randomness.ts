import type { tf } from './backend';
import { childSeed } from './seeds';

// What the layers of tfjs-layers draw in training mode, and whether a seed reaches it.

type Parts = Record<string, unknown>;

/** Every layer of a model, those inside nested models, wrappers and cells among them. */
export function allLayers(model: tf.LayersModel): tf.layers.Layer[] {
  const found: tf.layers.Layer[] = [];
  const visit = (layer: unknown): void => {
    if (typeof layer !== 'object' || layer === null || found.includes(layer as tf.layers.Layer)) return;
    found.push(layer as tf.layers.Layer);
    const { layers, layer: wrapped, forwardLayer, backwardLayer, cell, cells } = layer as Parts;
    for (const child of [layers, cells]) if (Array.isArray(child)) child.forEach(visit);
    for (const child of [wrapped, forwardLayer, backwardLayer, cell]) visit(child);
  };
  for (const layer of model.layers) visit(layer);
  return found;
}

/** Throws when a layer remembers earlier calls: the loss would not be a function of θ. */
export function checkStateless(model: tf.LayersModel): void {
  const stateful = allLayers(model).find((layer) => (layer as unknown as Parts).stateful === true);
  if (stateful === undefined) return;
  throw new TypeError(
    `${stateful.name} must not be stateful: its output depends on earlier calls. Build it without`,
  );
}

const UNSEEDED = ['GaussianNoise', 'GaussianDropout', 'AlphaDropout', 'RandomWidth'];

/** Throws unless training mode is a function of θ, the rows and a seed. */
export function checkTrainable(model: tf.LayersModel): void {
  for (const layer of allLayers(model)) {
    const kind = layer.getClassName();
    const { dropout = 0, recurrentDropout = 0 } = layer as unknown as {
      dropout?: number;
      recurrentDropout?: number;
    };
    if (kind === 'BatchNormalization')
      throw new TypeError(
        `${layer.name}: batch normalisation cannot be trained by minimize, since its moving averages are no part of ` +
          'theta. Train with model.fit, or use layerNormalization',
      );
    if (UNSEEDED.includes(kind) || dropout > 0 || recurrentDropout > 0)
      throw new TypeError(
        `${layer.name}: the noise of ${kind} takes no seed, so training could not be repeated. ` +
          'Use a dropout layer instead',
      );
  }
}

/** Runs `run` with every dropout layer seeded, and gives the layers their own seeds back. */
export function withSeededDropout<T>(model: tf.LayersModel, seed: number, run: () => T): T {
  const layers = allLayers(model).filter((layer) => layer.getClassName() === 'Dropout');
  const seeded = layers as unknown as { seed: number }[];
  const before = seeded.map((layer) => layer.seed);
  try {
    seeded.forEach((layer, i) => {
      layer.seed = childSeed(seed, i);
    });
    return run();
  } finally {
    seeded.forEach((layer, i) => {
      layer.seed = before[i] as number;
    });
  }
}
