import { describe, expect, it } from 'vitest';
import { placeMarks } from './marks';
import { textWidth } from './text';

const frame: [number, number] = [-60, 520];

describe('names of verticals', () => {
  it('that are far apart stand in one row, above their lines', () => {
    const { placed, rows } = placeMarks(
      [
        { label: 'SGD', at: 100 },
        { label: 'SAM', at: 400 },
      ],
      frame,
    );
    expect(rows).toBe(1);
    expect(placed.map(({ center }) => center)).toEqual([100, 400]);
  });

  it('that are close stand in rows, none over another', () => {
    const marks = [100, 110, 120, 300].map((at) => ({ label: 'SGD, batch 16', at }));
    const { placed, rows } = placeMarks(marks, frame);
    expect(rows).toBe(3);
    expect(placed.map(({ row }) => row)).toEqual([0, 1, 2, 0]);
  });

  it('stay within the frame', () => {
    const { placed } = placeMarks([{ label: 'a solution at the very end', at: 500 }], frame);
    const half = textWidth('a solution at the very end', 12) / 2;
    expect(placed[0]!.center + half).toBeCloseTo(520, 9);
  });

  it('that are none need no row', () => {
    expect(placeMarks([], frame)).toEqual({ placed: [], rows: 0 });
  });
});
