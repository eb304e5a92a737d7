import { describe, expect, it } from 'vitest';
import { colorScale } from './color';

const ramp = (low: number, high: number, n = 1001): number[] =>
  Array.from({ length: n }, (_, k) => low + ((high - low) * k) / (n - 1));

describe('colorScale', () => {
  it('is logarithmic when max/min > 50, linear at 50', () => {
    expect(colorScale(ramp(1, 51), 'loss').scale).toBe('log');
    expect(colorScale(ramp(1, 50), 'loss').scale).toBe('linear');
  });

  it('is linear as soon as a loss is negative', () => {
    expect(colorScale(ramp(-0.01, 100), 'loss').scale).toBe('linear');
  });

  it('keeps a log scale when a loss is exactly zero, which gets the darkest colour', () => {
    const color = colorScale([0, ...ramp(0.01, 10)], 'loss');
    expect(color.scale).toBe('log');
    expect(color.range[0]).toBe(0.01);
    expect(color.note).toContain('from 0 to 0.01 share the darkest colour');
  });

  it('does not stretch to a single loss of 1e-30', () => {
    const color = colorScale([1e-30, ...ramp(0.5, 100)], 'loss');
    expect(color.range[0]).toBeGreaterThan(0.4);
  });

  it('is clipped at the 99th percentile and says so', () => {
    const color = colorScale([...ramp(1, 2), 1e6], 'loss');
    expect(color.range[1]).toBeCloseTo(1.991, 3);
    expect(color.note).toContain('99th percentile');
    expect(color.note).toContain('10⁶');
  });

  it('counts losses that are not finite', () => {
    const color = colorScale([1, 2, Number.NaN, Number.POSITIVE_INFINITY], 'loss');
    expect(color.note).toContain('Blank: 2 points with a loss that is not finite.');
  });

  it('gives a constant plane a range of positive width, no levels and no note', () => {
    const color = colorScale([3, 3, 3, 3], 'loss');
    expect(color.range).toEqual([1.5, 4.5]);
    expect(color.levels).toEqual([]);
    expect(color.note).toBeUndefined();
    expect(colorScale([0, 0], 'loss').range).toEqual([-0.5, 0.5]);
  });

  it('refuses a plane without a finite loss, and a log scale without a positive one', () => {
    expect(() => colorScale([Number.NaN], 'loss')).toThrow('expected finite losses, got none in 1');
    expect(() => colorScale([-1, 0], 'loss', 'log')).toThrow('log needs positive losses');
  });

  it('does not clip a plateau, whose top percent is no cliff', () => {
    const plateau = Array.from({ length: 1000 }, (_, i) => 1 - Math.exp(-i / 50));
    const scale = colorScale(plateau, 'loss', 'linear');
    expect(scale.range[1]).toBe(Math.max(...plateau));
    expect(scale.note).toBeUndefined();
  });
});
