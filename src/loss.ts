import type { ParamLayout } from './params';
import type { Vector } from './vector';

/** Rows of the data, by index; without it the whole data. */
export type Batch = ArrayLike<number>;

export interface ValueAndGradient<A extends Vector> {
  value: number;
  gradient: A;
}

/** What a slice, a figure and a run remember of their loss. */
export interface LossDescription {
  /** Such as `softmaxCrossEntropy`, `quadratic`. */
  name: string;
  /** Rows of data; 0 for an analytic loss. */
  samples: number;
  parameters: number;
}

/**
 * A model and its data as a function of one vector θ (`dim` numbers, laid out as `layout` says).
 * What runs the model returns a Promise. Only `assign` changes the model.
 */
export interface Loss<A extends Vector = Vector> {
  readonly dim: number;
  readonly layout: ParamLayout;
  readonly description: LossDescription;
  /** The current weights; with a seed, freshly drawn initial ones. */
  params(options?: { seed?: number }): A;
  /** Writes θ into the model. */
  assign(theta: Vector): void;
  value(theta: Vector, batch?: Batch): Promise<number>;
  gradient(theta: Vector, batch?: Batch): Promise<ValueAndGradient<A>>;
  /** The losses of many points at once, in their order. */
  values(thetas: Iterable<Vector>, batch?: Batch): Promise<Float64Array>;
  /** Loss and metrics by name: `{ loss, accuracy }`. */
  evaluate(theta: Vector, batch?: Batch): Promise<Record<string, number>>;
}
