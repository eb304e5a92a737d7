import { describe, expect, it } from 'vitest';
import { tf } from '../../backend';
import { compile } from '../../compile';
import { insideOf } from '../../compile/compile';

const image = (shape: readonly number[], seed = 1): tf.Tensor4D =>
  tf.randomNormal(shape as [number, number, number, number], 0, 1, 'float32', seed);
type Pad = 'valid' | 'same';
const slope =
  (size: [number, number], strides: [number, number], pad: Pad) =>
  (x: tf.Tensor4D): tf.Tensor =>
    tf.grad((at) =>
      tf
        .maxPool(at as tf.Tensor4D, size, strides, pad)
        .square()
        .sum(),
    )(x);

function opsOf(compiled: object): string[] {
  const { exact } = insideOf(compiled).state;
  return [...exact.values()].flatMap(({ program }) => program.plan.graph.nodes.map(({ op }) => op));
}

describe('the gradient of max pooling over tiles', () => {
  it.each([
    [[2, 2], 'valid', [5, 8, 6, 3]],
    [[1, 2], 'valid', [2, 4, 6, 1]],
    [[4, 1], 'valid', [3, 8, 5, 2]],
    [[2, 2], 'same', [2, 6, 4, 2]],
  ] as const)('of %j is a choice, the same bits', (size, pad, shape) => {
    const f = slope([...size], [...size], pad);
    const x = image(shape);
    const graph = compile(f, [x]);
    expect(opsOf(graph)).not.toContain('MaxPoolGrad');
    expect(graph(x).dataSync()).toEqual(f(x).dataSync());
    graph.dispose();
  });

  it('goes to the first of equal numbers, as behind a relu', () => {
    const f = slope([2, 2], [2, 2], 'valid');
    const x = tf.tensor4d([1, 1, 0, 0, 1, 1, 0, 0, 2, 3, -1, -1, 3, 3, -1, -1], [1, 4, 4, 1]);
    const graph = compile(f, [x]);
    expect(graph(x).dataSync()).toEqual(f(x).dataSync());
    graph.dispose();
  });

  it('holds for any number of rows, and in double precision', () => {
    const f = slope([2, 2], [2, 2], 'valid');
    const graph = compile(f, [image([6, 4, 4, 2])]);
    for (const rows of [6, 4, 9, 1]) {
      const x = image([rows, 4, 4, 2], rows);
      expect(graph(x).dataSync()).toEqual(f(x).dataSync());
    }
    const x = image([3, 4, 4, 2]);
    const exact = compile(f, [x], { precision: 'float64' });
    const found = exact(Float64Array.from(x.dataSync()));
    f(x)
      .dataSync()
      .forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 6);
      });
    graph.dispose();
    exact.dispose();
  });

  it.each([
    ['overlap', [2, 2], [1, 1], 'valid', [2, 4, 4, 1]],
    ['have a border', [2, 2], [2, 2], 'same', [2, 5, 5, 1]],
    ['leave a rest', [2, 2], [2, 2], 'valid', [2, 5, 5, 1]],
    ['are large', [3, 3], [3, 3], 'valid', [2, 6, 6, 1]],
  ] as const)('is left to TensorFlow where windows %s', (_, size, strides, pad, shape) => {
    const f = slope([...size], [...strides], pad);
    const x = image(shape);
    const graph = compile(f, [x]);
    expect(opsOf(graph)).toContain('MaxPoolGrad');
    expect(graph(x).dataSync()).toEqual(f(x).dataSync());
    graph.dispose();
  });
});
