import { tf } from '../engine';
import { type Data, ownTensor, show } from './arrays';
import type { Output } from './outputs';
import { type EachOutput, isByName, placeOf, readEach } from './perOutput';

/** A weight for each class number. */
export type ClassWeights = readonly number[] | Readonly<Record<number, number>>;

/** How much each row counts. */
export interface RowWeightOptions {
  /** One number >= 0 a row, for all outputs; or such for each of several outputs. */
  sampleWeights?: Data | EachOutput<Data>;
  /**
   * A number >= 0 for each class, as in `model.fit({ classWeight })`: the class of a row is its label, or the place of
   * the largest of several. For a model of several outputs such for each.
   */
  classWeights?: ClassWeights | EachOutput<ClassWeights>;
}

/** What each row's loss is multiplied by, for each output: sample weight times class weight; undefined for 1. */
export function readRowWeights(
  { sampleWeights, classWeights }: RowWeightOptions,
  outputs: readonly Output[],
  labels: readonly tf.Tensor[],
): (tf.Tensor1D | undefined)[] {
  const rows = labels[0]?.shape[0] ?? 0;
  const bySample = readSampleWeights(sampleWeights, outputs, rows);
  const byClass = readClassWeights(classWeights, outputs, labels);
  return outputs.map((_, i) => {
    const [a, b] = [bySample[i], byClass[i]];
    const values =
      a === undefined || b === undefined ? (a ?? b) : a.map((weight, row) => weight * (b[row] ?? 0));
    return values === undefined ? undefined : tf.tensor1d(Float32Array.from(values));
  });
}

type Weights = number[] | undefined;

function readSampleWeights(
  given: RowWeightOptions['sampleWeights'],
  outputs: readonly Output[],
  rows: number,
): Weights[] {
  if (given === undefined) return outputs.map(() => undefined);
  const names = outputs.map(({ name }) => name);
  if (!isByName(given) && (names.length === 1 || isFlat(given))) {
    const one = oneEachRow(given as Data, 'sampleWeights', rows);
    return outputs.map(() => one);
  }
  return readEach<Data>(given, 'sampleWeights', names).map((some, i) =>
    some === undefined ? undefined : oneEachRow(some, placeOf(given, 'sampleWeights', names, i), rows),
  );
}

function isFlat(given: unknown): boolean {
  return !Array.isArray(given) || typeof given[0] === 'number';
}

function oneEachRow(given: Data, place: string, rows: number): Weights {
  const tensor = ownTensor(given, place, []);
  if (tensor.rank !== 1 || tensor.size !== rows)
    throw new RangeError(
      `${place} must have one number for each of the ${rows} rows, got ${show(tensor.shape)}`,
    );
  const weights = Array.from(tensor.dataSync());
  const row = weights.findIndex((weight) => weight < 0);
  if (row < 0) return weights;
  throw new RangeError(`${place} must be numbers >= 0, got ${weights[row]} in row ${row}`);
}

function readClassWeights(
  given: RowWeightOptions['classWeights'],
  outputs: readonly Output[],
  labels: readonly tf.Tensor[],
): Weights[] {
  if (given === undefined) return outputs.map(() => undefined);
  const names = outputs.map(({ name }) => name);
  const each = isForOne(given) ? [given] : readEach<ClassWeights>(given, 'classWeights', names);
  if (each.length !== names.length)
    throw new TypeError(
      `classWeights must go by output, such as { ${names[0]}: [1, 2] }: the model has several, ${names.join(', ')}`,
    );
  return each.map((some, i) => {
    const place = placeOf(isForOne(given) ? undefined : given, 'classWeights', names, i);
    return some === undefined
      ? undefined
      : byClass(some, place, outputs[i] as Output, labels[i] as tf.Tensor);
  });
}

function isForOne(given: unknown): given is ClassWeights {
  if (typeof given !== 'object' || given === null) return false;
  return Object.values(given).every((weight) => typeof weight !== 'object' || weight === null);
}

function byClass(given: ClassWeights, place: string, { shape }: Output, labels: tf.Tensor): Weights {
  const weights = readClasses(given, place, shape.at(-1) ?? 1);
  return Array.from(classesOf(labels, place), (label) => {
    const weight = weights.get(label);
    if (weight !== undefined) return weight;
    throw new RangeError(`${place} must have a weight for each class of y, got none for ${label}`);
  });
}

function readClasses(given: ClassWeights, place: string, count: number): Map<number, number> {
  const weights = new Map<number, number>();
  for (const [key, weight] of Object.entries(given)) {
    const label = Number(key);
    if (!Number.isInteger(label)) throw new RangeError(`${place} must go by class numbers, got ${key}`);
    if (count > 1 && !(label >= 0 && label < count))
      throw new RangeError(`${place} must go by class numbers from 0 to ${count - 1}, got ${key}`);
    if (typeof weight !== 'number' || !(weight >= 0 && Number.isFinite(weight)))
      throw new RangeError(`${place} must be finite numbers >= 0, got ${String(weight)} for class ${key}`);
    weights.set(label, weight);
  }
  return weights;
}

/** The class of each row, as `model.fit` finds it. */
function classesOf(labels: tf.Tensor, place: string): ArrayLike<number> {
  if (labels.rank > 2)
    throw new RangeError(
      `${place} must be left out for labels of shape ${show(labels.shape)}: rows have several classes`,
    );
  return labels.rank === 2 && labels.shape[1] !== 1 ? tf.argMax(labels, 1).dataSync() : labels.dataSync();
}
