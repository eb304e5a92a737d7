import { ready, tf, valueAndGradients } from '../engine';
import type { Batch, Loss, LossDescription, TrainingSession, ValueAndGradient } from '../loss';
import { checkPoint, type ParamLayout } from '../params';
import { checkSeed } from '../random';
import type { Vector } from '../vector';
import { measure } from './measure';
import { chunksOf, type Rows, takeBatch } from './rows';
import { flat, tensorsOf } from './theta';

/** What makes a loss out of a function of tensors; `lossOf` and `lossFrom` fill it in. */
export interface Parts {
  layout: ParamLayout;
  description: LossDescription;
  rows: Rows;
  /** Rows evaluated in one go. */
  batchSize: number;
  /** The loss of some rows in inference mode. */
  inference(weights: tf.Tensor[], rows: tf.Tensor[]): tf.Scalar;
  /** The loss of some rows in training mode, its random draws made by `seed`. */
  training(weights: tf.Tensor[], rows: tf.Tensor[], seed: number): tf.Scalar;
  /** Loss and metrics of many points, each of shape [points]; `loss` first. */
  many(thetas: Float32Array[], rows: tf.Tensor[], withMetrics: boolean): Record<string, tf.Tensor>;
  /** How many points `many` takes at once for so many rows. */
  pointsAtOnce(rows: number, withMetrics: boolean): number;
  /** Throws when the loss cannot be evaluated any more, or not be trained. */
  checkAlive(): void;
  checkTraining(): void;
  current(): Float32Array;
  initial(seed: number): Float32Array;
  write(theta: Float32Array): void;
}

/** A loss over tensors: data taken in pieces, many points at once, no tensor left behind. */
export function tensorLoss(parts: Parts): Loss<Float32Array> {
  const { layout, description } = parts;
  const own = (theta: Vector): Float32Array => {
    checkPoint(layout, theta);
    return new Float32Array(theta);
  };
  const check = (theta: Vector): Float32Array => {
    parts.checkAlive();
    return own(theta);
  };
  const all = (thetas: Iterable<Vector>): Iterable<Float32Array> => {
    parts.checkAlive();
    return each(thetas, own);
  };
  return {
    dim: layout.dim,
    layout,
    description,
    params: ({ seed } = {}) => params(parts, seed),
    assign: (theta) => parts.write(check(theta)),
    value: async (theta, batch) => {
      const { loss } = await measure(parts, [check(theta)], batch, false);
      return loss?.[0] as number;
    },
    gradient: async (theta, batch) => gradient(parts, check(theta), batch),
    values: async (thetas, batch) => {
      const { loss } = await measure(parts, all(thetas), batch, false);
      return loss as Float64Array;
    },
    evaluate: async (theta, batch) => {
      const lists = await measure(parts, [check(theta)], batch, true);
      return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list[0] as number]));
    },
    evaluateMany: async (thetas, batch) => measure(parts, all(thetas), batch, true),
    train: async (theta) => train(parts, check(theta)),
  };
}

function* each<T, U>(items: Iterable<T>, change: (item: T) => U): Iterable<U> {
  for (const item of items) yield change(item);
}

function params(parts: Parts, seed: number | undefined): Float32Array {
  parts.checkAlive();
  if (seed === undefined) return parts.current();
  checkSeed(seed);
  return parts.initial(seed);
}

/** Sums the gradients of the pieces, each by its share of the rows, in float64. */
async function gradient(
  parts: Parts,
  theta: Float32Array,
  batch: Batch | undefined,
): Promise<ValueAndGradient<Float32Array>> {
  await ready();
  const sum = new Float64Array(theta.length);
  let value = 0;
  for (const { share, take } of chunksOf(parts.rows, batch, parts.batchSize)) {
    const [loss, slope] = tf.tidy(() => {
      const weights = tensorsOf(parts.layout, theta);
      const rows = take();
      const { value, gradients } = valueAndGradients(() => parts.inference(weights, rows), weights);
      return [value, flat(gradients)];
    }) as [tf.Tensor, tf.Tensor];
    value += share * ((await loss.data())[0] as number);
    (await slope.data()).forEach((g: number, i: number) => {
      sum[i] = (sum[i] as number) + share * g;
    });
    tf.dispose([loss, slope]);
  }
  return { value, gradient: Float32Array.from(sum) };
}

/** Variables at θ, for an optimizer to move. */
async function train(parts: Parts, theta: Float32Array): Promise<TrainingSession<Float32Array>> {
  parts.checkTraining();
  await ready();
  const variables = tf.tidy(() => tensorsOf(parts.layout, theta).map((start) => tf.variable(start, true)));
  return {
    variables,
    forward: (batch, seed) => parts.training(variables, takeBatch(parts.rows, batch), seed),
    theta: () => {
      const all = tf.tidy(() => flat(variables));
      const values = Float32Array.from(all.dataSync());
      all.dispose();
      return values;
    },
    dispose: () => tf.dispose(variables),
  };
}
