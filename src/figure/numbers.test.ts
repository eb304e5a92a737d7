import { describe, expect, it } from 'vitest';
import { formatCount, formatNumber, words } from './format';
import { decodeNumbers, encodeNumbers, lengthOf } from './numbers';
import { VIRIDIS, viridis } from './palette';

describe('encodeNumbers', () => {
  it('keeps five digits of short lists, and null for what is not finite', () => {
    expect(encodeNumbers([1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 0])).toEqual([0.33333, null, null, 0]);
  });

  it('packs long lists as Float32, with NaN and infinities themselves', () => {
    const list = Array.from({ length: 100 }, (_, i) => Math.sin(i));
    list[7] = Number.NaN;
    list[8] = Number.NEGATIVE_INFINITY;
    const packed = encodeNumbers(list);
    expect(Array.isArray(packed)).toBe(false);
    expect(lengthOf(packed)).toBe(100);
    expect(Array.from(decodeNumbers(JSON.parse(JSON.stringify(packed))))).toEqual(list.map(Math.fround));
  });
});

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [-2.5, '−2.5'],
    [12345, '12,300'],
    [1e6, '10⁶'],
    [2.5e-7, '2.5×10⁻⁷'],
    [Number.NaN, 'NaN'],
  ])('writes %d as %s', (x, text) => {
    expect(formatNumber(x)).toBe(text);
  });

  it('sets thousands apart and splits names into words', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(words('softmaxCrossEntropy')).toBe('softmax cross entropy');
  });
});

describe('viridis', () => {
  it('runs from dark to bright through its stops and holds its ends', () => {
    expect(viridis(-1)).toBe(VIRIDIS[0]);
    expect(viridis(0.5)).toBe(VIRIDIS[5]);
    expect(viridis(2)).toBe(VIRIDIS[10]);
  });
});
