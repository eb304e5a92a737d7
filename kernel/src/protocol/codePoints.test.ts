import { describe, expect, it } from 'vitest';
import { codePointsOf, unitsOf } from './codePoints';

describe('cursors', () => {
  const text = 'a🙂b∇🙂';

  it.each([
    [0, 0],
    [1, 1],
    [2, 3],
    [3, 4],
    [4, 5],
    [5, 7],
  ])('code point %i is unit %i, and back', (codePoint, unit) => {
    expect(unitsOf(text, codePoint)).toBe(unit);
    expect(codePointsOf(text, unit)).toBe(codePoint);
  });

  it('beyond the end are at the end', () => {
    expect(unitsOf(text, Number.POSITIVE_INFINITY)).toBe(text.length);
    expect(codePointsOf(text, 1000)).toBe(5);
  });

  it('half a surrogate pair counts as one', () => {
    expect(unitsOf('\ud800x', 1)).toBe(1);
    expect(codePointsOf('\ud800x', 2)).toBe(2);
  });
});
