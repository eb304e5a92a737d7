import { SIZES, textWidth } from './text';

export interface Mark {
  label: string;
  /** Where the vertical stands, in px of the plot. */
  at: number;
}

export interface PlacedMark {
  label: string;
  /** The middle of the text, in px of the plot. */
  center: number;
  /** 0 is the row next to the plot. */
  row: number;
}

/** Between two names in a row. */
const AIR = 10;

/** Puts the names of verticals above the plot, as many rows of them as keep them apart, within `frame`. */
export function placeMarks(marks: Mark[], frame: [number, number]): { placed: PlacedMark[]; rows: number } {
  const ends: number[] = [];
  const rising = [...marks].sort((a, b) => a.at - b.at);
  const placed = rising.map(({ label, at }) => {
    const half = textWidth(label, SIZES.tick) / 2;
    const center = Math.max(Math.min(at, frame[1] - half), frame[0] + half);
    const free = ends.findIndex((end) => end + AIR <= center - half);
    const row = free === -1 ? ends.length : free;
    ends[row] = center + half;
    return { label, center, row };
  });
  return { placed, rows: ends.length };
}
