import { describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { compile } from '../compile/compile';
import { withDraws } from './context';
import { statelessTruncatedNormal } from './normal';

const seedOf = (a: number, b: number) => tf.tensor1d([a, b], 'int32');
const rows = (n: number) => tf.sin(tf.range(0, n * 6)).reshape([n, 6]) as tf.Tensor2D;

function drawn(seed: tf.Tensor1D, x: tf.Tensor): tf.Tensor {
  return withDraws(seed, () => {
    const noisy = tf.add(x, tf.randomNormal(x.shape, 1, 0.5));
    const masked = tf.dropout(noisy, 0.4);
    return tf.add(masked, tf.mul(tf.randomUniform([1, 6], -1, 2), statelessTruncatedNormal([1, 6], seed)));
  });
}

describe.runIf(tf.getBackend() === 'tensorflow')('a compiled function that draws', () => {
  it('takes the seed as an input: equal to eager at every seed and number of rows', () => {
    const graph = compile(drawn, [seedOf(1, 2), rows(8)]);
    for (const [seed, n] of [
      [seedOf(1, 2), 8],
      [seedOf(-5, 2 ** 31 - 1), 8],
      [seedOf(3, 4), 5],
      [seedOf(3, 4), 1],
    ] as [tf.Tensor1D, number][]) {
      const [fast, eager] = [graph(seed, rows(n)).dataSync(), drawn(seed, rows(n)).dataSync()];
      expect(fast).toHaveLength(n * 6);
      fast.forEach((value, i) => {
        expect(Math.abs(value - (eager[i] as number))).toBeLessThan(2e-6);
      });
    }
    graph.dispose();
  });

  it('so does the gradient of a network with recurrent dropout and noise', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.lstm({ units: 3, dropout: 0.3, recurrentDropout: 0.3, inputShape: [2, 3] }),
        tf.layers.gaussianNoise({ stddev: 0.2 }),
        tf.layers.dropout({ rate: 0.3, seed: 4 }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const slope = (seed: tf.Tensor1D, x: tf.Tensor) =>
      tf.grad((at) =>
        withDraws(seed, () => tf.sum(tf.square(model.apply(at, { training: true }) as tf.Tensor)), model),
      )(x);
    const points = rows(6).reshape([6, 2, 3]);
    const graph = compile(slope, [seedOf(1, 2), points]);
    for (const seed of [seedOf(1, 2), seedOf(9, 9)]) {
      const [fast, eager] = [graph(seed, points).dataSync(), slope(seed, points).dataSync()];
      expect(eager.some((g) => Math.abs(g) > 1e-3)).toBe(true);
      fast.forEach((g, i) => {
        expect(Math.abs(g - (eager[i] as number))).toBeLessThan(2e-6);
      });
    }
    expect(graph(seedOf(1, 2), points).dataSync()).not.toEqual(graph(seedOf(9, 9), points).dataSync());
    graph.dispose();
  });
});
