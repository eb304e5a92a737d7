import { childSeed } from '../engine';
import type { Batch } from '../loss';
import { kindOf } from '../params';
import { randomFrom } from '../random';

/** How long to train, and on which rows at each step. */
export interface Schedule {
  steps: number;
  stepsPerEpoch: number;
  /** Rows of a step, the last of an epoch apart. */
  rows: number;
  /** The rows of a step; undefined for all. */
  batch(step: number): Batch | undefined;
}

export interface ScheduleOptions {
  epochs?: number;
  steps?: number;
  batchSize?: number;
  seed?: number;
  targetLoss?: number;
}

/** Enough for the small problems of a notebook, in a second or so; it is no recommendation. */
const DEFAULT_STEPS = 100;
/** When a target loss ends the training. */
const STEP_LIMIT = 10_000;

/** Rows in a new order each epoch, drawn by the seed; the last batch of an epoch may be smaller. */
export function scheduleOf(samples: number, options: ScheduleOptions): Schedule {
  const { epochs, steps, batchSize, seed = 0, targetLoss } = options;
  checkCount('epochs', epochs);
  checkCount('steps', steps);
  checkCount('batchSize', batchSize);
  if (epochs !== undefined && steps !== undefined)
    throw new TypeError('epochs and steps must not both be given: one determines the other');
  if (batchSize !== undefined && samples === 0)
    throw new TypeError('batchSize must be left out: this loss has no data');
  const whole = batchSize === undefined || batchSize >= samples;
  const stepsPerEpoch = whole ? 1 : Math.ceil(samples / batchSize);
  const length =
    epochs === undefined
      ? (steps ?? (targetLoss === undefined ? DEFAULT_STEPS : STEP_LIMIT))
      : epochs * stepsPerEpoch;
  const batch = whole ? () => undefined : batches(samples, batchSize, stepsPerEpoch, seed);
  return { steps: length, stepsPerEpoch, rows: whole ? samples : batchSize, batch };
}

function batches(samples: number, size: number, perEpoch: number, seed: number): (step: number) => Batch {
  let order: number[] = [];
  return (step) => {
    const place = step % perEpoch;
    if (place === 0) order = randomFrom(childSeed(seed, step / perEpoch)).permutation(samples);
    return order.slice(place * size, (place + 1) * size);
  };
}

function checkCount(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw new RangeError(`${name} must be an integer >= 1, got ${kindOf(value)}`);
}
