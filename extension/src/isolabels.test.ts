import { describe, expect, it } from 'vitest';
import { crossings, type Drawing, placeLabels } from './isolabels';
import { textWidth } from './text';

const steps = (n: number, to: number) => Array.from({ length: n }, (_, i) => (i / (n - 1)) * to);

/** A bowl with its middle in the middle of a plot of 300 px; `values` are squared distances from there. */
function bowl(side = 300, points = 41): Drawing {
  const xs = steps(points, side);
  const values = xs.map((y) => xs.map((x) => (x / side - 0.5) ** 2 + (y / side - 0.5) ** 2));
  return { xs, ys: xs, values, width: side, height: side };
}

const levels = [0.02, 0.06, 0.1, 0.16, 0.22].map((level) => ({ level, text: String(level) }));

describe('crossings', () => {
  it('lie on the isoline', () => {
    const found = crossings(bowl(), 0.1);
    expect(found.length).toBeGreaterThan(20);
    for (const { x, y } of found) {
      const value = (x / 300 - 0.5) ** 2 + (y / 300 - 0.5) ** 2;
      expect(Math.abs(value - 0.1)).toBeLessThan(1e-3);
    }
  });

  it('are none at levels outside the plane and beside values that are missing', () => {
    expect(crossings(bowl(), 7)).toEqual([]);
    const values = bowl().values.map((row) => row.map(() => null));
    expect(crossings({ ...bowl(), values }, 0.1)).toEqual([]);
  });
});

describe('labels of isolines', () => {
  const placed = placeLabels(bowl(), levels, [{ x: 150, y: 150 }]);

  it('find a place for each level that has room', () => {
    expect(placed.map(({ level }) => level)).toEqual(levels.map(({ level }) => level));
  });

  it('keep clear of the frame and of each other', () => {
    const boxes = placed.map(({ x, y, text }) => {
      const half = textWidth(text, 12) / 2;
      return { left: x - half, right: x + half, top: y - 8, bottom: y + 8 };
    });
    for (const [i, a] of boxes.entries()) {
      expect(Math.min(a.left, a.top, 300 - a.right, 300 - a.bottom)).toBeGreaterThan(0);
      for (const b of boxes.slice(i + 1)) {
        const apart = a.left > b.right || b.left > a.right || a.top > b.bottom || b.top > a.bottom;
        expect(apart).toBe(true);
      }
    }
  });

  it('keep clear of a path', () => {
    const path = steps(60, 300).map((x) => ({ x, y: 150 }));
    const beside = placeLabels(bowl(), levels, path);
    expect(beside.length).toBeGreaterThan(3);
    for (const { y } of beside) expect(Math.abs(y - 150)).toBeGreaterThan(10);
  });

  it('are left out where a plot is too small for them', () => {
    expect(placeLabels(bowl(24), levels, [])).toEqual([]);
  });

  it('keep clear of labels that stand already, which come first', () => {
    const more = placeLabels(bowl(), [{ level: 0.13, text: '0.13' }], [], placed);
    expect(more.slice(0, placed.length)).toEqual(placed);
    expect(more.length).toBe(placed.length + 1);
  });
});
