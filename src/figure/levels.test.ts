import { describe, expect, it } from 'vitest';
import { isolevels, labelledLevels } from './levels';

const RANGES: [number, number][] = [
  [0, 1],
  [0.02, 2.31],
  [-3, 7],
  [1e-8, 3e-8],
  [100.001, 100.002],
  [-5e6, -1e6],
  [0.3, 0.9999],
];
const LOG_RANGES: [number, number][] = [
  [0.02, 2.31],
  [1e-6, 1],
  [1e-12, 50],
  [1, 60],
  [0.5, 1.2],
  [3, 4e9],
  [1e-3, 1e25],
];

describe('isolevels', () => {
  it.each(RANGES)('gives 12 to 20 rising levels strictly inside the linear range %d to %d', (low, high) => {
    const levels = isolevels([low, high], 'linear');
    expect(levels.length).toBeGreaterThanOrEqual(12);
    expect(levels.length).toBeLessThanOrEqual(20);
    expect(levels.every((x, i) => x > low && x < high && (i === 0 || x > levels[i - 1]!))).toBe(true);
  });

  it.each(LOG_RANGES)('gives 12 to 20 rising levels strictly inside the log range %d to %d', (low, high) => {
    const levels = isolevels([low, high], 'log');
    expect(levels.length).toBeGreaterThanOrEqual(12);
    expect(levels.length).toBeLessThanOrEqual(20);
    expect(levels.every((x, i) => x > low && x < high && (i === 0 || x > levels[i - 1]!))).toBe(true);
  });

  it('reaches from one end of the range to the other', () => {
    for (const [low, high] of [...RANGES, [1e-7, 3e-7] as [number, number]]) {
      const levels = isolevels([low, high], 'linear');
      expect(levels[0]! - low).toBeLessThan((high - low) / 8);
      expect(high - levels[levels.length - 1]!).toBeLessThan((high - low) / 8);
    }
  });

  it('counts in round numbers where it can', () => {
    expect(isolevels([0, 1.5], 'linear')).toEqual(Array.from({ length: 14 }, (_, k) => (k + 1) / 10));
    expect(isolevels([0.9e-4, 1.1], 'log')).toEqual([
      1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1,
    ]);
  });

  it('gives none for a range that is a point', () => {
    expect(isolevels([2, 2], 'linear')).toEqual([]);
  });
});

describe('labelledLevels', () => {
  it('labels 4 to 7 of any 12 to 20 levels, each with a text of its own', () => {
    for (let n = 12; n <= 20; n++) {
      const levels = Array.from({ length: n }, (_, k) => 100 + k / 1000);
      const labelled = labelledLevels(levels);
      expect(labelled.length).toBeGreaterThanOrEqual(4);
      expect(labelled.length).toBeLessThanOrEqual(7);
      expect(new Set(labelled.map(({ text }) => text)).size).toBe(labelled.length);
      expect(labelled.every(({ level }) => levels.includes(level))).toBe(true);
    }
  });

  it('writes round levels with no more digits than they have', () => {
    expect(labelledLevels([0.1, 0.2, 0.5]).map(({ text }) => text)).toEqual(['0.1', '0.2', '0.5']);
  });
});
