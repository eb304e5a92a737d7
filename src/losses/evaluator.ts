import { penalties, tf, withWeights } from '../engine';
import { show } from './arrays';
import type { Output } from './outputs';
import { meanByPoint } from './stacked';

/** What to compute of a model; the tensors of some rows are as those of its `Dataset`. */
export interface Recipe {
  model: tf.LayersModel;
  outputs: Asked[];
  /** Whether there are regularisers that count. */
  penalized: boolean;
  /** Values of the weights besides θ; the model's own without. */
  state?: readonly tf.Tensor[];
}

/** An output, and whether its rows have weights. */
export interface Asked extends Output {
  weighted: boolean;
}

/** The loss of some rows, not yet averaged over them. */
export interface RowLosses {
  /** One number a row; a scalar where the loss is a function that averages itself. */
  losses: tf.Tensor;
  /** The regularisers, when there are any that count. */
  penalty?: tf.Tensor;
}

/** The loss of some rows at some weights, regularisers included. */
export function rowLosses(
  recipe: Recipe,
  weights: tf.Tensor[],
  data: tf.Tensor[],
  training: boolean,
): RowLosses {
  const run = (): RowLosses => {
    const rows = unpack(recipe, data);
    const losses = sumOf(recipe, lossesByOutput(recipe, rows, predict(recipe.model, rows, training)));
    return recipe.penalized ? { losses, penalty: penaltyOf(recipe) } : { losses };
  };
  return withWeights(recipe.model, weights, run, recipe.state);
}

/** Mean over the rows plus regularisers: the scalar that gradients are taken of. */
export function meanOf({ losses, penalty }: RowLosses): tf.Scalar {
  const mean = losses.rank === 0 ? losses : tf.mean(losses);
  return (penalty === undefined ? mean : tf.add(mean, penalty)) as tf.Scalar;
}

/** Losses and metrics at one point, as those of a stack of one. */
export function measureOne(
  recipe: Recipe,
  weights: tf.Tensor[],
  data: tf.Tensor[],
  withMetrics: boolean,
): PointLosses {
  const run = (): PointLosses => {
    const rows = unpack(recipe, data);
    const predictions = predict(recipe.model, rows, false);
    const byOutput = lossesByOutput(recipe, rows, predictions);
    return {
      losses: tf.reshape(sumOf(recipe, byOutput), [1, -1]),
      ...(recipe.penalized ? { penalties: tf.reshape(penaltyOf(recipe), [1]) } : {}),
      metrics: withMetrics ? metricsOf(recipe, rows, predictions, byOutput) : {},
    };
  };
  return withWeights(recipe.model, weights, run, recipe.state);
}

/** What is computed of several points. */
export interface PointLosses {
  /** [points, rows]; [points, 1] where the loss averages itself. */
  losses: tf.Tensor;
  /** [points] */
  penalties?: tf.Tensor;
  /** The mean of each over the rows, [points]. */
  metrics: Record<string, tf.Tensor>;
}

/** Losses and metrics at each point of a stack, from predictions [points, rows, outputs] of a model's one output. */
export function measureStack(
  recipe: Recipe,
  predictions: tf.Tensor,
  weights: () => tf.Tensor[][],
  data: tf.Tensor[],
  withMetrics: boolean,
): PointLosses {
  const rows = unpack(recipe, data);
  const [y] = rows.labels as [tf.Tensor];
  const [points = 0] = predictions.shape;
  const labels = tf.broadcastTo(tf.expandDims(y, 0), [points, ...y.shape]);
  const byOutput = lossesByOutput(recipe, { ...rows, labels: [labels] }, [predictions], 2);
  const { metrics } = recipe.outputs[0] as Asked;
  const means = (): [string, tf.Tensor][] =>
    metrics.map(({ name, compute }) => [name, meanByPoint(compute(labels, predictions))]);
  return {
    losses: sumOf(recipe, byOutput),
    ...(recipe.penalized ? { penalties: penaltiesByPoint(recipe, weights()) } : {}),
    metrics: withMetrics ? Object.fromEntries(means()) : {},
  };
}

