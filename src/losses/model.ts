import {
  type ChainLayer,
  checkStateless,
  checkTrainable,
  copyState,
  denseChain,
  initialWeights,
  isDisposed,
  otherWeights,
  penalties,
  readWeights,
  tf,
  trainableWeights,
  withDraws,
  writeState,
  writeWeights,
} from '../engine';
import type { Loss } from '../loss';
import { checkOptions } from '../options';
import { layoutOf, type ParamLayout } from '../params';
import { type DataOptions, readDataset } from './data';
import { meanOf, measureOne, measureStack, type Recipe, rowLosses } from './evaluator';
import { describeLosses, type OutputOptions, readOutputs } from './outputs';
import { firstLayer, predictionsAlong, stackedPredictions, stackSize } from './stacked';
import { type Parts, type State, type StateParts, tensorLoss } from './tensorLoss';
import { split, tensorsOf } from './theta';

/** What `lossOf` takes beside the model. */
export interface LossOptions extends DataOptions, OutputOptions {
  /** Rows evaluated in one go, 4096 by default: a wide layer of 1,000 units then takes 16 MB. */
  batchSize?: number;
  /** Whether the model's regularisers count, as they do in `model.fit`; true by default. */
  regularization?: boolean;
}

const OPTIONS = [
  ...(['x', 'y', 'loss', 'metrics', 'batchSize', 'regularization'] as const),
  ...(['lossWeights', 'sampleWeights', 'classWeights', 'labelSmoothing'] as const),
];

/**
 * The loss of a model on data, as a function of one vector θ, the trainable weights in their order, each once.
 *
 * L(θ) = 1/n·Σᵢ ℓ(yᵢ, f(xᵢ; θ)) + the model's regularisers. The model is evaluated at θ without being moved, in
 * inference mode; training goes through `minimize`, in training mode. Data is copied once.
 *
 * The loss of a row i is Σₒ lossWeightₒ·wₒᵢ·ℓₒᵢ over the model's outputs o, with wₒᵢ the row's sample weight times its
 * class weight, both 1 by default. As in `model.fit` the sum over the rows is divided by their number, not by the sum
 * of their weights, so that the mean over batches is the loss of the whole data; where a loss has several numbers a
 * row, their mean is weighted. Regularisers are not weighted, nor are metrics. Of several outputs, `evaluate` also
 * gives each one's loss (without its loss weight) and metrics, named as by `model.fit`: `digit_loss`,
 * `digit_accuracy`. An output is named as its layer, a second one of the same layer `name_1`.
 *
 * @param model a built `tf.LayersModel`; frozen layers are no part of θ.
 * @throws TypeError for a model that cannot be evaluated, unknown options, and what does not go by output; RangeError
 * for data, labels and weights that do not fit the model or are not finite, negative weights, and a loss, metric,
 * output or class that is not there.
 * @example
 * ```ts
 * import { lossOf, tf } from 'losslab';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 * const loss = lossOf(model, { x: [[0, 1], [1, 0]], y: [[1], [2]], loss: 'meanSquaredError' });
 * console.log(await loss.value(loss.params({ seed: 1 })));
 * ```
 * @example
 * ```ts
 * import { lossOf, tf } from 'losslab';
 * const input = tf.input({ shape: [2] });
 * const head = (name: string, units: number) => tf.layers.dense({ name, units }).apply(input) as tf.SymbolicTensor;
 * const model = tf.model({ inputs: input, outputs: [head('digit', 10), head('slant', 1)] });
 * const loss = lossOf(model, {
 *   x: [[0, 1], [1, 0], [1, 1]],
 *   y: { digit: [3, 7, 3], slant: [[0.1], [-0.2], [0]] },
 *   loss: { digit: 'softmaxCrossEntropy', slant: 'meanSquaredError' },
 *   lossWeights: { slant: 0.5 },
 *   labelSmoothing: { digit: 0.1 },
 *   classWeights: { digit: { 3: 1, 7: 2 } },
 *   sampleWeights: [1, 1, 0.5],
 *   metrics: { digit: 'accuracy' },
 * });
 * console.log(await loss.evaluate(loss.params())); // { loss, digit_loss, slant_loss, digit_accuracy }
 * ```
 */
