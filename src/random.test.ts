import { describe, expect, it } from 'vitest';
import { randomFrom } from './random';

const mean = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((a, b) => a + b, 0) / numbers.length;

describe('randomFrom', () => {
  it('gives the same draws for the same seed, others for its neighbour', () => {
    expect(randomFrom(1).gaussians(5)).toEqual(randomFrom(1).gaussians(5));
    const [one, two] = [randomFrom(1).gaussians(10_000), randomFrom(2).gaussians(10_000)];
    // The correlation of independent draws is within 4 standard errors of 0.
    expect(Math.abs(mean(one.map((x, i) => x * two[i]!)))).toBeLessThan(0.04);
  });

  it('draws Gaussian numbers of mean 0, variance 1 and fourth moment 3', () => {
    const draws = randomFrom(7).gaussians(100_001);
    expect(draws).toHaveLength(100_001);
    expect(Math.abs(mean(draws))).toBeLessThan(4 / Math.sqrt(1e5));
    expect(Math.abs(mean(draws.map((x) => x ** 2)) - 1)).toBeLessThan(4 * Math.sqrt(2 / 1e5));
    expect(Math.abs(mean(draws.map((x) => x ** 4)) - 3)).toBeLessThan(4 * Math.sqrt(96 / 1e5));
  });

  it('permutes: every number once, each place as likely', () => {
    const random = randomFrom(3);
    const firsts = Array.from({ length: 6000 }, () => random.permutation(6)[0]!);
    expect(random.permutation(50).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    for (let place = 0; place < 6; place++) {
      const count = firsts.filter((first) => first === place).length;
      expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt((6000 * 5) / 36));
    }
  });

  it('draws whole numbers below a limit and uniform numbers in [0, 1)', () => {
    const random = randomFrom(4);
    const whole = Array.from({ length: 100 }, () => random.below(3));
    expect([...new Set(whole)].sort()).toEqual([0, 1, 2]);
    const uniform = Array.from({ length: 10_000 }, () => random.uniform());
    expect(uniform.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 1e4));
  });

  it('refuses a seed that is not a whole number of 32 bits', () => {
    expect(() => randomFrom(0.5)).toThrow('seed must be a whole number');
    expect(() => randomFrom(2 ** 32)).toThrow('got 4294967296');
    expect(() => randomFrom(Number.NaN)).toThrow(RangeError);
  });
});
