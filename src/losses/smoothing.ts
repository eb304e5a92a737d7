import { tf } from '../engine';
import type { NamedLoss } from './named';

/** What the labels of each cross-entropy are smoothed towards: all classes alike; yes and no alike. */
const TOWARDS: Record<string, (classes: number) => number> = {
  softmaxCrossEntropy: (classes) => 1 / classes,
  categoricalCrossentropy: (classes) => 1 / classes,
  sigmoidCrossEntropy: () => 1 / 2,
  binaryCrossentropy: () => 1 / 2,
};

/**
 * The loss at labels (1 − α)·y + α·u, with u the uniform distribution: Szegedy et al. 2016, section 7
 * (https://arxiv.org/abs/1512.00567). Metrics see the labels as they are.
 * @throws RangeError for an α beyond [0, 1], and for a loss that is no cross-entropy of one-hot labels.
 */
export function smoothed(loss: NamedLoss, alpha: number, place: string): NamedLoss {
  if (typeof alpha !== 'number' || !(alpha >= 0 && alpha <= 1))
    throw new RangeError(`${place} must be a number from 0 to 1, got ${String(alpha)}`);
  if (alpha === 0) return loss;
  const towards =
    Object.hasOwn(TOWARDS, loss.name) && loss.labels === 'same' ? TOWARDS[loss.name] : undefined;
  if (towards === undefined)
    throw new RangeError(
      `${place} must be 0 for ${loss.name}: labels are smoothed for ${Object.keys(TOWARDS).join(', ')}` +
        (loss.labels === 'class' ? '; categoricalCrossentropy takes class numbers too' : ''),
    );
  const compute: NamedLoss['compute'] = (labels, predictions) => {
    const uniform = towards(labels.shape.at(-1) ?? 1);
    return loss.compute(tf.add(tf.mul(labels, 1 - alpha), alpha * uniform), predictions);
  };
  return { ...loss, compute };
}
