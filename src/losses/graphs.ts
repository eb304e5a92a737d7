import {
  compile,
  engineStamp,
  gradientsWithAux,
  hessianVectorProducts,
  modesOf,
  type Remote,
  tf,
  withDraws,
  workOfCall,
} from '../engine';
import { meanOf, type PointLosses, type RowLosses } from './evaluator';
import { withRemedy } from './kernels';
import { remotesByRows } from './remotes';
import { gathered, type Taken } from './rows';
import type { Parts, State } from './tensorLoss';
import { flat, split } from './theta';

// What a loss computes, as functions of flat vectors and rows. Each is one call of a compiled graph where the backend
// has graphs, and runs eagerly elsewhere.

type Numbers = Float32Array;

export interface Graphs {
  gradient(
    theta: Numbers,
    rows: Taken,
    state: State,
  ): { losses: Numbers; penalty?: Numbers; gradient: Numbers };
  products(theta: Numbers, vs: Numbers[], rows: Taken, state: State): Numbers[];
  points(thetas: Numbers, count: number, rows: Taken, state: State, withMetrics: boolean): MeasuredPoints;
  /** `shared` is what `share` made of the same center, directions and rows. */
  pointsAlong(
    along: Along,
    rows: Taken,
    state: State,
    shared: tf.Tensor[],
    withMetrics: boolean,
    way?: Way,
  ): MeasuredPoints;
  share(along: Along, rows: Taken): tf.Tensor[];
  /** How long work along directions is done best; the same for all its calls. */
  wayFor(
    along: Along,
    rows: Taken,
    state: State,
    shared: tf.Tensor[],
    withMetrics: boolean,
    calls: number,
  ): Way;
  /** How the graphs that were built run. */
  modes(): string[];
  /** The same points by other processes; undefined where the loss needs this one. */
  elsewhere(along: Along, rows: Taken, state: State, withMetrics: boolean): Remote | undefined;
}

/** Graph calls of this process, calls of XLA's code, or calls of a pool's processes. */
export type Way = 'here' | 'XLA' | 'pool';

/** Center, directions and coefficients, each one after the other. */
export interface Along {
  /** [1 + directions, dim]: the center first. */
  basis: Numbers;
  /** [points, 1 + directions]: 1 first. */
  coefficients: Numbers;
  points: number;
}

export type MeasuredPoints = {
  [K in keyof PointLosses]: K extends 'metrics' ? Record<string, Numbers> : Numbers;
};

type Arrays = (...args: unknown[]) => unknown;

/**
 * Makes the random draws of a loss that has some (a user's own function): always the same ones, since its value, its
 * gradient and its products are to be those of one function of θ.
 */
const DRAWS = 0;

// A compiled function is freed when nobody can call it any more. What is compiled must therefore not see what is made
// of it: each of these functions is made in a scope of its own.

export function graphsOf(parts: Parts): Graphs {
  const build = (name: string, fn: Traced): Arrays => compiled(`${parts.description.name}: ${name}`, fn);
  const gradient = build('gradient', gradientOf(parts));
  const products = build('Hessian-vector products', productsOf(parts));
  const points = build('values', pointsOf(parts));
  const along = build('values along directions', alongOf(parts));
  const quick =
    parts.share &&
    compiled(`${parts.description.name}: values along directions, by XLA`, alongOf(parts), true);
  const remotes = remotesByRows();
  const share =
    parts.share === undefined
      ? undefined
      : compile(shareOf(parts, parts.share), undefined, {
          name: `${parts.description.name}: first layer along directions`,
          after: 0,
        });
  return {
    gradient: (...args) => gradient(...args) as ReturnType<Graphs['gradient']>,
    products: (...args) => products(...args) as Numbers[],
    points: (...args) => points(...args) as MeasuredPoints,
    pointsAlong: ({ basis, coefficients, points }, rows, state, shared, metrics, way = 'here') => {
      const run = way === 'XLA' && quick !== undefined ? quick : along;
      return run(basis, coefficients, points, rows, state, shared, metrics) as MeasuredPoints;
    },
    wayFor: ({ basis, coefficients, points }, rows, state, shared, metrics, calls) => {
      const work = workOfCall(along, [basis, coefficients, points, rows, state, shared, metrics]);
      if (work === undefined) return 'here';
      if (quick !== undefined) return work * calls >= WORTH_XLA && engineStamp().xla ? 'XLA' : 'here';
      return work * calls >= WORTH_PROCESSES ? 'pool' : 'here';
    },
    modes: () =>
      modesOf([gradient, products, points, along, ...(quick ? [quick] : []), ...(share ? [share] : [])]),
    elsewhere: ({ basis, coefficients, points }, rows, state, metrics) =>
      remotes.for(along, [basis, coefficients, points, rows, state, [], metrics]),
    share: ({ basis }, rows) => (share === undefined ? [] : (share(basis, rows) as tf.Tensor[])),
  };
}

