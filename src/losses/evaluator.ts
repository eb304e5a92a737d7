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
}

/** The mean loss of some rows at some weights, regularisers included. */
export function meanLoss(
  recipe: Recipe,
  weights: tf.Tensor[],
  data: tf.Tensor[],
  training: boolean,
): tf.Scalar {
  return withWeights(recipe.model, weights, () => {
    const loss = tf.mean(recipe.loss.compute(labels(data), predict(recipe.model, data, training)));
    return plusPenalties(recipe, loss) as tf.Scalar;
  });
}

/** Loss and metrics at one point, each as a list of one. */
export function measureOne(
  recipe: Recipe,
  weights: tf.Tensor[],
  data: tf.Tensor[],
  withMetrics: boolean,
): Record<string, tf.Tensor> {
  return withWeights(recipe.model, weights, () => {
    const predictions = predict(recipe.model, data, false);
    const mean = (values: tf.Tensor): tf.Tensor => tf.reshape(tf.mean(values), [1]);
    const loss = plusPenalties(recipe, mean(recipe.loss.compute(labels(data), predictions)));
    return {
      loss,
      ...measureMetrics(recipe, withMetrics, (metric) => mean(metric(labels(data), predictions))),
    };
  });
}

/** Loss and metrics at each point of a stack, from predictions [points, rows, outputs]. */
export function measureStack(
  recipe: Recipe,
  predictions: tf.Tensor,
  weights: () => tf.Tensor[][],
  data: tf.Tensor[],
  withMetrics: boolean,
): Record<string, tf.Tensor> {
  const y = labels(data);
  const [points = 0] = predictions.shape;
  const stackedLabels = tf.broadcastTo(tf.expandDims(y, 0), [points, ...y.shape]);
  const loss = meanByPoint(recipe.loss.compute(stackedLabels, predictions));
  return {
    loss: recipe.penalized ? tf.add(loss, penaltiesByPoint(recipe, weights())) : loss,
    ...measureMetrics(recipe, withMetrics, (metric) => meanByPoint(metric(stackedLabels, predictions))),
  };
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

/** Adds the regularisers at the weights the model has now. */
function plusPenalties(recipe: Recipe, loss: tf.Tensor): tf.Tensor {
  if (!recipe.penalized) return loss;
  return penalties(recipe.model).reduce((sum: tf.Tensor, penalty) => tf.add(sum, penalty), loss);
}

function penaltiesByPoint(recipe: Recipe, points: tf.Tensor[][]): tf.Tensor {
  const none = tf.scalar(0);
  return tf.stack(
    points.map((weights) => withWeights(recipe.model, weights, () => plusPenalties(recipe, none))),
  );
}
