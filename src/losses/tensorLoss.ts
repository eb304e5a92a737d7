import { engineStamp, keepFor, ready, type tf } from '../engine';
import type { Batch, Loss, LossDescription } from '../loss';
import { checkOptions } from '../options';
import { checkState, layoutOf, type ParamLayout } from '../params';
import { checkSeed } from '../random';
import type { Vector } from '../vector';
import { gradient, products } from './derivatives';
import type { PointLosses, RowLosses } from './evaluator';
import { type Graphs, graphsOf, type PointsBy } from './graphs';
import { asPoint, type Measuring, measurePoints } from './points';
import type { Rows } from './rows';
import { tensorsOf } from './theta';
import { openTraining } from './training';

/** What makes a loss out of a function of tensors; `lossOf` and `lossFrom` fill it in. */
export interface Parts {
  layout: ParamLayout;
  description: LossDescription;
  rows: Rows;
  /** Rows evaluated in one go. */
  batchSize: number;
  /** The loss of some rows in inference mode. */
  inference(weights: tf.Tensor[], rows: tf.Tensor[], state: State): RowLosses;
  /** The loss of some rows in training mode, its random draws made by `seed`. */
  training(weights: tf.Tensor[], rows: tf.Tensor[], seed: tf.Tensor1D | number, state: State): tf.Scalar;
  /** Losses and metrics of many points, θ stacked as [points, dim]. */
  points(thetas: tf.Tensor2D, rows: tf.Tensor[], state: State, withMetrics: boolean): PointLosses;
  /** The same of points by their coordinates; `shared` is what `share` made of basis and rows. */
  pointsAlong(
    by: PointsBy,
    rows: tf.Tensor[],
    state: State,
    shared: tf.Tensor[],
    withMetrics: boolean,
  ): PointLosses;
  share?(basis: tf.Tensor2D, rows: tf.Tensor[]): tf.Tensor[];
  /** How many points are taken at once for so many rows. */
  pointsAtOnce(rows: number, withMetrics: boolean): number;
  /** Throws when the loss cannot be evaluated any more, or not be trained. */
  checkAlive(): void;
  checkTraining(): void;
  current(): Float32Array;
  initial(seed: number): Float32Array;
  write(theta: Float32Array): void;
  /** What training moves besides θ. */
  state: StateParts;
}

/** Values of the weights besides θ (batch norm's averages); empty for those of the model itself. */
export type State = readonly tf.Tensor[];

export interface StateParts {
  layout: ParamLayout;
  /** Variables of a training session's own, with the values the model has now. */
  copy(): tf.Variable[];
  write(state: Float32Array): void;
}

/** Of a loss that has nothing but θ. */
export const NO_STATE: StateParts = {
  layout: layoutOf([]),
  copy: () => [],
  write: () => undefined,
};

/** A loss over tensors: data taken in pieces, many points at once, no tensor left behind. */
export function tensorLoss(
  parts: Parts,
  graphs: Graphs = graphsOf(parts),
  state: State = [],
): Loss<Float32Array> {
  const { layout, description } = parts;
  const measuring: Measuring = { parts, graphs, state };
  const check = (theta: Vector, what?: string): Float32Array => {
    parts.checkAlive();
    return asPoint(layout, theta, what);
  };
  const hvps = async (theta: Vector, vs: Iterable<Vector>, batch?: Batch): Promise<Float32Array[]> => {
    const at = check(theta);
    if (ArrayBuffer.isView(vs))
      throw new TypeError('vs must be a list of vectors, got one vector: write [v]');
    const vectors = Array.from(vs, (v) => check(v, 'v'));
    const own = ownBatch(batch);
    if (isReady) return products(measuring, at, vectors, own);
    const copies = [at.slice(), vectors.map((v) => v.slice())] as const;
    await ready();
    return products(measuring, ...copies, own);
  };
  const evaluate = (theta: Vector, batch: Batch | undefined, withMetrics: boolean) =>
    measurePoints(measuring, [check(theta).slice()], ownBatch(batch), withMetrics);
  const loss: Loss<Float32Array> = {
    dim: layout.dim,
    layout,
    get description() {
      return { ...description, engine: { ...engineStamp(), modes: graphs.modes() } };
    },
    params: (options = {}) => {
      checkOptions(options, ['seed']);
      return params(parts, options.seed);
    },
    assign: (theta, values) => {
      const point = check(theta).slice();
      const others = values === undefined ? undefined : stateOf(parts, values);
      parts.write(point);
      if (others !== undefined) parts.state.write(others);
    },
    withState: (values) => {
      if (values === undefined) return loss;
      const tensors = tensorsOf(parts.state.layout, stateOf(parts, values));
      keepFor(tensors, [...tensors]);
      return tensorLoss(parts, graphs, tensors);
    },
    value: async (theta, batch) => {
      const { loss } = await evaluate(theta, batch, false);
      return loss?.[0] as number;
    },
    gradient: async (theta, batch) => {
      const at = check(theta);
      const own = ownBatch(batch);
      if (isReady) return gradient(measuring, at, own);
      const copy = at.slice();
      await ready();
      return gradient(measuring, copy, own);
    },
    hvp: async (theta, v, batch) => (await hvps(theta, [v], batch))[0] as Float32Array,
    hvps,
    values: async (points, batch) => {
      const { loss } = await measurePoints(measuring, points, ownBatch(batch), false);
      return loss as Float64Array;
    },
    evaluate: async (theta, batch) => {
      const lists = await evaluate(theta, batch, true);
      return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list[0] as number]));
    },
    evaluateMany: async (points, batch) => measurePoints(measuring, points, ownBatch(batch), true),
    train: async (theta) => openTraining(measuring, check(theta).slice()),
  };
  return loss;
}

/** The caller may change his array once he has the promise. Numbers that are no rows stay what they are, for the check. */
function ownBatch(batch: Batch | undefined): Batch | undefined {
  if (batch === undefined) return undefined;
  if (typeof batch === 'object' && batch !== null && typeof batch.length === 'number')
    return Float64Array.from(batch);
  throw new TypeError(`batch must be a list of row numbers, got ${String(batch)}`);
}

function stateOf(parts: Parts, state: Vector): Float32Array {
  checkState(parts.state.layout.dim, state);
  return new Float32Array(state);
}

/** Once the backend runs, work is done before the call returns its promise: the caller's arrays need no copy. */
let isReady = false;
void ready().then(() => {
  isReady = true;
});

function params(parts: Parts, seed: number | undefined): Float32Array {
  parts.checkAlive();
  if (seed === undefined) return parts.current();
  checkSeed(seed);
  return parts.initial(seed);
}
