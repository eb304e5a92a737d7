import { compile, withDraws } from '../../src/engine';
import { hessianVectorProducts } from '../../src/engine/secondOrder';
import type { Built, Scalar, Tensor } from './cases';
import { numbers } from './cases/numbers';
import { losslab } from './library';

const { tf } = losslab;

/** Value, gradient and H·v at one point, each as one list of numbers. */
export interface Derivatives {
  value: number;
  gradient: Float64Array;
  /** Empty where only the gradient is asked for. */
  product: Float64Array;
}

/** One list for each tensor of the point. */
export type Lists = Float64Array[];
export type Derive = (where: Tensor[], along: Tensor[]) => Results;
interface Results {
  value: Scalar;
  gradients: Tensor[];
  product: Tensor[];
}

/** The derivatives at a point along a vector; what it holds is freed by `dispose`. */
export type At = ((where: Lists, along: Lists) => Derivatives) & { dispose(): void };

/**
 * The point, hardly moved. What flows into an op is then never a graph's own input but a passing result, whose memory
 * TensorFlow may use again: there a kernel that reads what it has already written over is found out.
 */
const bent = (where: Tensor[]): Tensor[] => where.map((x) => tf.add(x, tf.mul(tf.square(x), 1e-3)));

/** Value, gradient and Hessian-vector product by double backpropagation; its draws are the same at each call. */
export function twice({ run }: Built): Derive {
  return (where, along) => {
    const f = (): Scalar => withDraws(7, () => run(bent(where)));
    const { value, gradients, products } = hessianVectorProducts(f, where, [along]);
    return { value, gradients, product: products[0] as Tensor[] };
  };
}

/** Value and gradient as `tf.grads` gives them. */
export function once({ run }: Built): Derive {
  return (where) => {
    const f = (...point: Tensor[]): Scalar => withDraws(7, () => run(point));
    const { value, grads } = tf.valueAndGrads(f)(where);
    return { value: value as Scalar, gradients: grads, product: [] };
  };
}

/** The compiled function of lists of numbers. */
export function asGraph(derive: Derive, shapes: number[][], precision: 'float64' | 'float32'): At {
  const zeros = shapes.map((shape) => tf.zeros(shape));
  try {
    const compiled = compile(derive as (...args: unknown[]) => unknown, [zeros, zeros], {
      precision,
      arrays: true,
    } as never) as unknown as ((a: unknown, b: unknown) => Arrays) & { dispose(): void };
    const typed = (lists: Lists) =>
      precision === 'float64' ? lists : lists.map((l) => Float32Array.from(l));
    const call = (where: Lists, along: Lists) => joined(compiled(typed(where), typed(along)));
    return Object.assign(call, { dispose: compiled.dispose });
  } finally {
    tf.dispose(zeros);
  }
}

type Arrays = { value: ArrayLike<number>; gradients: ArrayLike<number>[]; product: ArrayLike<number>[] };

function joined({ value, gradients, product }: Arrays): Derivatives {
  const join = (lists: ArrayLike<number>[]) => Float64Array.from(lists.flatMap((list) => Array.from(list)));
  return { value: value[0] as number, gradient: join(gradients), product: join(product) };
}

/** Op by op, in float32. */
export function eagerly(derive: Derive, shapes: number[][]): (where: Lists, along: Lists) => Derivatives {
  const tensors = (lists: Lists) => lists.map((list, i) => tf.tensor(Float32Array.from(list), shapes[i]));
  return (where, along) => {
    const found = tf.tidy(() => derive(tensors(where), tensors(along)) as never) as unknown as Results;
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

/** A point as lists of numbers. */
export const listsOf = (at: Tensor[]): Lists => at.map((tensor) => Float64Array.from(tensor.dataSync()));

/** Random numbers for each number of a point. */
export const directionAt = (point: Lists, seed: number): Lists =>
  point.map(({ length }, i) => Float64Array.from(numbers(length, seed + i, [-1, 1])));

export const flat = (lists: Lists): Float64Array =>
  Float64Array.from(lists.flatMap((list) => Array.from(list)));
export const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));
export const distance = (a: Float64Array, b: Float64Array): number =>
  norm(a.map((x, i) => x - (b[i] as number)));

/** Where a Hessian is zero or small, it is what is left of terms of the gradient's size: they set the rounding. */
export const sizeOf = ({ product, gradient }: Derivatives): number =>
  Math.max(norm(product), 0.01 * norm(gradient), 1e-3);