/** Some rows of a dataset. */
interface SomeRows {
  inputs: tf.Tensor[];
  labels: tf.Tensor[];
  /** For each output; undefined where all rows count alike. */
  weights: (tf.Tensor | undefined)[];
}

function unpack({ model, outputs }: Recipe, data: tf.Tensor[]): SomeRows {
  const first = model.inputs.length;
  const weights = data.slice(first + outputs.length);
  return {
    inputs: data.slice(0, first),
    labels: data.slice(first, first + outputs.length),
    weights: outputs.map(({ weighted }) => (weighted ? weights.shift() : undefined)),
  };
}

function predict(model: tf.LayersModel, { inputs }: SomeRows, training: boolean): tf.Tensor[] {
  return [
    model.apply(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs, { training }),
  ].flat() as tf.Tensor[];
}

/** One number a row for each output, times the row's weight; a scalar where the loss averages itself. */
function lossesByOutput(
  { outputs }: Recipe,
  { labels, weights }: SomeRows,
  predictions: tf.Tensor[],
  leading = 1,
): tf.Tensor[] {
  return outputs.map(({ loss }, i) => {
    const values = byRow(loss.compute(labels[i] as tf.Tensor, predictions[i] as tf.Tensor), leading);
    const weight = weights[i];
    return weight === undefined ? values : weighed(values, weight, loss.name);
  });
}

/** The mean of what a loss gives of one row, where that is several numbers. */
function byRow(values: tf.Tensor, leading: number): tf.Tensor {
  if (values.rank <= leading) return values;
  return tf.mean(tf.reshape(values, [...values.shape.slice(0, leading), -1]), leading);
}

function weighed(values: tf.Tensor, weights: tf.Tensor, name: string): tf.Tensor {
  if (values.rank > 0 && values.shape.at(-1) === weights.shape[0]) return tf.mul(values, weights);
  throw new TypeError(
    `${name} must give one value a row to be weighted, got shape ${show(values.shape)} for ${weights.shape[0]} rows: leave out its mean`,
  );
}

/** Σ factor·loss over the outputs. */
function sumOf({ outputs }: Recipe, byOutput: tf.Tensor[]): tf.Tensor {
  const terms = byOutput.map((losses, i) => {
    const factor = outputs[i]?.factor ?? 1;
    return factor === 1 ? losses : tf.mul(losses, factor);
  });
  return terms.reduce((sum, term) => tf.add(sum, term));
}

/** Means over the rows; of several outputs also of their losses, and all by the output's name. */
function metricsOf(
  { outputs }: Recipe,
  { labels }: SomeRows,
  predictions: tf.Tensor[],
  byOutput: tf.Tensor[],
): Record<string, tf.Tensor> {
  const mean = (values: tf.Tensor): tf.Tensor => tf.reshape(tf.mean(values), [1]);
  const alone = outputs.length === 1;
  const nameOf = ({ name }: Asked, of: string): string => (alone ? of : `${name}_${of}`);
  const losses = outputs.map((output, i) => [nameOf(output, 'loss'), byOutput[i] as tf.Tensor] as const);
  const metrics = outputs.flatMap((output, i) =>
    output.metrics.map(({ name, compute }) => {
      const values = compute(labels[i] as tf.Tensor, predictions[i] as tf.Tensor);
      return [nameOf(output, name), values] as const;
    }),
  );
  const wanted = alone ? metrics : [...losses, ...metrics];
  return Object.fromEntries(wanted.map(([name, values]) => [name, mean(values)]));
}

/** The regularisers at the weights the model has now. */
function penaltyOf(recipe: Recipe): tf.Tensor {
  return tf.addN(penalties(recipe.model));
}

function penaltiesByPoint(recipe: Recipe, points: tf.Tensor[][]): tf.Tensor {
  return tf.stack(points.map((weights) => withWeights(recipe.model, weights, () => penaltyOf(recipe))));
}
