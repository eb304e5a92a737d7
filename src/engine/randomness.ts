import type { tf } from './backend';

// What layers of tfjs-layers remember, and what they draw that no seed reaches.

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

/** Throws unless training mode is a function of θ, the rows and a seed. */
export function checkTrainable(model: tf.LayersModel): void {
  for (const layer of allLayers(model)) {
    const kind = layer.getClassName();
    if (kind === 'RandomWidth')
      throw new TypeError(
        `${layer.name}: the width that RandomWidth draws takes no seed, so training could not be repeated. ` +
          'Resize the images before',
      );
  }
}
