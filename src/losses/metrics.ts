import { tf } from '../engine';
import { type LossFunction, type NamedLoss, returningTensors, unknown } from './named';

export interface NamedMetric {
  name: string;
  compute: LossFunction;
  /** One value a row, on any number of leading axes. */
  stacks: boolean;
}

/** The metrics of `tf.metrics` that give one value a row. */
const BY_ROW = [
  'binaryAccuracy',
  'categoricalAccuracy',
  'sparseCategoricalAccuracy',
  'binaryCrossentropy',
  'categoricalCrossentropy',
  'cosineProximity',
  'meanAbsoluteError',
  'meanAbsolutePercentageError',
  'meanSquaredError',
];
/** The short names of `model.compile`. */
const SHORT: Record<string, string> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  cosine: 'cosineProximity',
};
/** Those that look at all rows of a piece together. */
const BY_PIECE = ['precision', 'recall', 'r2Score'];

/**
 * A metric by name, or a function of labels and predictions.
 * @throws RangeError for an unknown name.
 */
export function namedMetric(metric: string | LossFunction, loss: NamedLoss, outputs: number): NamedMetric {
  if (typeof metric === 'function')
    return { name: metric.name || 'metric', compute: returningTensors('a metric', metric), stacks: false };
  if (metric === 'accuracy' || metric === 'acc')
    return { name: metric, compute: accuracy(loss, outputs), stacks: true };
  const full = Object.hasOwn(SHORT, metric) ? (SHORT[metric] as string) : metric;
  if (!BY_ROW.includes(full) && !BY_PIECE.includes(full))
    throw unknown('metric', metric, ['accuracy', ...BY_ROW, ...BY_PIECE]);
  const functions = tf.metrics as unknown as Record<string, LossFunction>;
  return { name: metric, compute: functions[full] as LossFunction, stacks: BY_ROW.includes(full) };
}

/** Chooses as `model.compile({ metrics: ['accuracy'] })` does, with the threshold of logits where the loss takes logits. */
function accuracy(loss: NamedLoss, outputs: number): LossFunction {
  if (outputs === 1 || loss.name === 'binaryCrossentropy' || loss.name === 'sigmoidCrossEntropy')
    return (labels, predictions) => binaryAccuracy(labels, predictions, loss.threshold);
  if (loss.labels === 'class') return tf.metrics.sparseCategoricalAccuracy;
  return (labels, predictions) =>
    labels.shape.at(-1) === outputs
      ? tf.metrics.categoricalAccuracy(labels, predictions)
      : tf.metrics.sparseCategoricalAccuracy(labels, predictions);
}

/** The share of right sides of the threshold; labels are 0 and 1, or −1 and 1 (hinge). */
function binaryAccuracy(labels: tf.Tensor, predictions: tf.Tensor, threshold: number): tf.Tensor {
  const right = tf.equal(tf.greater(labels, threshold), tf.greater(predictions, threshold));
  return tf.mean(tf.cast(right, 'float32'), -1);
}
