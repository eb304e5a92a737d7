import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { afterEach, describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { wasmFolder } from '../node';
import { sharedSeed, withDraws } from './context';

const random = Math.random;
const makeTensor = tf.engine().makeTensor;

function expectRestored(): void {
  expect(Math.random).toBe(random);
  expect(tf.engine().makeTensor).toBe(makeTensor);
  expect(Object.hasOwn(tf.engine(), 'makeTensor')).toBe(false);
  expect('random' in {}).toBe(false);
}

afterEach(expectRestored);

const N = 20_000;
const draws: Record<string, { draw: () => tf.Tensor; mean: number; deviation: number }> = {
  randomUniform: { draw: () => tf.randomUniform([N], -1, 5), mean: 2, deviation: 6 / Math.sqrt(12) },
  'randomUniform at its defaults': {
    draw: () => tf.randomUniform([N]),
    mean: 0.5,
    deviation: 1 / Math.sqrt(12),
  },
  randomNormal: { draw: () => tf.randomNormal([N], 3, 0.25), mean: 3, deviation: 0.25 },
  randomStandardNormal: { draw: () => tf.randomStandardNormal([N]), mean: 0, deviation: 1 },
  truncatedNormal: { draw: () => tf.truncatedNormal([N], -1, 2), mean: -1, deviation: 2 * 0.879626 },
  dropout: { draw: () => tf.dropout(tf.ones([N]), 0.3), mean: 1, deviation: Math.sqrt(0.3 / 0.7) },
};

function values(seed: tf.Tensor1D | number, draw: () => tf.Tensor): Float32Array {
  const drawn = withDraws(seed, draw);
  const list = drawn.dataSync().slice() as Float32Array;
  drawn.dispose();
  return list;
}

describe('withDraws', () => {
  for (const [name, { draw, mean, deviation }] of Object.entries(draws)) {
    it(`makes ${name} by the seed, and without it they stay as they were`, () => {
      expect(values(1, draw)).toEqual(values(1, draw));
      expect(values(1, draw)).not.toEqual(values(2, draw));
      const [one, other] = [draw(), draw()];
      expect(one.dataSync()).not.toEqual(other.dataSync());
      tf.dispose([one, other]);
    });

    it(`keeps the limits of ${name}: its mean and deviation`, () => {
      const list = values(3, draw);
      const average = list.reduce((sum, u) => sum + u, 0) / N;
      const spread = Math.sqrt(list.reduce((sum, u) => sum + (u - average) ** 2, 0) / N);
      expect(Math.abs(average - mean)).toBeLessThan((4 * deviation) / Math.sqrt(N));
      expect(Math.abs(spread / deviation - 1)).toBeLessThan(0.03);
    });
  }

  it('keeps the limits of a single number, which no statistics could recover', () => {
    expect(values(1, () => tf.randomUniform([1], 7, 7 + 1e-3))[0]).toBeCloseTo(7, 2);
    expect(values(1, () => tf.randomNormal([], -50, 1e-3))[0]).toBeCloseTo(-50, 1);
  });

  it('draws of one run are uncorrelated', () => {
    const [a, b, c] = withDraws(1, () => [0, 1, 2].map(() => tf.randomNormal([N]))) as tf.Tensor[];
    for (const [x, y] of [
      [a, b],
      [b, c],
      [a, c],
    ] as tf.Tensor[][])
      expect(Math.abs(tf.mean(tf.mul(x as tf.Tensor, y as tf.Tensor)).dataSync()[0] as number)).toBeLessThan(
        4 / Math.sqrt(N),
      );
  });

  it('takes the seed as a tensor: equal to its number', () => {
    const seed = tf.tensor1d([-3, -1], 'int32');
    const draw = () => tf.concat([tf.randomUniform([5]), tf.randomNormal([5])]);
    expect(values(seed, draw)).toEqual(values(-3, draw));
  });

  it.runIf(tf.getBackend() === 'tensorflow')(
    'draws the same bits on every backend, draw after draw',
    async () => {
      const run = (seed: number) =>
        tf.tidy(() =>
          withDraws(seed, () => Array.from({ length: 9 }, () => tf.randomUniform([3]))).flatMap((u) => [
            ...u.dataSync(),
          ]),
        );
      const all = () => [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 52 + 12345].flatMap(run);
      const native = all();
      setWasmPaths(wasmFolder());
      for (const backend of ['cpu', 'wasm']) {
        await tf.setBackend(backend);
        expect(all()).toEqual(native);
      }
      await tf.setBackend('tensorflow');
      expect(new Set(native).size).toBeGreaterThan(native.length - 3);
    },
  );

  it('tells 2³² from 0 and −1 from 2³² − 1', () => {
    const draw = () => tf.randomUniform([5]);
    const lists = [0, 2 ** 32, -1, 2 ** 32 - 1].map((seed) => String(values(seed, draw)));
    expect(new Set(lists).size).toBe(4);
  });

  it('leaves a draw with a seed of its own as it is', () => {
    const seeded = () => tf.randomUniform([5], 0, 1, 'float32', 9);
    expect(values(1, seeded)).toEqual(seeded().dataSync());
    const normal = () => tf.randomNormal([5], 0, 1, 'int32', 9);
    expect(withDraws(1, normal).dataSync()).toEqual(normal().dataSync());
  });

  it('leaves Math.random itself to who calls it, and tensors made in JavaScript what they are', () => {
    const [a, b] = [withDraws(1, () => Math.random()), withDraws(1, () => Math.random())];
    expect(a).not.toBe(b);
    expect(values(1, () => tf.tensor1d([1, 2, 3]))).toEqual(Float32Array.of(1, 2, 3));
  });

  it('counts from 0 in each run, nested ones too', () => {
    const draw = () => tf.randomUniform([3]);
    const lists = withDraws(1, () => {
      const first = draw().dataSync();
      const inner = [values(2, draw), values(2, draw)];
      return [first, ...inner, draw().dataSync()];
    });
    expect(lists[0]).toEqual(values(1, draw));
    expect(lists[1]).toEqual(values(2, draw));
    expect(lists[2]).toEqual(values(2, draw));
    expect(lists[3]).toEqual(withDraws(1, () => [draw(), draw()])[1]?.dataSync());
  });

  it('puts everything back when what runs throws, in the middle of a draw as well', () => {
    const broken = () => {
      tf.randomUniform([2]);
      throw new Error('broken');
    };
    expect(() => withDraws(1, broken)).toThrow('broken');
    expectRestored();
    expect(() => withDraws(1, () => tf.randomUniform([-1]))).toThrow();
    expectRestored();
    expect(() => withDraws(1, () => tf.multinomial(tf.tensor1d([1, 1]), 1))).toThrow(TypeError);
    expectRestored();
  });

  it('leaves no tensor behind, after an error neither', () => {
    const before = tf.memory().numTensors;
    for (const { draw } of Object.values(draws)) withDraws(1, () => tf.tidy(() => void draw()));
    const broken = () => {
      tf.randomNormal([2]);
      throw new Error('broken');
    };
    expect(() => tf.tidy(() => withDraws(1, broken))).toThrow('broken');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('makes integers as TensorFlow.js does: uniform ones lose their fraction, normal ones are rounded', () => {
    const whole = (draw: () => tf.Tensor, step: (x: number) => number, floats: () => tf.Tensor) => {
      const drawn = withDraws(1, draw);
      expect(drawn.dtype).toBe('int32');
      expect(Array.from(drawn.dataSync())).toEqual(Array.from(values(1, floats), (x) => step(x) + 0));
    };
    const floats = () => tf.randomUniform([50], -9, 9);
    whole(() => tf.randomUniform([50], -9, 9, 'int32'), Math.trunc, floats);
    whole(() => tf.randomUniformInt([50], -9, 9), Math.trunc, floats);
    const normal = () => tf.randomNormal([50], 0, 9);
    whole(() => tf.randomNormal([50], 0, 9, 'int32'), Math.round, normal);
    const bits = withDraws(1, () => tf.randomUniform([500], 0, 2, 'bool'));
    expect(bits.dtype).toBe('bool');
    expect(new Set(bits.dataSync())).toEqual(new Set([0, 1]));
  });

  it('seeds the draws that have no stateless form when the seed is a number', () => {
    for (const draw of [() => tf.randomGamma([50], 2), () => tf.rand([50], () => Math.random())]) {
      expect(values(1, draw)).toEqual(values(1, draw));
      expect(values(1, draw)).not.toEqual(values(2, draw));
      expect(values(1, draw)).not.toEqual(values(2 ** 32 + 1, draw));
      expect(new Set(values(1, draw)).size).toBe(50);
    }
  });

  it('refuses them when it is a tensor, and always tf.multinomial, and says what to do', () => {
    const seed = tf.tensor1d([1, 2], 'int32');
    const choose = () => tf.multinomial(tf.tensor1d([0.5, 0.5]), 2);
    const refused: [tf.Tensor1D | number, () => tf.Tensor, RegExp][] = [
      [seed, () => tf.randomGamma([2], 1), /must be uniform or normal.*got randomGamma.*Draw outside/],
      [seed, () => tf.rand([2], () => Math.random()), /got rand\./],
      [seed, choose, /got multinomial/],
      [1, choose, /got multinomial/],
    ];
    for (const [by, draw, message] of refused) {
      expect(() => withDraws(by, draw)).toThrow(message);
      expect(() => withDraws(by, draw)).toThrow(TypeError);
      tf.dispose(draw());
    }
  });

  it('refuses seeds that are no whole numbers or no pair of int32, and promises', () => {
    expect(() => withDraws(1.5, () => 1)).toThrow(RangeError);
    expect(() => withDraws(2 ** 53, () => 1)).toThrow('seed must be a whole number, got 9007199254740992');
    expect(() => withDraws(tf.tensor1d([1, 2]), () => 1)).toThrow(/int32 tensor of shape \[2\]/);
    expect(() => withDraws(1, async () => 1)).toThrow(/must not be asynchronous/);
  });

  it('gives the gradient of what it drew: dropout passes the slope of the mask alone', () => {
    const x = tf.tensor1d([1, 2, 3, 4, 5, 6]);
    const f = (at: tf.Tensor) => withDraws(4, () => tf.sum(tf.square(tf.dropout(at, 0.5))) as tf.Scalar);
    const mask = values(4, () => tf.dropout(tf.ones([6]), 0.5));
    const slope = tf.grad(f)(x).dataSync();
    expect(new Set(mask)).toEqual(new Set([0, 2]));
    slope.forEach((g, i) => {
      expect(g).toBeCloseTo(2 * (mask[i] as number) ** 2 * (i + 1), 4);
    });
  });

  it('inside another gradient draws the same: the Hessian-vector product of a masked square', () => {
    const x = tf.tensor1d([1, 2, 3, 4]);
    const v = tf.tensor1d([1, -1, 2, 0.5]);
    const f = (at: tf.Tensor) => withDraws(4, () => tf.sum(tf.square(tf.dropout(at, 0.5))) as tf.Scalar);
    const hvp = tf
      .grad((at: tf.Tensor) => tf.sum(tf.mul(tf.grad(f)(at), v)))(x)
      .dataSync();
    const mask = values(4, () => tf.dropout(tf.ones([4]), 0.5));
    hvp.forEach((h, i) => {
      expect(h).toBeCloseTo(2 * (mask[i] as number) ** 2 * (v.dataSync()[i] as number), 5);
    });
  });
});

describe('sharedSeed', () => {
  const draw = () => tf.randomUniform([4]);

  it('is fresh each time outside of a run', () => {
    expect(sharedSeed()).not.toBe(sharedSeed());
  });

  it('follows from the seed inside, and differs from the next draw', () => {
    const twice = () =>
      withDraws(1, () => {
        const seed = sharedSeed();
        return [values(seed, draw), values(seed, draw), draw().dataSync()].map(String);
      });
    const [first, again, next] = twice();
    expect(twice()).toEqual([first, again, next]);
    expect(again).toBe(first);
    expect(next).not.toBe(first);
  });
});
