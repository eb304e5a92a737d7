import { compile, withDraws } from '../../src/engine';
import { hessianVectorProducts } from '../../src/engine/secondOrder';
import type { Built, Case, Scalar, Tensor } from './cases';
import { numbers, seedOf } from './cases/numbers';
import { losslab } from './library';

const { tf } = losslab;

/** Value, gradient and H·v at one point, each as one list of numbers. */
interface Derivatives {
  value: number;
  gradient: Float64Array;
  product: Float64Array;
}

type Lists = Float64Array[];

/** What is wrong with the derivatives of a case: errors relative to their size. All should be rounding. */
export interface Errors {
  /** H·v against central differences of the gradient. */
  product: number;
  /** The gradient along v against central differences of the value. */
  gradient: number;
  /** u·Hv against v·Hu. */
  symmetry: number;
  /** Float32, op by op and as a graph, against double precision. */
  eager: number;
  compiled: number;
}

/**
 * Half the distance of a central difference: its error is ε², and 10⁻¹⁶/ε by rounding (10⁻⁷/ε in float32, where a
 * small distance is noisy and a large one may cross a kink: the best of three counts).
 */
const EPSILONS = { float64: [1e-6], float32: [3e-3, 3e-4, 1e-4] };

/**
 * The errors of one case at so many rows. Differences are taken of the double graph; where TensorFlow has no double
 * kernel, of the float32 one, whose rounding they cannot fall below.
 */
export function errorsOf(one: Case, rows: number): Errors {
  const built = one.build(rows);
  try {
    return examine(built, seedOf(one.name), one.double === false ? 'float32' : 'float64');
  } finally {
    built.dispose();
  }
}

function examine({ at, run }: Built, seed: number, precision: 'float64' | 'float32'): Errors {
  const shapes = at.map(({ shape }) => shape);
  const point: Lists = at.map((tensor) => Float64Array.from(tensor.dataSync()));
  const [u, v] = [1, 2].map((n) => point.map(({ length }, i) => direction(length, seed + 100 * n + i)));
  const derive = (where: Tensor[], along: Tensor[]) => {
    const f = (): Scalar => withDraws(7, () => run(where));
    const { value, gradients, products } = hessianVectorProducts(f, where, [along]);
    return { value, gradients, product: products[0] as Tensor[] };
  };
  const exact = asLists(derive, shapes, precision);
  const graph = asLists(derive, shapes, 'float32');
  const eager = eagerly(derive, shapes);
  try {
    return compare({ point, u: u as Lists, v: v as Lists, exact, graph, eager }, EPSILONS[precision]);
  } finally {
    exact.dispose();
    graph.dispose();
  }
}

type Derive = (where: Tensor[], along: Tensor[]) => { value: Scalar; gradients: Tensor[]; product: Tensor[] };
type At = ((where: Lists, along: Lists) => Derivatives) & { dispose(): void };

/** The compiled function of lists of numbers. */
function asLists(derive: Derive, shapes: number[][], precision: 'float64' | 'float32'): At {
  const zeros = shapes.map((shape) => tf.zeros(shape));
  const compiled = compile(derive as (...args: unknown[]) => unknown, [zeros, zeros], {
    precision,
    arrays: true,
  } as never) as unknown as (a: unknown, b: unknown) => Arrays;
  tf.dispose(zeros);
  const typed = (lists: Lists) => (precision === 'float64' ? lists : lists.map((l) => Float32Array.from(l)));
  const call = (where: Lists, along: Lists) => joined(compiled(typed(where), typed(along)));
  return Object.assign(call, { dispose: (compiled as unknown as { dispose(): void }).dispose });
}

type Arrays = { value: ArrayLike<number>; gradients: ArrayLike<number>[]; product: ArrayLike<number>[] };

function joined({ value, gradients, product }: Arrays): Derivatives {
  const join = (lists: ArrayLike<number>[]) => Float64Array.from(lists.flatMap((list) => Array.from(list)));
  return { value: value[0] as number, gradient: join(gradients), product: join(product) };
}

