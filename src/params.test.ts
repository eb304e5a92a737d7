import { expect, it } from 'vitest';
import { checkLength, layoutOf, view } from './params';

const layout = layoutOf([
  { name: 'W', shape: [3, 5] },
  { name: 'b', shape: [5] },
  { name: 's', shape: [] },
]);

it('tensors lie one after the other without gaps', () => {
  expect(layout.params.map(({ offset, size }) => [offset, size])).toEqual([
    [0, 15],
    [15, 5],
    [20, 1],
  ]);
  expect(layout.dim).toBe(21);
});

it('what has two axes or more is a kernel, all else a bias', () => {
  expect(layout.params.map(({ role }) => role)).toEqual(['kernel', 'bias', 'bias']);
});

it('a view writes through to θ', () => {
  const theta = new Float64Array(21);
  view(theta, layout.params[1]!).fill(2);
  expect(Array.from(theta).flatMap((x, k) => (x === 2 ? [k] : []))).toEqual([15, 16, 17, 18, 19]);
});

it('a vector of another length is refused with both lengths', () => {
  expect(() => checkLength(layout, new Float32Array(20), 'direction')).toThrow(
    new RangeError('direction must have 21 numbers (one per parameter), got 20'),
  );
  expect(() => checkLength(layout, new Float32Array(21))).not.toThrow();
});
