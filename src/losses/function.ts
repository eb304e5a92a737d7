import { tf } from '../engine';
import type { Loss } from '../loss';
import { checkOptions } from '../options';
import { kindOf, layoutOf, type ParamLayout } from '../params';
import { checkSeed } from '../random';
import { type Data, ownTensor, show } from './arrays';
import { drawInitial, type Initial, readInitial } from './initial';
import { rowsOf } from './rows';
import { NO_STATE, type Parts, tensorLoss } from './tensorLoss';
import { split } from './theta';

type Shapes = Record<string, readonly number[]>;
type DataSet = Record<string, Data> | readonly Data[];

type Rank = tf.Rank & `R${number}`;
/** The tensor type of a shape: [3, 5] is a Tensor2D. */
type TensorOf<S extends readonly number[]> = number extends S['length']
  ? tf.Tensor
  : `R${S['length']}` extends Rank
    ? tf.Tensor<`R${S['length']}`>
    : tf.Tensor;

/** The parameters, by the names of the shapes. */
export type Named<S extends Shapes> = { [K in keyof S]: TensorOf<S[K]> };
/** Some rows of the data, in the form it was given. */
export type RowsOf<D extends DataSet> = { -readonly [K in keyof D]: tf.Tensor };

export interface FunctionLossOptions<D extends DataSet> {
  /** Arrays or tensors with a common first axis, by name or as a list; copied once. None by default. */
  data?: D;
  /** Where `params()` starts: θ, arrays by name, or a function of the seed. Glorot uniform and zeros by default. */
  init?: Initial | ((seed: number) => Initial);
  /** Seed of the first draw, 0 by default. */
  seed?: number;
  /** Rows evaluated in one go, 4096 by default. */
  batchSize?: number;
  /** What figures call it: the function's name by default. */
  name?: string;
}

const OPTIONS = ['data', 'init', 'seed', 'batchSize', 'name'] as const;

/**
 * The loss of any differentiable function of named tensors, L(θ) = fn(p, batch).
 *
 * θ holds the tensors one after the other, in the order of `shapes`; rank ≥ 2 is a kernel with its last axis as
 * filters, rank ≤ 1 a bias. By default kernels start Glorot uniform, U(−a, a) with a = √(6/(fan in + fan out))
 * (Glorot & Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html), and biases at zero.
 *
 * @param fn parameters by name, and some rows of the data, to a scalar: the mean over the rows. It must be a function of
 *   these alone: its ops are recorded at the first call, so that numbers and tensors from outside (a `let` of the
 *   notebook) stay what they were then. Change them by building the loss anew, or pass them as `data`.
 * @param shapes the shape of each parameter, such as `{ W: [3, 5], b: [5] }`.
 * @throws RangeError for shapes, data or initial values that do not fit; TypeError for unknown
 * options, and when `fn` gives no scalar.
 * @example
 * ```ts
 * import { lossFrom } from 'losslab';
 * const bowl = lossFrom((p) => p.w.square().sum().mul(0.5), { w: [3] }, { init: Float32Array.of(1, 2, 3) });
 * console.log(await bowl.value(bowl.params())); // 7
 * ```
 */
