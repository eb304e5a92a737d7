import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Sparing } from './sparing';

describe("a package's code that a strike finds", () => {
  let now = 0;
  let sparing: Sparing;
  const looks = (times: number, apart: number): boolean[] =>
    Array.from({ length: times }, () => {
      now += apart;
      return sparing.spares();
    });

  beforeEach(() => {
    sparing = new Sparing();
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => vi.restoreAllMocks());

  it('is spared nineteen looks that come quickly, and not the twentieth', () => {
    expect(looks(20, 1)).toEqual([...Array(19).fill(true), false]);
  });

  it('is spared two looks, however long they take, and 25 ms', () => {
    expect(looks(3, 30)).toEqual([true, true, false]);
  });

  it('is spared anew after it was not there any more', () => {
    looks(20, 1);
    sparing.forget();
    expect(looks(2, 30)).toEqual([true, true]);
  });
});
