import { afterEach, describe, expect, it } from 'vitest';
import { tf } from '../engine';
import { datasets } from '.';
import { DIGITS } from './digits-data';

/** Images of 0, 1 … 9 in the collection. */
const CLASS_SIZES = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];

type Options = Parameters<typeof datasets.digits>[0];

/** Labels and pixels as plain numbers; the tensors are disposed. */
function read(options?: Options) {
  const data = datasets.digits(options);
  const plain = (part: 'train' | 'test') => ({
    x: data[part].x.arraySync(),
    y: data[part].y.arraySync().map((row) => row.indexOf(1)),
    sums: data[part].y.arraySync().map((row) => row.reduce((a, b) => a + b, 0)),
  });
  const result = { train: plain('train'), test: plain('test') };
  tf.dispose([data.train.x, data.train.y, data.test.x, data.test.y]);
  return result;
}

const counts = (labels: number[]) =>
  Array.from({ length: 10 }, (_, c) => labels.filter((label) => label === c).length);

describe('datasets.digits', () => {
  const before = tf.memory().numTensors;
  afterEach(() => expect(tf.memory().numTensors).toBe(before));

  it('are the 1,797 images of the collection, with its counts of each class', () => {
    const { train, test } = read();
    expect(counts([...train.y, ...test.y])).toEqual(CLASS_SIZES);
    const total = [...train.x, ...test.x].flat().reduce((sum, pixel) => sum + pixel, 0);
    // The sum of all pixels of scikit-learn's load_digits().data.
    expect(total * 16).toBe(561718);
  });

  it('show the first image as it is in the collection', () => {
    const [label, ...pixels] = DIGITS.split('\n')[0]!;
    expect(label).toBe('0');
    // As printed in scikit-learn's documentation: load_digits().images[0].
    expect(pixels.map((p) => Number.parseInt(p, 17))).toEqual(
      [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
        [0, 3, 15, 2, 0, 11, 8, 0],
        [0, 4, 12, 0, 0, 8, 8, 0],
        [0, 5, 8, 0, 0, 9, 8, 0],
        [0, 4, 11, 0, 1, 12, 7, 0],
        [0, 2, 14, 5, 10, 12, 0, 0],
        [0, 0, 6, 13, 10, 0, 0, 0],
      ].flat(),
    );
  });

  it('keep the asked-for share of each class for testing', () => {
    const { train, test } = read({ test: 0.2, seed: 1 });
    expect(test.y).toHaveLength(360);
    expect(train.y).toHaveLength(1437);
    counts(test.y).forEach((count, c) => {
      expect(Math.abs(count - 0.2 * CLASS_SIZES[c]!)).toBeLessThan(1);
    });
    expect(new Set(train.sums)).toEqual(new Set([1]));
  });

  it('split alike for the same seed, otherwise for another', () => {
    expect(read({ seed: 5 })).toEqual(read({ seed: 5 }));
    expect(read({ seed: 5 }).test.x).not.toEqual(read({ seed: 6 }).test.x);
  });

  it('have pixels in [0, 1] and no image in both parts', () => {
    const { train, test } = read({ seed: 2 });
    expect(train.x.flat().every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
    const seen = new Set(train.x.map((row) => row.join()));
    expect(test.x.filter((row) => seen.has(row.join()))).toHaveLength(0);
  });

  it('have exactly the asked-for share of wrong training labels, and no other change', () => {
    const [clean, noisy] = [read({ seed: 3 }), read({ seed: 3, labelNoise: 0.25 })];
    expect(noisy.train.x).toEqual(clean.train.x);
    expect(noisy.test).toEqual(clean.test);
    const wrong = noisy.train.y.filter((label, i) => label !== clean.train.y[i]);
    expect(wrong).toHaveLength(Math.round(0.25 * clean.train.y.length));
    expect(Math.min(...counts(wrong))).toBeGreaterThan(15);
  });

  it('may all be for training', () => {
    const { train, test } = read({ test: 0 });
    expect(train.y).toHaveLength(1797);
    expect(test.y).toHaveLength(0);
  });

  it('refuse shares that are none', () => {
    expect(() => datasets.digits({ test: 1 })).toThrow('test must be a share >= 0 and < 1, got 1');
    expect(() => datasets.digits({ labelNoise: -0.1 })).toThrow(RangeError);
    expect(() => datasets.digits({ seed: 0.5 })).toThrow('seed must be');
  });
});
