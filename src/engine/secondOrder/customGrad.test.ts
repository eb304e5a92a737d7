import { describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { hessianVectorProducts } from '.';

type Gradient = Parameters<typeof tf.customGrad>[0];
const custom = (f: (x: tf.Tensor, save: (tensors: tf.Tensor[]) => void) => unknown) =>
  tf.customGrad(f as unknown as Gradient) as (x: tf.Tensor) => tf.Tensor;

const saved = (tensors: unknown, i: number) => (tensors as tf.Tensor[])[i] as tf.Tensor;

function hvp(f: (x: tf.Tensor) => tf.Tensor, x: number): number {
  return tf.tidy(() => {
    const at = tf.scalar(x);
    const { products } = hessianVectorProducts(() => f(at) as tf.Scalar, [at], [[tf.scalar(1)]]);
    return products[0]?.[0]?.dataSync()[0] as number;
  });
}

describe('a customGrad that saves an intermediate result', () => {
  const cube = custom(function cubeOf(x, save) {
    const square = tf.square(x);
    save([x, square]);
    return {
      value: tf.mul(square, x),
      gradFunc: (dy: tf.Tensor, kept: unknown) => tf.mul(dy, tf.mul(saved(kept, 1), 3)),
    };
  });

  it('has its gradient', () => {
    expect(tf.grad(cube)(tf.scalar(2)).dataSync()[0]).toBe(12);
  });

  it('throws at second order, naming it, and not by symmetry or luck', () => {
    expect(() => hvp(cube, 2)).toThrow('customGrad cubeOf: its gradient uses a tensor made inside it');
    expect(() => tf.grad(tf.grad(cube))(tf.scalar(2))).toThrow('cubeOf');
  });

  it('throws when it hides the tensor in a closure, or returns it', () => {
    const kept = (use: (dy: tf.Tensor, hidden: tf.Tensor) => tf.Tensor) =>
      custom((x, save) => {
        const slope = tf.keep(tf.mul(x, 2));
        save([x]);
        return { value: tf.square(x), gradFunc: (dy: tf.Tensor) => use(dy, slope) };
      });
    expect(() =>
      hvp(
        kept((dy, slope) => tf.mul(dy, slope)),
        2,
      ),
    ).toThrow('customGrad');
    expect(() =>
      hvp(
        kept((_, slope) => slope),
        2,
      ),
    ).toThrow('customGrad');
  });

  it('is let be when the tensor only chooses', () => {
    const relu = custom((x, save) => {
      const double = tf.mul(x, 2);
      save([double]);
      return {
        value: tf.mul(tf.square(x), tf.step(x)),
        gradFunc: (dy: tf.Tensor, kept: unknown) =>
          tf.mul(dy, tf.cast(tf.greater(saved(kept, 0), 0), 'float32')),
      };
    });
    expect(hvp((x) => relu(tf.square(x)), 3)).toBe(2);
  });
});

describe('a customGrad that saves inputs, outputs or what is on the tape', () => {
  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    [
      'input',
      custom((x, save) => {
        save([x]);
        return {
          value: tf.square(x),
          gradFunc: (dy: tf.Tensor, kept: unknown) => tf.mul(dy, tf.mul(saved(kept, 0), 2)),
        };
      }),
    ],
    [
      'output',
      custom((x, save) => {
        const value = tf.exp(x);
        save([value]);
        return { value, gradFunc: (dy: tf.Tensor, kept: unknown) => tf.mul(dy, saved(kept, 0)) };
      }),
    ],
    [
      'input by closure',
      custom((x) => ({ value: tf.exp(x), gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.exp(x)) })),
    ],
  ])('%s: exact', (name, f) => {
    const g = name === 'input' ? (y: number) => [y * y, 2 * y, 2] : (y: number) => Array(3).fill(Math.exp(y));
    const [, first, second] = g(Math.sin(0.7)) as [number, number, number];
    const expected = second * Math.cos(0.7) ** 2 - first * Math.sin(0.7);
    expect(hvp((x) => f(tf.sin(x)), 0.7)).toBeCloseTo(expected, 5);
  });

  it('leaves no tensor behind', () => {
    const exp = custom((x) => ({ value: tf.exp(x), gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.exp(x)) }));
    const before = tf.memory().numTensors;
    hvp((x) => exp(tf.sin(x)), 0.7);
    tf.tidy(
      () =>
        tf
          .grad((x: tf.Tensor) => exp(tf.sin(x)))(tf.scalar(1))
          .dataSync()[0],
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
