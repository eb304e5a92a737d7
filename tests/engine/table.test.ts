import { describe, expect, it } from 'vitest';
import { BACKENDS, COLUMNS, measured, stateOf } from './states';
import { markdown, stored } from './table';

const wanted = { gradient: [1, -2], product: [3, 4] };

describe('the state of a case', () => {
  it('is exact when gradient and product are those of double precision, to rounding', () => {
    expect(stateOf({ gradient: [1, -2.000001], product: [3.000002, 4] }, wanted)).toBe('exact');
    expect(stateOf({ gradient: [1, -2.001], product: [3, 4] }, wanted)).toBe('WRONG gradient');
    expect(stateOf({ gradient: [1, -2], product: [3.001, 4] }, wanted)).toBe('WRONG product');
    expect(stateOf({ gradient: [1, -2], product: [3, Number.NaN] }, wanted)).toBe('WRONG product');
    expect(stateOf({ gradient: [1, -2], product: [3] }, wanted)).toBe('WRONG product');
  });

  it('names the op that is refused', () => {
    const second = 'Cast to int32 has no second derivative: ...';
    expect(stateOf({ gradient: [1, -2], second }, wanted)).toBe('gradient only: Cast to int32');
    const first = "Kernel 'Einsum' not registered for backend 'wasm'";
    expect(stateOf({ second: first, first }, wanted)).toBe('refused: Einsum');
    expect(stateOf({ second: 'no', first: 'no' }, wanted)).toMatch('WRONG: no op is named');
  });
});

describe('the table in docs/engine.md', { timeout: 120_000 }, () => {
  it('is what every case comes to on every backend today, and nothing is wrong in silence', async () => {
    const rows = await measured();
    const wrong = rows.filter(({ states }) => COLUMNS.some((column) => states[column].includes('WRONG')));
    expect(wrong).toEqual([]);
    expect(stored(), 'npm run engine-table writes it anew').toBe(markdown(rows));
    for (const backend of BACKENDS)
      expect(rows.filter(({ states }) => states[backend] === 'exact').length).toBeGreaterThan(370);
  });
});