export function lossOf(model: tf.LayersModel, options: LossOptions): Loss<Float32Array> {
  checkModel(model);
  checkOptions(options, OPTIONS);
  const trained = trainableWeights(model);
  const batchSize = readBatchSize(options);
  const outputs = readOutputs(model, options);
  const { rows, weighted } = readDataset(model, options, outputs);
  const recipe: Recipe = {
    model,
    outputs: outputs.map((output, i) => ({ ...output, weighted: weighted[i] as boolean })),
    penalized: (options.regularization ?? true) && tf.tidy(() => penalties(model).length > 0),
  };
  const layout = layoutOf(
    trained.map(({ originalName, shape }) => ({
      name: originalName,
      shape: shape as number[],
    })),
  );
  return tensorLoss({
    layout,
    description: { name: describeLosses(outputs), samples: rows.count, parameters: layout.dim },
    rows,
    batchSize,
    inference: (weights, data, state) => rowLosses(at(recipe, state), weights, data, false),
    training: (weights, data, seed, state) =>
      withDraws(seed, () => meanOf(rowLosses(at(recipe, state), weights, data, true)), model),
    ...manyPoints(recipe, layout),
    checkAlive: () => {
      checkAlive(model);
      checkUnchanged(model, trained);
    },
    checkTraining: () => checkTrainable(model),
    current: () => readWeights(model),
    initial: (seed) => initialWeights(model, seed),
    write: (theta) => void tf.tidy(() => writeWeights(model, tensorsOf(layout, theta))),
    state: stateOf(model),
  });
}

/** The model at other weights besides θ than its own. */
function at(recipe: Recipe, state: State): Recipe {
  return state.length === 0 ? recipe : { ...recipe, state };
}

function stateOf(model: tf.LayersModel): StateParts {
  const weights = otherWeights(model);
  const layout = layoutOf(weights.map(({ name, shape }) => ({ name, shape: shape as number[] })));
  return {
    layout,
    copy: () => copyState(model),
    write: (state) => void tf.tidy(() => writeState(model, tensorsOf(layout, state))),
  };
}

type Many = Pick<Parts, 'points' | 'pointsAlong' | 'share' | 'pointsAtOnce'>;

/** A chain of dense layers takes many points in one call; any other model one by one. */
function manyPoints(recipe: Recipe, layout: ParamLayout): Many {
  const stacks = recipe.outputs.every(
    ({ loss, metrics }) => loss.stacks && metrics.every((metric) => metric.stacks),
  );
  const chain = stacks ? denseChain(recipe.model) : undefined;
  return chain === undefined ? single(recipe, layout) : chained(recipe, layout, chain);
}

function single(recipe: Recipe, layout: ParamLayout): Many {
  const points: Many['points'] = (thetas, data, state, withMetrics) =>
    measureOne(at(recipe, state), split(layout, tf.reshape(thetas, [-1])), data, withMetrics);
  return {
    points,
    pointsAlong: ({ basis, coefficients }, data, state, _shared, withMetrics) =>
      points(tf.matMul(coefficients, basis), data, state, withMetrics),
    pointsAtOnce: () => 1,
  };
}

function chained(recipe: Recipe, layout: ParamLayout, chain: ChainLayer[]): Many {
  const weights = (stack: tf.Tensor2D) => () =>
    tf.unstack(stack).map((theta) => split(layout, theta as tf.Tensor1D));
  return {
    pointsAtOnce: (rows) => stackSize(chain, layout, rows),
    points: (thetas, data, _state, withMetrics) => {
      const predictions = stackedPredictions(chain, layout, thetas, data[0] as tf.Tensor);
      return measureStack(recipe, predictions, weights(thetas), data, withMetrics);
    },
    share: (basis, data) => [firstLayer(chain, layout, basis, data[0] as tf.Tensor)],
    pointsAlong: (by, data, _state, [shared], withMetrics) => {
      const predictions = predictionsAlong(chain, layout, by, shared as tf.Tensor);
      const stack = (): tf.Tensor2D => tf.matMul(by.coefficients, by.basis);
      return measureStack(recipe, predictions, () => weights(stack())(), data, withMetrics);
    },
  };
}

function readBatchSize({ batchSize = 4096 }: LossOptions): number {
  if (Number.isInteger(batchSize) && batchSize >= 1) return batchSize;
  throw new RangeError(`batchSize must be an integer >= 1, got ${batchSize}`);
}

function checkModel(model: tf.LayersModel): void {
  if (!(model instanceof tf.LayersModel))
    throw new TypeError('model must be a tf.LayersModel, such as tf.sequential() makes');
  if (!model.outputs?.length) throw new TypeError('model must be built: give its first layer an inputShape');
  checkAlive(model);
  if (trainableWeights(model).length === 0)
    throw new TypeError('model must have trainable weights, got none');
  checkStateless(model);
}

function checkAlive(model: tf.LayersModel): void {
  if (isDisposed(model))
    throw new TypeError('model must be alive, but it (or one of its layers) was disposed');
}

/** θ is laid out for the weights that were trainable when the loss was built. */
function checkUnchanged(model: tf.LayersModel, trained: readonly tf.LayerVariable[]): void {
  const now = trainableWeights(model);
  if (now.length === trained.length && now.every((weight, i) => weight === trained[i])) return;
  throw new TypeError(
    `model must have the ${trained.length} trainable weights it had when its loss was built, but has ` +
      `${now.length === trained.length ? 'others' : now.length} now (a layer's trainable was changed): build the loss anew`,
  );
}
