import type { EngineStamp, tf } from './engine';
import { kindOf, type ParamLayout } from './params';
import type { Vector } from './vector';

/** Rows of the data, by index; without it the whole data. */
export type Batch = ArrayLike<number>;

export interface ValueAndGradient<A extends Vector> {
  value: number;
  gradient: A;
}

/**
 * Points by their coordinates in a few directions: at + Σⱼ coefficients[k][j]·directions[j], one for each k. A slice has
 * this structure, and a loss that sees it need not lay out each point.
 */
export interface PointsAlong {
  at: Vector;
  directions: readonly Vector[];
  coefficients: readonly (readonly number[])[];
  /** Points that will be asked for in all, when these are a part: long work may be worth XLA or other processes. */
  planned?: number;
}

/** Many points: one by one, read as they are needed and never all kept, or by their coordinates. */
export type Points = Iterable<Vector> | PointsAlong;

/** What a slice, a figure and a run remember of their loss. */
export interface LossDescription {
  /** Such as `softmaxCrossEntropy`, `quadratic`. */
  name: string;
  /** Rows of data; 0 for an analytic loss. */
  samples: number;
  parameters: number;
  /** What computed it: with the same, on the same machine, the bits are the same. Absent for an analytic loss. */
  engine?: EngineStamp & {
    /** How its graphs run: in the calling thread, on all cores, by XLA; empty where it runs eagerly. */
    modes: string[];
  };
}

/**
 * A model and its data as a function of one vector θ (`dim` numbers, laid out as `layout` says).
 * What runs the model returns a Promise. Only `assign` changes the model. θ, vectors and batches are copied at the call.
 */
export interface Loss<A extends Vector = Vector> {
  readonly dim: number;
  readonly layout: ParamLayout;
  readonly description: LossDescription;
  /** The current weights; with a seed, freshly drawn initial ones. */
  params(options?: { seed?: number }): A;
  /** Writes θ into the model; with a run's `state` also what training moves besides θ (batch norm's averages). */
  assign(theta: Vector, state?: Vector): void;
  /**
   * The same loss where the weights besides θ have other values than the model's own: those of a run, whose `state`
   * they are. Batch norm's averages belong to the point that was trained. Of a run without such weights it is the loss
   * itself.
   */
  withState(state: Vector | undefined): Loss<A>;
  value(theta: Vector, batch?: Batch): Promise<number>;
  gradient(theta: Vector, batch?: Batch): Promise<ValueAndGradient<A>>;
  /** H(θ)·v, exact, by double backpropagation; of the inference-mode loss. */
  hvp(theta: Vector, v: Vector, batch?: Batch): Promise<A>;
  /** The same for several vectors, which share the passes up to the gradient. */
  hvps(theta: Vector, vs: Iterable<Vector>, batch?: Batch): Promise<A[]>;
  /** The losses of many points at once, in their order. */
  values(points: Points, batch?: Batch): Promise<Float64Array>;
  /** Loss and metrics by name: `{ loss, accuracy }`; of several outputs also each one's, `{ digit_loss, digit_accuracy }`. */
  evaluate(theta: Vector, batch?: Batch): Promise<Record<string, number>>;
  /**
   * Loss and metrics of many points at once, each list in their order: `{ loss, accuracy }`.
   * Slices call it with the points of a few rows at a time.
   */
  evaluateMany(points: Points, batch?: Batch): Promise<Record<string, Float64Array>>;
  /** Opens the loss for training from θ; `minimize` is its caller. */
  train(theta: Vector): Promise<TrainingSession<A>>;
}

/** A loss opened for training: it has variables of its own, so that the user's model is not moved. */
export interface TrainingSession<A extends Vector> {
  /** One for each parameter of the layout, in its order. */
  readonly variables: tf.Variable[];
  /**
   * The differentiable loss at the variables' present values, in training mode, at once.
   * The same seed makes the same random draws (dropout), so that SAM's two gradients share them.
   */
  forward(batch: Batch | undefined, seed: number): tf.Scalar;
  /** The same in two parts, for a step that is traced: the rows as tensors, and the loss as a function of them. */
  readonly traceable?: TraceableLoss;
  /** Batch norm's averages and the like, which training moves: variables of the session's own, in the model's order. */
  readonly state: tf.Variable[];
  /** Reads the variables back. */
  theta(): A;
  /** The loss of the whole data at θ, in inference mode, where `state` has come to. */
  value(theta: A): Promise<number>;
  dispose(): void;
}

/** What a compiled training step is made of. */
export interface TraceableLoss {
  /** Rows as tensors, until `release`. */
  take(batch: Batch | undefined): { rows: object; release(): void };
  forward(rows: object, seed: tf.Tensor1D): tf.Scalar;
}

/** Throws unless it is a loss: a model or a function of its own is a common slip. */
export function checkLoss(loss: unknown): asserts loss is Loss {
  if (typeof loss === 'object' && loss !== null && 'description' in loss && 'evaluateMany' in loss) return;
  throw new TypeError(
    `loss must be a loss, such as lossOf(model, { x, y, loss }) makes, got ${kindOf(loss)}`,
  );
}
