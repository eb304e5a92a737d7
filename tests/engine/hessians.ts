import { expect } from 'vitest';
import { tf } from '../../src/engine/backend';
import { hessianVectorProducts } from '../../src/engine/secondOrder';

type Operation = (...at: tf.Tensor[]) => tf.Tensor;

/**
 * Expects the gradient of Σ c·f(at), c fixed numbers, to agree with central differences of the value, and its
 * Hessian-vector products to be symmetric and to agree with central differences of the first-order gradient. float32 differences of step h err by about 1e-7/h + h².
 */
export function expectExact(f: Operation, at: tf.Tensor[], tolerance = 1e-2, step = 2e-3): void {
  tf.tidy(() => {
    const loss = (...x: tf.Tensor[]) => weighted(f(...x));
    const [u, v] = [0.3, 1.1].map((phase) => at.map(({ shape }) => waves(shape, phase))) as [
      tf.Tensor[],
      tf.Tensor[],
    ];
    const { gradients, products } = hessianVectorProducts(() => loss(...at), at, [u, v]);
    const [Hu, Hv] = products as [tf.Tensor[], tf.Tensor[]];
    const scale = Math.sqrt(dot(Hv, Hv)) + 1e-3;
    expect(Math.abs(dot(u, Hv) - dot(v, Hu))).toBeLessThan(1e-5 * scale * Math.sqrt(dot(u, u)));
    const gradientAt = (sign: number) => tf.grads(loss)(at.map((x, i) => moved(x, v[i], sign * step)));
    const [up, down] = [gradientAt(1), gradientAt(-1)];
    const difference = up.map((g, i) => tf.div(tf.sub(g, down[i] as tf.Tensor), 2 * step));
    expect(distance(difference, Hv)).toBeLessThan(tolerance * scale);
    const valueAt = (sign: number) =>
      loss(...at.map((x, i) => moved(x, v[i], sign * step))).dataSync()[0] as number;
    const slope = (valueAt(1) - valueAt(-1)) / (2 * step);
    const first = tf.grads(loss)(at);
    const noise = (1e-6 * (1 + Math.abs(valueAt(0)))) / step;
    expect(Math.abs(slope - dot(first, v))).toBeLessThan(
      noise + tolerance * Math.sqrt(dot(first, first) + 1e-6),
    );
    expect(distance(first, gradients)).toBeLessThan(1e-5 * (1 + Math.sqrt(dot(first, first))));
  });
}

/** The gradient of Σ c·f(x) by x, for comparisons between two ways to compute f. */
export function gradientOf(f: Operation, x: tf.Tensor): tf.Tensor {
  return tf.grad((y: tf.Tensor) => weighted(f(y)))(x);
}

/** Fixed, uneven numbers. */
export function waves(shape: number[], phase = 0): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase + 0.1 * i * i));
  return tf.tensor(values, shape);
}

function weighted(y: tf.Tensor): tf.Scalar {
  return tf.sum(tf.mul(y, waves(y.shape, 0.5))) as tf.Scalar;
}

function moved(x: tf.Tensor, v: tf.Tensor | undefined, by: number): tf.Tensor {
  return tf.add(x, tf.mul(v as tf.Tensor, by));
}

function dot(a: tf.Tensor[], b: tf.Tensor[]): number {
  return a.reduce((sum, x, i) => {
    const y = (b[i] as tf.Tensor).dataSync();
    return sum + Array.from(x.dataSync()).reduce((part, value, k) => part + value * (y[k] as number), 0);
  }, 0);
}

function distance(a: tf.Tensor[], b: tf.Tensor[]): number {
  const difference = a.map((x, i) => tf.sub(x, b[i] as tf.Tensor));
  return Math.sqrt(dot(difference, difference));
}
