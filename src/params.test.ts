import { expect, it } from 'vitest';
import { checkPoint, layoutOf, view } from './params';

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
  expect(() => checkPoint(layout, new Float32Array(20), 'direction')).toThrow(
    new RangeError('direction must have 21 numbers (one per parameter), got 20'),
  );
  expect(() => checkPoint(layout, new Float32Array(21))).not.toThrow();
  expect(() => checkPoint(layout, new Float64Array(21))).not.toThrow();
});

it.each([
  ['nothing', undefined, 'undefined'],
  ['a list', new Array(21).fill(0), 'Array'],
  ['whole numbers', new Int32Array(21), 'Int32Array'],
  ['an object without a class', Object.create(null), 'an object'],
])('%s is no point', (_, value, kind) => {
  expect(() => checkPoint(layout, value)).toThrow(
    new TypeError(`theta must be a Float32Array or Float64Array, got ${kind}`),
  );
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'a point with %d is refused with its place',
  (bad) => {
    for (const theta of [new Float32Array(21), new Float64Array(21)]) {
      theta[12] = bad;
      expect(() => checkPoint(layout, theta)).toThrow(
        new RangeError(`theta must be finite, got ${bad} at 12`),
      );
    }
  },
);
