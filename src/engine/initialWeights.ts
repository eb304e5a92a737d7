import type { tf } from './backend';
import { childSeed } from './seeds';
import { readWeights } from './weights';

interface Rebuildable {
  fromConfig(cls: unknown, config: object): tf.LayersModel;
}

/**
 * Freshly drawn initial weights of a model, which itself is not moved: a twin is built from its configuration with
 * every initializer seeded, read and disposed. The draws are TensorFlow.js's own, the same on every backend.
 */
export function initialWeights(model: tf.LayersModel, seed: number): Float32Array {
  // A deep copy: fromConfig takes parts out of what it is given.
  const config = structuredClone(model.getConfig()) as object;
  seedInitializers(config, seed, { count: 0 });
  const builder = model.constructor as unknown as Rebuildable;
  const twin = builder.fromConfig(builder, config);
  try {
    return readWeights(twin);
  } finally {
    twin.dispose();
  }
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
