import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { compile, hessianVectorProducts, tf } from '../../src/engine';
import { golden, goldenTheta, goldenX, goldenY } from '../fixtures/golden';

const SHAPES = golden.shapes as number[][];
const size = (shape: number[]): number => shape.reduce((product, side) => product * side, 1);

/** The loss of the reference network, its gradient and the Hessian times one vector. */
function derivatives(weights: tf.Tensor[], vector: tf.Tensor[], x: tf.Tensor, y: tf.Tensor) {
  const loss = (): tf.Scalar => {
    const [w1, b1, w2, b2] = weights as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const hidden = tf.tanh(tf.add(tf.matMul(x, w1), b1));
    return tf.mean(tf.squaredDifference(tf.add(tf.matMul(hidden, w2), b2), y)) as tf.Scalar;
  };
  const { value, gradients, products } = hessianVectorProducts(loss, weights, [vector]);
  return { value, gradients, product: products[0] as tf.Tensor[] };
}

/** One list for each tensor of the network. */
function split(theta: Float64Array): Float64Array[] {
  let start = 0;
  return SHAPES.map((shape) => {
    start += size(shape);
    return theta.slice(start - size(shape), start);
  });
}

const joined = (lists: Float64Array[]): Float64Array => Float64Array.from(lists.flatMap((l) => [...l]));
const near = (found: number, wanted: number, scale: number): void =>
  expect(Math.abs(found - wanted)).toBeLessThan(1e-12 * scale);

function inDouble() {
  const zeros = () => SHAPES.map((shape) => tf.zeros(shape));
  const example = [zeros(), zeros(), tf.zeros([20, 3]), tf.zeros([20, 2])] as const;
  const compiled = compile(derivatives, [...example], { precision: 'float64' });
  tf.dispose([...example]);
  const [x, y] = [goldenX, goldenY].map((rows) => Float64Array.from(rows.flat())) as [
    Float64Array,
    Float64Array,
  ];
  const at = split(goldenTheta);
  return (vector: Float64Array) => compiled(at, split(vector), x, y);
}

const call = inDouble();
const unit = (i: number): Float64Array => new Float64Array(32).fill(1, i, i + 1);

describe('the reference network in float64, to 1e-12', () => {
  it('has the loss and the gradient of the reference', () => {
    const { value, gradients } = call(unit(0));
    const gradient = joined(gradients);
    near(value[0] as number, golden.loss, golden.loss);
    near(Math.hypot(...gradient), golden.grad_norm, golden.grad_norm);
    golden.grad_first5.forEach((g, i) => {
      near(gradient[i] as number, g, Math.abs(g));
    });
  });

  it('has its Hessian: spectrum, trace, norm and the number of negative eigenvalues', () => {
    const matrix = new Matrix(Array.from({ length: 32 }, (_, i) => [...joined(call(unit(i)).product)]));
    const { realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
    const found = realEigenvalues.sort((a, b) => a - b);
    const wanted = [...golden.hess_eigs].sort((a, b) => a - b);
    wanted.forEach((value, i) => {
      near(found[i] as number, value, golden.lam_max);
    });
    near(matrix.trace(), golden.trace, golden.trace);
    near(matrix.norm('frobenius') ** 2, golden.fro2, golden.fro2);
    expect(found.filter((value) => value < 0)).toHaveLength(golden.neg_count);
  });

  it('has a Hessian that is symmetric to the last digits', () => {
    const columns = Array.from({ length: 32 }, (_, i) => joined(call(unit(i)).product));
    columns.forEach((column, i) => {
      column.forEach((value, j) => {
        expect(Math.abs(value - (columns[j]?.[i] as number))).toBeLessThan(1e-15);
      });
    });
  });
});