function eagerly(derive: Derive, shapes: number[][]): (where: Lists, along: Lists) => Derivatives {
  const tensors = (lists: Lists) => lists.map((list, i) => tf.tensor(Float32Array.from(list), shapes[i]));
  return (where, along) => {
    const found = tf.tidy(
      () => derive(tensors(where), tensors(along)) as never,
    ) as unknown as ReturnType<Derive>;
    const read = (list: Tensor[]) => list.map((tensor) => tensor.dataSync());
    const lists = joined({
      value: found.value.dataSync(),
      gradients: read(found.gradients),
      product: read(found.product),
    });
    tf.dispose(found as never);
    return lists;
  };
}

interface Compared {
  point: Lists;
  u: Lists;
  v: Lists;
  exact: At;
  graph: At;
  eager: (where: Lists, along: Lists) => Derivatives;
}

function compare({ point, u, v, exact, graph, eager }: Compared, epsilons: number[]): Errors {
  const here = exact(point, v);
  const other = exact(point, u);
  const flatV = flat(v);
  // Where a Hessian is zero or small, it is what is left of terms of the gradient's size: they set the rounding.
  const size = Math.max(norm(here.product), 0.01 * norm(here.gradient), 1e-3);
  const differences = epsilons.map((epsilon) => {
    const [ahead, behind] = [1, -1].map((sign) => exact(shifted(point, v, sign * epsilon), v)) as [
      Derivatives,
      Derivatives,
    ];
    const slope = ahead.gradient.map((g, i) => (g - (behind.gradient[i] as number)) / (2 * epsilon));
    const rise = (ahead.value - behind.value) / (2 * epsilon);
    return {
      product: distance(slope, here.product) / size,
      gradient:
        Math.abs(rise - dot(here.gradient, flatV)) / (Math.max(norm(here.gradient), 1e-3) * norm(flatV)),
    };
  });
  const away = (found: Derivatives) => distance(found.product, here.product) / size;
  return {
    product: Math.min(...differences.map(({ product }) => product)),
    gradient: Math.min(...differences.map(({ gradient }) => gradient)),
    symmetry: Math.abs(dot(flat(u), here.product) - dot(flatV, other.product)) / (size * norm(flatV)),
    eager: away(eager(point, v)),
    compiled: away(graph(point, v)),
  };
}

const direction = (length: number, seed: number): Float64Array =>
  Float64Array.from(numbers(length, seed, [-1, 1]));
const shifted = (point: Lists, v: Lists, by: number): Lists =>
  point.map((list, i) => list.map((x, k) => x + by * (v[i]?.[k] as number)));
const flat = (lists: Lists): Float64Array => Float64Array.from(lists.flatMap((list) => Array.from(list)));
const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));
const distance = (a: Float64Array, b: Float64Array): number => norm(a.map((x, i) => x - (b[i] as number)));

/** What errors may be: of differences, and of float32 beside double precision. */
const ALLOWED: Record<'float64' | 'float32', Errors> = {
  float64: { product: 1e-6, gradient: 1e-6, symmetry: 1e-9, eager: 5e-6, compiled: 5e-6 },
  float32: { product: 5e-3, gradient: 5e-3, symmetry: 1e-5, eager: 5e-6, compiled: 5e-6 },
};

/** Runs a case at several numbers of rows, and names what is too far off. */
export function offences(one: Case, batches: readonly number[]): string[] {
  const allowed = ALLOWED[one.double === false ? 'float32' : 'float64'];
  return batches.flatMap((rows) => {
    const errors = errorsOf(one, rows);
    return (Object.keys(allowed) as (keyof Errors)[])
      .filter((kind) => !(errors[kind] <= allowed[kind]))
      .map((kind) => `${kind} with ${rows} rows: ${errors[kind].toExponential(1)}`);
  });
}
