import { tf } from '../engine';
import type { TwoStepOptimizer } from './twoStep';

/** TensorFlow.js's own, which keep all that changes from step to step in variables. */
const OWN = [
  tf.SGDOptimizer,
  tf.MomentumOptimizer,
  tf.RMSPropOptimizer,
  tf.AdagradOptimizer,
  tf.AdadeltaOptimizer,
  tf.AdamOptimizer,
  tf.AdamaxOptimizer,
];

/**
 * Whether every step of an optimizer takes the same operations on its variables, so that one recorded step stands for
 * all. What an optimizer counts in JavaScript would be recorded once and never change: others take their steps eagerly.
 */
export function isTraceable(optimizer: tf.Optimizer): boolean {
  // Not by instanceof, of which every tf.Optimizer says that it is any other.
  if ('everyStepAlike' in optimizer) {
    const { everyStepAlike, base } = optimizer as TwoStepOptimizer;
    return everyStepAlike && isTraceable(base);
  }
  return OWN.some((type) => optimizer.constructor === type);
}
