import { tf } from '../backend';
import { type Draw, interceptDraws } from './intercept';
import { withLayersDrawing } from './layers';
import { statelessNormal, statelessTruncatedNormal } from './normal';
import { checkSeedNumber, derivedSeed, seedTensor } from './seed';
import { checkSeedTensor, statelessUniform, untaped } from './uniform';

/** The draws of one run: its n-th is made by the seed and n. */
interface Run {
  seed: () => tf.Tensor1D;
  count: number;
}

/** The run whose draws are being made; the innermost of nested ones. */
let current: Run | undefined;

/**
 * Runs `run` with every unseeded random draw of TensorFlow.js in it made by `seed`: tf.randomUniform, randomNormal,
 * truncatedNormal, dropout, and through them all layers that draw. The same seed gives the same draws at every call
 * and on every backend; the n-th draw differs from the others. Draws with a seed of their own keep it.
 *
 * @param seed a whole number, or an int32 tensor of shape [2], which a recorded graph takes as an input.
 * @param run what draws; not asynchronous.
 * @param model its layers draw from `seed` too when they have seeds of their own, and remember no masks.
 * @throws RangeError or TypeError for another seed; TypeError when `run` is asynchronous or draws numbers that are
 * neither uniform nor normal floats.
 * @example
 * ```ts
 * const masked = withDraws(7, () => tf.dropout(tf.ones([10]), 0.5));
 * ```
 */
export function withDraws<T>(seed: tf.Tensor1D | number, run: () => T, model?: tf.LayersModel): T {
  const { get, release } = heldSeed(seed);
  const outer = current;
  const mine = { seed: get, count: 0 };
  current = mine;
  try {
    return interceptDraws(
      (draw, shape) => make(mine, draw, shape),
      () => synchronous(model === undefined ? run() : withLayersDrawing(model, run)),
    );
  } finally {
    current = outer;
    release();
  }
}

/**
 * A seed for draws that several runs share, such as the two gradients of a SAM step: inside `withDraws` the seed of
 * its next draw (a tensor, to be disposed), elsewhere a fresh number.
 */
export function sharedSeed(): tf.Tensor1D | number {
  if (current === undefined) return Math.floor(Math.random() * 2 ** 53);
  return nextSeed(current);
}

function nextSeed(run: Run): tf.Tensor1D {
  return untaped(() => derivedSeed(run.seed(), run.count++));
}

/** A number becomes a tensor at the first draw, if there is one, and is kept until the run ends. */
function heldSeed(seed: tf.Tensor1D | number): { get: () => tf.Tensor1D; release: () => void } {
  if (typeof seed !== 'number') {
    checkSeedTensor(seed);
    return { get: () => seed, release: () => undefined };
  }
  checkSeedNumber(seed);
  let held: tf.Tensor1D | undefined;
  return {
    get: () => {
      held ??= tf.keep(seedTensor(seed));
      return held;
    },
    release: () => held?.dispose(),
  };
}

function make(run: Run, draw: Draw, shape: number[]): tf.Tensor {
  return untaped(() =>
    tf.tidy(() => {
      const seed = nextSeed(run);
      if (draw.kind === 'uniform') return scaled(statelessUniform(shape, seed), draw.min, draw.range);
      const unit = draw.kind === 'normal' ? statelessNormal : statelessTruncatedNormal;
      return scaled(unit(shape, seed), draw.mean, draw.stdDev);
    }),
  );
}

function scaled(unit: tf.Tensor, from: number, by: number): tf.Tensor {
  const stretched = by === 1 ? unit : tf.mul(unit, by);
  return from === 0 ? stretched : tf.add(stretched, from);
}

function synchronous<T>(value: T): T {
  if (typeof (value as { then?: unknown } | null)?.then !== 'function') return value;
  throw new TypeError('what draws must not be asynchronous, got a promise: draw first, await afterwards');
}
