// Colours and dashes, shared by every renderer so that a run looks the same in the browser and in print.

/** Okabe and Ito's colours (Color Universal Design, 2008), told apart with any colour vision, from which `style` picks. */
export const PALETTE: readonly string[] = [
  '#D55E00',
  '#0072B2',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
  '#F0E442',
];

/** Lengths of dash and gap in px; the first is solid. `style` picks: runs differ in colour and dash. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 4],
  [5, 2],
  [10, 3, 2, 3, 2, 3],
  [4, 6],
];

/** Eleven stops of viridis (van der Walt and Smith, 2015), from low (dark) to high (bright). */
export const VIRIDIS: readonly string[] = [
  '#440154',
  '#482475',
  '#414487',
  '#355f8d',
  '#2a788e',
  '#21918c',
  '#22a884',
  '#44bf70',
  '#7ad151',
  '#bddf26',
  '#fde725',
];

/** The colour of viridis at a share of its range in [0, 1]. */
export function viridis(share: number): string {
  const position = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const i = Math.min(Math.floor(position), VIRIDIS.length - 2);
  const low = channels(VIRIDIS[i]!);
  const high = channels(VIRIDIS[i + 1]!);
  return `#${low.map((x, c) => hex(x + (position - i) * (high[c]! - x))).join('')}`;
}

function channels(color: string): number[] {
  return [1, 3, 5].map((from) => Number.parseInt(color.slice(from, from + 2), 16));
}

function hex(channel: number): string {
  return Math.round(channel).toString(16).padStart(2, '0');
}
