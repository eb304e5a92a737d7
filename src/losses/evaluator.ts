import { penalties, tf, withWeights } from '../engine';
import type { NamedMetric } from './metrics';
import type { NamedLoss } from './named';
import { meanByPoint } from './stacked';

/** What to compute of a model; the tensors of some rows are its inputs and, last, the labels. */
export interface Recipe {
  model: tf.LayersModel;
  loss: NamedLoss;
  metrics: NamedMetric[];
  /** Whether there are regularisers that count. */
  penalized: boolean;
  /** Values of the weights besides θ; the model's own without. */
  state?: readonly tf.Tensor[];
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
    const losses = byRow(recipe.loss.compute(labels(data), predict(recipe.model, data, training)), 1);
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
    const predictions = predict(recipe.model, data, false);
    const losses = byRow(recipe.loss.compute(labels(data), predictions), 1);
    const mean = (values: tf.Tensor): tf.Tensor => tf.reshape(tf.mean(values), [1]);
    return {
      losses: tf.reshape(losses, [1, -1]),
      ...(recipe.penalized ? { penalties: tf.reshape(penaltyOf(recipe), [1]) } : {}),
      metrics: measureMetrics(recipe, withMetrics, (metric) => mean(metric(labels(data), predictions))),
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

/** Losses and metrics at each point of a stack, from predictions [points, rows, outputs]. */
export function measureStack(
  recipe: Recipe,
  predictions: tf.Tensor,
  weights: () => tf.Tensor[][],
  data: tf.Tensor[],
  withMetrics: boolean,
): PointLosses {
  const y = labels(data);
  const [points = 0] = predictions.shape;
  const stackedLabels = tf.broadcastTo(tf.expandDims(y, 0), [points, ...y.shape]);
  return {
    losses: byRow(recipe.loss.compute(stackedLabels, predictions), 2),
    ...(recipe.penalized ? { penalties: penaltiesByPoint(recipe, weights()) } : {}),
    metrics: measureMetrics(recipe, withMetrics, (metric) => meanByPoint(metric(stackedLabels, predictions))),
  };
}

/** The mean of what a loss gives of one row, where that is several numbers. */
function byRow(values: tf.Tensor, leading: number): tf.Tensor {
  if (values.rank <= leading) return values;
  return tf.mean(tf.reshape(values, [...values.shape.slice(0, leading), -1]), leading);
}

function predict(model: tf.LayersModel, data: tf.Tensor[], training: boolean): tf.Tensor {
  const inputs = data.slice(0, -1);
  return model.apply(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs, { training }) as tf.Tensor;
}

function labels(data: tf.Tensor[]): tf.Tensor {
  return data.at(-1) as tf.Tensor;
}

function measureMetrics(
  { metrics }: Recipe,
  wanted: boolean,
  measure: (compute: NamedMetric['compute']) => tf.Tensor,
): Record<string, tf.Tensor> {
  if (!wanted) return {};
  return Object.fromEntries(metrics.map(({ name, compute }) => [name, measure(compute)]));
}

/** The regularisers at the weights the model has now. */
function penaltyOf(recipe: Recipe): tf.Tensor {
  return tf.addN(penalties(recipe.model));
}

function penaltiesByPoint(recipe: Recipe, points: tf.Tensor[][]): tf.Tensor {
  return tf.stack(points.map((weights) => withWeights(recipe.model, weights, () => penaltyOf(recipe))));
}
