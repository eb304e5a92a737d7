import { tf } from './backend';
import { restoring } from './restoring';

// A LayerVariable reads its value from the protected field `val`. Exchanging it for the length of one synchronous
// call evaluates a model at other weights without ever writing to the user's own.

interface Slot {
  val: tf.Tensor;
}

const slot = (weight: tf.LayerVariable): Slot => weight as unknown as Slot;

/** A model's trainable weights, each once: a layer inside two nested models, or twice in a chain, is listed twice. */
export function trainableWeights(model: tf.LayersModel): tf.LayerVariable[] {
  return [...new Set(model.trainableWeights)];
}

/** The others, each once: frozen ones, averages. */
export function otherWeights(model: tf.LayersModel): tf.LayerVariable[] {
  const trainable = new Set(model.trainableWeights);
  return [...new Set(model.nonTrainableWeights)].filter((weight) => !trainable.has(weight));
}

/** Whether the model (or one of its weights) was disposed. */
export function isDisposed(model: tf.LayersModel): boolean {
  return model.weights.some((weight) => slot(weight as tf.LayerVariable).val.isDisposed);
}

/**
 * Runs `run` with `values` in place of the model's trainable weights, in their order, and `state` in place of the
 * others. Without `state` these keep their values, and what the model writes to them meanwhile (batch norm's moving
 * averages) is thrown away.
 */
export function withWeights<T>(
  model: tf.LayersModel,
  values: readonly tf.Tensor[],
  run: () => T,
  state?: readonly tf.Tensor[],
): T {
  const others = otherWeights(model);
  const slots = [...trainableWeights(model), ...others].map(slot);
  const before = slots.map(({ val }) => val);
  const throwaway = state === undefined ? others.map((weight) => tf.variable(weight.read(), false)) : [];
  const filled = (): T => {
    fill(slots, [...values, ...(state ?? throwaway)]);
    return run();
  };
  return restoring(filled, () => {
    fill(slots, before);
    tf.dispose(throwaway);
  });
}

/** Variables of one's own with the values of a model's non-trainable weights. */
export function copyState(model: tf.LayersModel): tf.Variable[] {
  return otherWeights(model).map((weight) => tf.tidy(() => tf.variable(weight.read().clone(), false)));
}

function fill(slots: Slot[], values: tf.Tensor[]): void {
  slots.forEach((weight, i) => {
    weight.val = values[i] as tf.Tensor;
  });
}

/** The trainable weights' own values, one after the other. */
export function readWeights(model: tf.LayersModel): Float32Array {
  return joined(trainableWeights(model));
}

/** The values of weights, one after the other. */
export function joined(weights: readonly tf.LayerVariable[]): Float32Array {
  const parts = weights.map((weight) => weight.read().dataSync() as Float32Array);
  const theta = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    theta.set(part, offset);
    offset += part.length;
  }
  return theta;
}

/** Writes the trainable weights, past their constraints: what is written is what will be read. */
export function writeWeights(model: tf.LayersModel, values: readonly tf.Tensor[]): void {
  trainableWeights(model).forEach((weight, i) => {
    (slot(weight).val as tf.Variable).assign(values[i] as tf.Tensor);
  });
}

/** Writes the weights besides the trainable ones. */
export function writeState(model: tf.LayersModel, values: readonly tf.Tensor[]): void {
  otherWeights(model).forEach((weight, i) => {
    (slot(weight).val as tf.Variable).assign(values[i] as tf.Tensor);
  });
}
