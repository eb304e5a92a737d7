import type { tf } from './backend';
import { childSeed } from './seeds';
import { joined, trainableWeights } from './weights';

interface Rebuildable {
  fromConfig(cls: unknown, config: object): tf.LayersModel;
}

/**
 * Freshly drawn initial values of a model's trainable weights, which itself is not moved: a twin is built from its
 * configuration with every initializer seeded, read and disposed. The draws are TensorFlow.js's own, the same on every
 * backend.
 */
export function initialWeights(model: tf.LayersModel, seed: number): Float32Array {
  // A deep copy: fromConfig takes parts out of what it is given.
  const config = structuredClone(model.getConfig()) as object;
  seedInitializers(config, seed, { count: 0 });
  const builder = model.constructor as unknown as Rebuildable;
  const twin = builder.fromConfig(builder, config);
  const drawn = weightsIn(twin);
  try {
    return joined(counterparts(model, drawn));
  } finally {
    // Not twin.dispose(): it leaves the weights of a layer that is used more than once.
    for (const weight of new Set(drawn)) weight.dispose();
  }
}

/**
 * The twin's weights in the places of the model's trainable ones. They are found by their places, since a configuration
 * does not say that a nested model is frozen.
 */
function counterparts(model: tf.LayersModel, drawn: tf.LayerVariable[]): tf.LayerVariable[] {
  const own = weightsIn(model);
  return trainableWeights(model).map((weight) => {
    const twin = own.length === drawn.length ? drawn[own.indexOf(weight)] : undefined;
    if (twin !== undefined && String(twin.shape) === String(weight.shape)) return twin;
    throw new TypeError(
      `params({ seed }) must be able to build ${model.name} anew from model.getConfig(), but that makes another model: ` +
        'start from params()',
    );
  });
}

type Part = Record<string, unknown>;

/** All weights, layer by layer, trainable or not; those of a layer that stands in two places twice. */
function weightsIn(part: unknown): tf.LayerVariable[] {
  if (Array.isArray(part)) return part.flatMap(weightsIn);
  if (typeof part !== 'object' || part === null) return [];
  const { _trainableWeights, _nonTrainableWeights } = part as Part;
  const own = [_trainableWeights, _nonTrainableWeights].flat().filter((weight) => weight !== undefined);
  const { layers, layer, forwardLayer, backwardLayer, cell, cells } = part as Part;
  const inner = [layers, forwardLayer === undefined ? layer : [forwardLayer, backwardLayer], cell, cells];
  return [...(own as tf.LayerVariable[]), ...inner.flatMap(weightsIn)];
}

/** Walks the configuration in its order; the n-th initializer gets the n-th child of the seed. */
function seedInitializers(node: unknown, seed: number, seen: { count: number }): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key.endsWith('nitializer') && hasConfig(value)) value.config.seed = childSeed(seed, seen.count++);
    seedInitializers(value, seed, seen);
  }
}

function hasConfig(value: unknown): value is { config: Record<string, unknown> } {
  return (
    typeof value === 'object' && value !== null && typeof (value as { config?: unknown }).config === 'object'
  );
}
