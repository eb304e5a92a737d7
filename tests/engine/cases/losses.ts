import type { Case, Library, Tensor, Tf } from './case';
import { drawn, drawnIntegers, drawnOneHot, seedOf } from './numbers';
import { scored } from './score';

type Labels = 'numbers' | 'oneHot' | 'distribution' | 'classes' | 'signs' | 'bits';
type Link = 'linear' | 'sigmoid' | 'softmax' | 'positive';
type Loss = (labels: Tensor, predictions: Tensor) => Tensor;

const CLASSES = 4;

/** The losses of `model.compile`, with the labels they take and the activation that usually comes before them. */
const COMPILED: [name: string, labels: Labels, link: Link][] = [
  ['meanSquaredError', 'numbers', 'linear'],
  ['meanAbsoluteError', 'numbers', 'linear'],
  ['meanAbsolutePercentageError', 'numbers', 'linear'],
  ['meanSquaredLogarithmicError', 'distribution', 'sigmoid'],
  ['squaredHinge', 'signs', 'linear'],
  ['hinge', 'signs', 'linear'],
  ['categoricalHinge', 'oneHot', 'linear'],
  ['logcosh', 'numbers', 'linear'],
  ['categoricalCrossentropy', 'oneHot', 'softmax'],
  ['sparseCategoricalCrossentropy', 'classes', 'softmax'],
  ['binaryCrossentropy', 'bits', 'sigmoid'],
  ['kullbackLeiblerDivergence', 'distribution', 'softmax'],
  ['poisson', 'distribution', 'positive'],
  ['cosineProximity', 'numbers', 'linear'],
];

/** Every loss: those of `model.compile`, then `tf.losses` in each of their forms. */
export function lossCases(library: Library): Case[] {
  const compiled = COMPILED.map(([name, labels, link]) =>
    lossCase(library.tf, name, labels, link, library.compiledLoss(name) as Loss),
  );
  return [...compiled, ...coreLosses(library), ...weightedLosses(library)];
}

function coreLosses({ tf }: Library): Case[] {
  const { losses } = tf;
  const at = (name: string, labels: Labels, loss: Loss, link: Link = 'linear') =>
    lossCase(tf, `tf.losses.${name}`, labels, link, loss);
  return [
    at('absoluteDifference', 'numbers', (y, p) => losses.absoluteDifference(y, p)),
    at('cosineDistance', 'numbers', (y, p) => losses.cosineDistance(y, p, 1)),
    at('hingeLoss', 'bits', (y, p) => losses.hingeLoss(y, p)),
    at('huberLoss', 'numbers', (y, p) => losses.huberLoss(y, p)),
    at('logLoss', 'bits', (y, p) => losses.logLoss(y, p), 'sigmoid'),
    at('meanSquaredError', 'numbers', (y, p) => losses.meanSquaredError(y, p)),
    at('sigmoidCrossEntropy', 'bits', (y, p) => losses.sigmoidCrossEntropy(y, p)),
    at('softmaxCrossEntropy', 'oneHot', (y, p) => losses.softmaxCrossEntropy(y, p)),
    at('sigmoidCrossEntropy, smoothed', 'bits', (y, p) => losses.sigmoidCrossEntropy(y, p, undefined, 0.1)),
    at('softmaxCrossEntropy, smoothed', 'oneHot', (y, p) => losses.softmaxCrossEntropy(y, p, undefined, 0.1)),
    at('softmaxCrossEntropy, each sample', 'oneHot', (y, p) =>
      losses.softmaxCrossEntropy(y, p, undefined, 0, tf.Reduction.NONE),
    ),
    at('softmaxCrossEntropy of class numbers', 'classes', (y, p) =>
      losses.softmaxCrossEntropy(tf.cast(tf.oneHot(tf.cast(y, 'int32'), CLASSES), 'float32'), p),
    ),
    at('sigmoidCrossEntropy, each number', 'bits', (y, p) =>
      losses.sigmoidCrossEntropy(y, p, undefined, 0, tf.Reduction.NONE),
    ),
  ];
}

/** A weight for each sample, or for each class. */
function weightedLosses({ tf }: Library): Case[] {
  const { losses } = tf;
  const perSample = (y: Tensor) => tf.linspace(0.5, 1.5, y.shape[0] as number);
  const perClass = (y: Tensor) => tf.sum(tf.mul(y, tf.tensor1d([1, 2, 0.5, 3])), 1);
  const at = (name: string, labels: Labels, loss: Loss) =>
    lossCase(tf, `tf.losses.${name}`, labels, 'linear', loss);
  return [
    at('softmaxCrossEntropy, sample weights', 'oneHot', (y, p) =>
      losses.softmaxCrossEntropy(y, p, perSample(y)),
    ),
    at('softmaxCrossEntropy, class weights', 'oneHot', (y, p) =>
      losses.softmaxCrossEntropy(y, p, perClass(y)),
    ),
    at('meanSquaredError, sample weights', 'numbers', (y, p) =>
      losses.meanSquaredError(y, p, tf.expandDims(perSample(y), 1)),
    ),
    at('sigmoidCrossEntropy, sample weights', 'bits', (y, p) =>
      losses.sigmoidCrossEntropy(y, p, tf.expandDims(perSample(y), 1)),
    ),
  ];
}

/** The point is what comes before the activation. */
function lossCase(tf: Tf, name: string, labels: Labels, link: Link, loss: Loss): Case {
  const seed = seedOf(name);
  return {
    name,
    kind: 'loss',
    build: (rows) => {
      const y = drawnLabels(tf, labels, rows, seed);
      const z = drawn(tf, [rows, CLASSES], seed + 1, [-1.5, 1.5]);
      const outputs = ([point]: Tensor[]) => loss(y, linked(tf, link, point as Tensor));
      return scored(tf, [z], seed + 2, outputs, () => y.dispose());
    },
  };
}

function drawnLabels(tf: Tf, kind: Labels, rows: number, seed: number): Tensor {
  if (kind === 'oneHot') return drawnOneHot(tf, rows, CLASSES, seed);
  return tf.tidy(() => {
    if (kind === 'classes') return tf.cast(drawnIntegers(tf, [rows], seed, CLASSES), 'float32');
    const numbers = drawn(tf, [rows, CLASSES], seed, [-1, 1]);
    if (kind === 'numbers') return numbers;
    if (kind === 'distribution') return tf.softmax(numbers);
    return kind === 'signs' ? tf.sign(numbers) : tf.cast(tf.greater(numbers, 0), 'float32');
  });
}

function linked(tf: Tf, link: Link, z: Tensor): Tensor {
  if (link === 'linear') return z;
  if (link === 'sigmoid') return tf.sigmoid(z);
  return link === 'softmax' ? tf.softmax(z) : tf.exp(z);
}