export function lossFrom<const S extends Shapes, const D extends DataSet = Record<string, never>>(
  fn: (p: Named<S>, batch: RowsOf<D>) => tf.Tensor,
  shapes: S,
  options: FunctionLossOptions<D> = {},
): Loss<Float32Array> {
  checkOptions(options, OPTIONS);
  const { data, init, seed = 0, batchSize = 4096, name = fn.name || 'custom loss' } = options;
  checkSeed(seed);
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`batchSize must be an integer >= 1, got ${batchSize}`);
  const layout = layoutOf(readShapes(shapes));
  const draw = (from: number): Float32Array => initial(layout, init, from);
  let theta = draw(seed);
  const rows = rowsOf(readData(data ?? {}));
  const keys = Array.isArray(data) ? undefined : Object.keys(data ?? {});
  const run = (weights: tf.Tensor[], taken: tf.Tensor[]): tf.Scalar =>
    scalar(fn(byName(layout, weights) as Named<S>, regroup(keys, taken) as RowsOf<D>));

  return tensorLoss({
    layout,
    description: { name, samples: rows.count, parameters: layout.dim },
    rows,
    batchSize,
    inference: (weights, taken) => ({ losses: run(weights, taken) }),
    training: run,
    ...onePoint(layout, run),
    checkAlive: () => {},
    checkTraining: () => {},
    current: () => theta.slice(),
    initial: draw,
    write: (values) => {
      theta = values;
    },
    state: NO_STATE,
  });
}

type Many = Pick<Parts, 'points' | 'pointsAlong' | 'pointsAtOnce'>;

function onePoint(layout: ParamLayout, run: (weights: tf.Tensor[], rows: tf.Tensor[]) => tf.Scalar): Many {
  const points: Many['points'] = (thetas, rows) => {
    const value = run(split(layout, tf.reshape(thetas, [-1])), rows);
    return { losses: tf.reshape(value, [1, 1]), metrics: {} };
  };
  return {
    points,
    pointsAlong: ({ basis, coefficients }, rows, state) =>
      points(tf.matMul(coefficients, basis), rows, state, false),
    pointsAtOnce: () => 1,
  };
}

function readShapes(shapes: Shapes): { name: string; shape: readonly number[] }[] {
  if (typeof shapes !== 'object' || shapes === null)
    throw new TypeError(`shapes must be an object, such as { w: [2] }, got ${kindOf(shapes)}`);
  const entries = Object.entries(shapes);
  if (entries.length === 0)
    throw new RangeError('shapes must name at least one parameter, such as { w: [2] }');
  for (const [name, shape] of entries)
    if (!Array.isArray(shape) || shape.some((side) => !Number.isInteger(side) || side < 1))
      throw new RangeError(`shapes.${name} must be a list of integers >= 1, got ${JSON.stringify(shape)}`);
  return entries.map(([name, shape]) => ({ name, shape }));
}

function readData(data: DataSet): Record<string, tf.Tensor> {
  const tensors: Record<string, tf.Tensor> = {};
  try {
    for (const [key, value] of Object.entries(data)) tensors[`data.${key}`] = ownTensor(value, `data.${key}`);
    return tensors;
  } catch (error) {
    tf.dispose(tensors);
    throw error;
  }
}

function initial<D extends DataSet>(
  layout: ParamLayout,
  init: FunctionLossOptions<D>['init'],
  seed: number,
): Float32Array {
  if (init === undefined) return drawInitial(layout, seed);
  return readInitial(layout, typeof init === 'function' ? init(seed) : init);
}

function byName(layout: ParamLayout, weights: tf.Tensor[]): Record<string, tf.Tensor> {
  return Object.fromEntries(layout.params.map(({ name }, i) => [name, weights[i] as tf.Tensor]));
}

function regroup(keys: string[] | undefined, taken: tf.Tensor[]): tf.Tensor[] | Record<string, tf.Tensor> {
  if (keys === undefined) return taken;
  return Object.fromEntries(keys.map((key, i) => [key, taken[i] as tf.Tensor]));
}

function scalar(value: tf.Tensor): tf.Scalar {
  if (!(value instanceof tf.Tensor))
    throw new TypeError(`fn must return a scalar tensor, got ${kindOf(value)}`);
  if (value.dtype !== 'float32')
    throw new TypeError(`fn must return a float32 scalar, got ${value.dtype}: cast what is differentiated`);
  if (value.size !== 1)
    throw new TypeError(`fn must return a scalar, got a tensor of shape ${show(value.shape)}`);
  return value.rank === 0 ? (value as tf.Scalar) : tf.reshape(value, []);
}