/** Multiplications in all that repay XLA's two seconds of compiling, once for whole pieces of the rows and once for the rest. */
const WORTH_XLA = 6e11;
/** And those that repay other processes, whose graphs have one thread each: some twenty seconds of one. */
const WORTH_PROCESSES = 5e11;

type Traced = (...args: never[]) => unknown;

function compiled(name: string, fn: Traced, xla = false): Arrays {
  const run: Traced = (...args) => withRemedy(() => tf.tidy(() => fn(...args) as tf.TensorContainer));
  return compile(run as Arrays, undefined, { name, after: 0, arrays: true, xla });
}

function inference(parts: Parts, weights: tf.Tensor[], rows: Taken, state: State): RowLosses {
  return withDraws(DRAWS, () => parts.inference(weights, gathered(rows), state));
}

function gradientOf(parts: Parts): Traced {
  return (theta: tf.Tensor1D, rows: Taken, state: State) => {
    const weights = split(parts.layout, theta);
    const { aux, gradients } = gradientsWithAux(() => {
      const found = inference(parts, weights, rows, state);
      return { value: meanOf(found), aux: found as unknown as tf.NamedTensorMap };
    }, weights);
    return { ...aux, gradient: flat(gradients) };
  };
}

function productsOf(parts: Parts): Traced {
  return (theta: tf.Tensor1D, vs: tf.Tensor1D[], rows: Taken, state: State) => {
    const weights = split(parts.layout, theta);
    const vectors = vs.map((v) => split(parts.layout, v));
    const value = (): tf.Scalar => meanOf(inference(parts, weights, rows, state));
    return hessianVectorProducts(value, weights, vectors).products.map(flat);
  };
}

function pointsOf(parts: Parts): Traced {
  return (thetas: tf.Tensor1D, count: number, rows: Taken, state: State, withMetrics: boolean) =>
    withDraws(DRAWS, () =>
      parts.points(thetas.reshape([count, parts.layout.dim]), gathered(rows), state, withMetrics),
    );
}

function alongOf(parts: Parts): Traced {
  return (
    basis: tf.Tensor1D,
    mix: tf.Tensor1D,
    count: number,
    rows: Taken,
    state: State,
    shared: tf.Tensor[],
    metrics: boolean,
  ) => {
    const by = { basis: basis.reshape([-1, parts.layout.dim]), coefficients: mix.reshape([count, -1]) };
    return withDraws(DRAWS, () => parts.pointsAlong(by as PointsBy, gathered(rows), state, shared, metrics));
  };
}

function shareOf({ layout }: Parts, share: Required<Parts>['share']): Arrays {
  const run = (basis: tf.Tensor1D, rows: Taken): tf.Tensor[] =>
    tf.tidy(() => share(basis.reshape([-1, layout.dim]), gathered(rows)));
  return run as Arrays;
}

/** Center and directions, and the points' coordinates, as tensors. */
export interface PointsBy {
  /** [1 + directions, dim] */
  basis: tf.Tensor2D;
  /** [points, 1 + directions] */
  coefficients: tf.Tensor2D;
}
