import { scoped, type tf } from '../engine';
import { type Data, ownTensor, show } from './arrays';
import { asFloat, fitLabels, fits } from './labels';
import type { Output } from './outputs';
import { type EachOutput, isByName, namesOf, placeOf, readAll } from './perOutput';
import { checkRows, type Rows, rowsOf } from './rows';
import { type RowWeightOptions, readRowWeights } from './rowWeights';

/** What a model is evaluated on. */
export interface DataOptions extends RowWeightOptions {
  /** Inputs: a tensor, nested arrays, a typed array (flat, row after row); several as a list of such, or by name. */
  x: Data | EachOutput<Data>;
  /**
   * Labels, in the shape of the output or, for cross-entropies, as class numbers; those of several outputs as a list,
   * or by name.
   */
  y: Data | EachOutput<Data>;
}

export interface Dataset {
  /** Tensors by rows: inputs, labels of each output, then the weights of those outputs that have some. */
  rows: Rows;
  /** For each output. */
  weighted: boolean[];
}

/** The data as tensors of our own, in the shapes and dtypes that model and losses take. */
export function readDataset(
  model: tf.LayersModel,
  options: DataOptions,
  outputs: readonly Output[],
): Dataset {
  // What rows keep outlives the scope.
  return scoped(() => {
    const inputs = readInputs(model, options.x);
    const labels = readLabels(options.y, outputs, Object.values(inputs)[0]?.shape[0]);
    checkRows({ ...inputs, ...labels });
    const weights = readRowWeights(options, outputs, Object.values(labels));
    // Names like 0 and 1 would come before x and y.
    const given = weights.flatMap((weight, i) => (weight === undefined ? [] : [[`weights[${i}]`, weight]]));
    const rows = rowsOf({ ...inputs, ...labels, ...(Object.fromEntries(given) as Tensors) });
    return { rows, weighted: weights.map((weight) => weight !== undefined) };
  });
}

type Tensors = Record<string, tf.Tensor>;

function readInputs(model: tf.LayersModel, x: DataOptions['x']): Tensors {
  const names = namesOf(model.inputs);
  return Object.fromEntries(
    eachOf(x, 'x', names, 'inputs').map(({ data, place }, i) => [
      place,
      readInput(data, place, model.inputs[i]?.shape ?? []),
    ]),
  );
}

function readInput(data: Data, place: string, wanted: readonly (number | null)[]): tf.Tensor {
  const tensor = ownTensor(data, place, wanted.slice(1));
  if (fits(tensor.shape, wanted)) return asFloat(tensor);
  throw new RangeError(
    `${place} must have the shape ${show(wanted)} of the model's input, got ${show(tensor.shape)}`,
  );
}

function readLabels(y: DataOptions['y'], outputs: readonly Output[], rows: number | undefined): Tensors {
  const names = outputs.map(({ name }) => name);
  return Object.fromEntries(
    eachOf(y, 'y', names, 'outputs').map(({ data, place }, i) => {
      const output = outputs[i] as Output;
      const tensor = ownTensor(data, place, flatLabels(data, rows, output.shape));
      return [place, fitLabels(tensor, output.shape, output.loss, place)];
    }),
  );
}

/** The one thing itself, or each of several, with its place for error messages. */
function eachOf(
  given: DataOptions['x'],
  what: string,
  names: readonly string[],
  kind: string,
): { data: Data; place: string }[] {
  if (names.length === 1 && !isByName(given)) return [{ data: given as Data, place: what }];
  return readAll<Data>(given, what, names, kind).map((data, i) => ({
    data,
    place: placeOf(given, what, names, i),
  }));
}

/** The shape of one label in a flat typed array: the output's, unless there is one number a row. */
function flatLabels(
  y: Data,
  rows: number | undefined,
  output: readonly (number | null)[],
): (number | null)[] {
  const one = ArrayBuffer.isView(y) && (y as Float32Array).length === rows;
  return one ? [] : output.slice(1);
}
