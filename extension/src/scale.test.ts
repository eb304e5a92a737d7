import { describe, expect, it } from 'vitest';
import { onScale, rangeOnScale, type Scale, ticks } from './scale';

const linear = (low: number, high: number): Scale => ({ scale: 'linear', range: [low, high] });
const log = (low: number, high: number): Scale => ({ scale: 'log', range: [low, high] });
const texts = (scale: Scale, count: number) => ticks(scale, count).map(({ text }) => text);

describe('a scale', () => {
  it('places values as they are, or by their decimal logarithm', () => {
    expect(onScale(1000, linear(0, 1))).toBe(1000);
    expect(onScale(1000, log(1, 10))).toBeCloseTo(3, 12);
    expect(onScale(0, log(1, 10))).toBeNaN();
    expect(rangeOnScale(log(0.01, 100))).toEqual([-2, 2]);
  });
});

describe('ticks', () => {
  it('are round and lie within the range, its ends included', () => {
    expect(texts(linear(-1, 1), 5)).toEqual(['−1', '−0.5', '0', '0.5', '1']);
    expect(texts(linear(0, 0.3), 4)).toEqual(['0', '0.1', '0.2', '0.3']);
  });

  it('have the digits that tell them apart', () => {
    expect(texts(linear(100.01, 100.05), 5)).toEqual(['100.01', '100.02', '100.03', '100.04', '100.05']);
  });

  it('on a log scale are 1, 2, 5 in a decade or two, and powers of ten beyond', () => {
    expect(texts(log(0.01, 1), 8)).toEqual(['0.01', '0.02', '0.05', '0.1', '0.2', '0.5', '1']);
    expect(texts(log(0.01, 100), 5)).toEqual(['0.01', '0.1', '1', '10', '100']);
    expect(texts(log(1e-6, 1), 4)).toEqual(['10⁻⁶', '10⁻⁴', '0.01', '1']);
  });

  it('on a log scale of less than a decade are those of a linear one, in their places', () => {
    const found = ticks(log(2, 4), 4);
    expect(found.map(({ text }) => text)).toEqual(['2', '2.5', '3', '3.5', '4']);
    for (const { at, text } of found) expect(at).toBeCloseTo(Math.log10(Number(text)), 12);
  });

  it('never are more than a crowd, whatever the range', () => {
    for (const scale of [linear(-3.7, 912), linear(1e-9, 2e-9), log(1e-12, 1e9), log(0.9, 8), log(3, 3.01)])
      for (const count of [2, 5, 8]) expect(ticks(scale, count).length).toBeLessThanOrEqual(2 * count);
  });
});
