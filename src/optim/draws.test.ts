import { describe, expect, it } from 'vitest';
import { goldenX, goldenY } from '../../tests/fixtures/golden';
import { tf } from '../engine';
import { lossOf } from '../losses';
import { minimize } from './minimize';
import { sam } from './sam';

const L = tf.layers;
const noisy: Record<string, () => tf.layers.Layer[]> = {
  dropout: () => [L.dropout({ rate: 0.4 })],
  'dropout with a seed of its own': () => [L.dropout({ rate: 0.4, seed: 2 })],
  gaussianNoise: () => [L.gaussianNoise({ stddev: 0.3 })],
  gaussianDropout: () => [L.gaussianDropout({ rate: 0.3 })],
  alphaDropout: () => [L.alphaDropout({ rate: 0.3 })],
  'recurrent dropout': () => [
    L.reshape({ targetShape: [2, 3] }),
    L.lstm({ units: 4, dropout: 0.3, recurrentDropout: 0.3 }),
  ],
};

function modelWith(layers: tf.layers.Layer[]): tf.LayersModel {
  const first = L.dense({ units: 6, activation: 'tanh', inputShape: [3] });
  return tf.sequential({ layers: [first, ...layers, L.dense({ units: 2 })] });
}

/** What each call of a draw in training gave, in order; a layer that keeps a record of its noise. */
class Recorded extends tf.layers.Layer {
  static className = 'RecordedDraws';
  readonly seen: number[][] = [];
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean }): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor];
    if (!training) return x;
    const mask = tf.dropout(tf.ones(x.shape), 0.5);
    this.seen.push(Array.from(mask.dataSync()));
    return tf.mul(x, mask);
  }
}

describe('training with layers that draw', () => {
  for (const [name, layers] of Object.entries(noisy))
    it(`${name}: twice the same run, bit for bit; another seed another`, async () => {
      const loss = lossOf(modelWith(layers()), { x: goldenX, y: goldenY, loss: 'meanSquaredError' });
      const theta = loss.params({ seed: 1 });
      for (const optimizer of [tf.train.sgd(0.1), sam(tf.train.sgd(0.1), { rho: 0.1 })]) {
        const run = (seed: number) => minimize(loss, theta, optimizer, { steps: 4, seed });
        const [first, again, other] = [await run(1), await run(1), await run(2)];
        expect(again.theta).toEqual(first.theta);
        expect(again.history).toEqual(first.history);
        expect(other.theta).not.toEqual(first.theta);
      }
    });

  it('leaves no tensor behind, recurrent masks included', async () => {
    const layers = noisy['recurrent dropout']?.() ?? [];
    const loss = lossOf(modelWith(layers), { x: goldenX, y: goldenY, loss: 'meanSquaredError' });
    const theta = loss.params({ seed: 1 });
    const optimizer = sam(tf.train.sgd(0.1));
    const run = () => minimize(loss, theta, optimizer, { steps: 3, seed: 1 });
    await run();
    const tensors = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors);
  });
});

describe("SAM's two gradients", () => {
  it('share their masks in minimize, fresh at each step', async () => {
    const layer = new Recorded({});
    const loss = lossOf(modelWith([layer]), { x: goldenX, y: goldenY, loss: 'meanSquaredError' });
    await minimize(loss, loss.params(), sam(tf.train.sgd(0.1)), { steps: 3, seed: 1 });
    expectPairs(layer.seen, 3);
  });

  it('share them in model.fit, fresh at each step', async () => {
    const layer = new Recorded({});
    const model = modelWith([layer]);
    model.compile({ optimizer: sam(tf.train.sgd(0.1)), loss: 'meanSquaredError' });
    await model.fit(tf.tensor(goldenX), tf.tensor(goldenY), { epochs: 3, batchSize: 20, verbose: 0 });
    expectPairs(layer.seen, 3);
  });

  it('are those of one masked loss: with rho = 0 they are equal bit for bit', () => {
    const w = tf.variable(tf.linspace(1, 2, 50));
    const f = () => tf.sum(tf.square(tf.dropout(w, 0.5))) as tf.Scalar;
    const { value, grads } = sam(tf.train.sgd(0.1), { rho: 0 }).computeGradients(f, [w]);
    // f = 4·Σw² and ∂f = 8·w over what is kept: Σ w·∂f = 2f.
    const product = tf.sum(tf.mul(grads[w.name] as tf.Tensor, w)).dataSync()[0] as number;
    expect(product / (value.dataSync()[0] as number)).toBeCloseTo(2, 5);
  });

  it('put Math.random back and leave no seed behind when the loss throws', () => {
    const random = Math.random;
    const w = tf.variable(tf.ones([3]));
    const tensors = tf.memory().numTensors;
    let calls = 0;
    const f = () => {
      if (++calls === 2) throw new Error('no');
      return tf.sum(tf.square(tf.dropout(w, 0.5))) as tf.Scalar;
    };
    const optimizer = sam(tf.train.sgd(0.1));
    expect(() => tf.tidy(() => void optimizer.computeGradients(f, [w]))).toThrow('no');
    optimizer.dispose();
    expect(Math.random).toBe(random);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

function expectPairs(seen: number[][], steps: number): void {
  expect(seen).toHaveLength(2 * steps);
  for (let step = 0; step < steps; step++) expect(seen[2 * step + 1]).toEqual(seen[2 * step]);
  expect(new Set(seen.map(String)).size).toBe(steps);
}
