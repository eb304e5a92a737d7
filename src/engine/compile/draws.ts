import type { tf } from '../backend';
import { sharedSeed, withDraws } from '../draws';
import { CannotTrace } from '../graph/recorder';
import { restoring } from '../restoring';
import { childSeed } from '../seeds';

// Random draws inside a compiled function: each call has a seed, which a graph takes as an input, and the n-th draw of
// the call is made from the seed and n.

/** What a compiled function knows of its draws. */
export interface Draws {
  /** With it the sequence of calls can be repeated. */
  seed: number | undefined;
  /** Calls so far. */
  calls: number;
}

/** The seed of one call, a tensor (the caller's to dispose) inside a run of draws; undefined where nothing decides it. */
export function seedOfCall(draws: Draws): number | tf.Tensor1D | undefined {
  if (draws.seed !== undefined) return childSeed(draws.seed, draws.calls++);
  const shared = sharedSeed();
  return typeof shared === 'number' ? undefined : shared;
}

/** Two words for a graph's hidden argument. */
export function wordsOf(seed: number = Math.floor(Math.random() * 2 ** 53)): Int32Array {
  return Int32Array.of(seed | 0, Math.floor(seed / 2 ** 32));
}

/** Runs a function while it is traced: its draws follow from `seed`, and numbers drawn in JavaScript are refused. */
export function tracedDraws<T>(seed: tf.Tensor1D, run: () => T): T {
  const random = Math.random;
  const drawn = (): T => {
    Math.random = () => {
      throw new CannotTrace('it draws random numbers in JavaScript (Math.random)');
    };
    return withDraws(seed, () => {
      const intercepting = Math.random;
      const traced = (): T => {
        Math.random = () => asCannotTrace(intercepting);
        return run();
      };
      return restoring(traced, () => {
        Math.random = intercepting;
      });
    });
  };
  return restoring(drawn, () => {
    Math.random = random;
  });
}

/** Draws without a stateless form are an error where a seed is given; here they only mean no graph. */
function asCannotTrace(draw: () => number): number {
  try {
    return draw();
  } catch (error) {
    throw error instanceof CannotTrace ? error : new CannotTrace((error as Error).message);
  }
}

/** Runs a function eagerly with the draws of this call, if something decides them. */
export function eagerDraws<T>(draws: Draws, run: () => T): T {
  const seed = seedOfCall(draws);
  if (seed === undefined) return run();
  try {
    return withDraws(seed, run);
  } finally {
    if (typeof seed !== 'number') seed.dispose();
  }
}
