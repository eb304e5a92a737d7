import { tf } from '../backend';
import { onTermination } from '../restoring';
import { childSeed } from '../seeds';
import { type Draw, interceptDraws } from './intercept';
import { withLayersDrawing } from './layers';
import { statelessNormal, statelessTruncatedNormal } from './normal';
import { checkSeedNumber, derivedSeed, seedTensor } from './seed';
import { checkSeedTensor, statelessUniform, untaped } from './uniform';

/** The draws of one run: its n-th is made by the seed and n. */
interface Run {
  seed: () => tf.Tensor1D;
  /** The seed as it was given. */
  given: tf.Tensor1D | number;
  count: number;
}

/** The run whose draws are being made; the innermost of nested ones. */
let current: Run | undefined;
onTermination(() => {
  current = undefined;
});

/**
 * Runs `run` with every unseeded random draw of TensorFlow.js in it made by `seed`: tf.randomUniform, randomNormal,
 * truncatedNormal, dropout, and through them all layers that draw. The same seed gives the same draws at every call and
 * on every backend (normal ones to rounding), the n-th another than the others; all have 23 random bits. Draws with a
 * seed of their own keep it.
 *
 * @param seed a whole number, or an int32 tensor of shape [2], which a recorded graph takes as an input.
 * @param run what draws; not asynchronous.
 * @param model its layers draw from `seed` too when they have seeds of their own, and remember no masks.
 * @throws RangeError or TypeError for another seed; TypeError when `run` is asynchronous, or draws by tf.multinomial
 * or, with a tensor as the seed, by tf.randomGamma or tf.rand.
 * @example
 * ```ts
 * const masked = withDraws(7, () => tf.dropout(tf.ones([10]), 0.5));
 * ```
 */
export function withDraws<T>(seed: tf.Tensor1D | number, run: () => T, model?: tf.LayersModel): T {
  const { get, release } = heldSeed(seed);
  const outer = current;
  const mine = { seed: get, given: seed, count: 0 };
  current = mine;
  try {
    return interceptDraws(
      {
        make: (draw, shape, dtype) =>
          untaped(() => tf.tidy(() => typed(make(mine, draw, shape), draw, dtype))),
        number: (operation) => numberFor(mine, operation),
      },
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
  const seed = nextSeed(run);
  if (draw.kind === 'uniform') return scaled(statelessUniform(shape, seed), draw.min, draw.range);
  const unit = draw.kind === 'normal' ? statelessNormal : statelessTruncatedNormal;
  return scaled(unit(shape, seed), draw.mean, draw.stdDev);
}

/** Integers as TensorFlow.js makes them: uniform numbers lose their fraction, normal ones are rounded. */
function typed(values: tf.Tensor, { kind }: Draw, dtype: tf.DataType): tf.Tensor {
  if (dtype === 'float32') return values;
  return tf.cast(tf.cast(kind === 'uniform' ? values : tf.round(values), 'int32'), dtype);
}

/** The other draws of TensorFlow.js are made in JavaScript, where a tensor's value is out of reach. */
function numberFor(run: Run, operation: string): number {
  if (typeof run.given === 'number' && operation !== 'multinomial')
    return childSeed(run.given, Math.floor(run.given / 2 ** 32), run.count++) / 2 ** 31;
  throw new TypeError(
    `draws must be uniform or normal where a seed makes them, got ${operation}. ` +
      'Draw outside and pass the tensor in, or give the call a seed of its own',
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
