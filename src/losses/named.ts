import { compiledLoss, tf } from '../engine';
import { kindOf } from '../params';

/** Labels and predictions to a scalar (the mean over the rows) or one value a row. */
export type LossFunction = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/** A loss with what is needed to feed it. */
export interface NamedLoss {
  name: string;
  compute: LossFunction;
  /** Works on any number of leading axes, so that many points can share a call. */
  stacks: boolean;
  /** What the labels are: `same` shape as the predictions, one `class` number a row, or whatever a function takes. */
  labels: 'same' | 'class' | 'any';
  /** The prediction that divides the two classes of a binary problem: 0 for logits, ½ for probabilities. */
  threshold: number;
}

const { NONE } = tf.Reduction;

/** `tf.losses`, one value for each label instead of their mean. */
const OF_LOGITS: Record<string, LossFunction> = {
  softmaxCrossEntropy: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0, NONE),
  sigmoidCrossEntropy: (labels, logits) => tf.losses.sigmoidCrossEntropy(labels, logits, undefined, 0, NONE),
  huberLoss: (labels, predictions) => tf.losses.huberLoss(labels, predictions, undefined, 1, NONE),
  hingeLoss: (labels, logits) => tf.losses.hingeLoss(labels, logits, undefined, NONE),
  absoluteDifference: (labels, predictions) =>
    tf.losses.absoluteDifference(labels, predictions, undefined, NONE),
  cosineDistance: (labels, predictions) =>
    tf.losses.cosineDistance(labels, predictions, predictions.rank - 1, undefined, NONE),
};

/** The names `model.compile` knows. */
const COMPILED = [
  'meanSquaredError',
  'meanAbsoluteError',
  'meanAbsolutePercentageError',
  'meanSquaredLogarithmicError',
  'squaredHinge',
  'hinge',
  'categoricalHinge',
  'logcosh',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'binaryCrossentropy',
  'kullbackLeiblerDivergence',
  'poisson',
  'cosineProximity',
];

/** Losses whose sign, not whose half, divides two classes. */
const SIGNED = ['sigmoidCrossEntropy', 'hingeLoss', 'hinge', 'squaredHinge'];

/** @throws RangeError for a name that TensorFlow.js does not have; the message lists those it has. */
export function namedLoss(loss: string | LossFunction): NamedLoss {
  if (typeof loss === 'function')
    return {
      name: loss.name || 'custom loss',
      compute: returningTensors('loss', loss),
      stacks: false,
      labels: 'any',
      threshold: 0.5,
    };
  const compute = computeOf(loss);
  if (compute === undefined) throw unknown('loss', loss, [...Object.keys(OF_LOGITS), ...COMPILED]);
  return {
    name: loss,
    compute,
    stacks: true,
    labels: loss === 'sparseCategoricalCrossentropy' ? 'class' : 'same',
    threshold: SIGNED.includes(loss) ? 0 : 0.5,
  };
}

function computeOf(loss: string): LossFunction | undefined {
  if (Object.hasOwn(OF_LOGITS, loss)) return OF_LOGITS[loss];
  return COMPILED.includes(loss) ? compiledLoss(loss) : undefined;
}

/** The error for a name that is not there. */
export function unknown(what: string, got: unknown, known: readonly string[]): RangeError {
  return new RangeError(`${what} must be a function or one of ${known.join(', ')}; got ${String(got)}`);
}

/** A user's function whose result is looked at. */
export function returningTensors(what: string, fn: LossFunction): LossFunction {
  return (labels, predictions) => {
    const result: unknown = fn(labels, predictions);
    if (result instanceof tf.Tensor) return result;
    throw new TypeError(
      `${what} must return a tensor, a scalar or one value a row, got ${result instanceof Promise ? 'a Promise (it must not be async)' : kindOf(result)}`,
    );
  };
}
