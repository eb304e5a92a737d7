import { DASHES, PALETTE, VIRIDIS, viridis } from 'losslab/figure';

/** How a run is drawn: in colour and in dash, as others print in grey. */
export interface Style {
  color: string;
  /** Lengths of dash and gap in px; none for a solid line. */
  dash: readonly number[];
}

const BLACK = '#000000';

/** The style of a run; black becomes the theme's ink, which is white on a dark page. */
export function styleOf(index: number, ink: string): Style {
  const color = PALETTE[index % PALETTE.length]!;
  return { color: color === BLACK ? ink : color, dash: DASHES[index % DASHES.length]! };
}

/** A dash as Plotly takes it. */
export function plotlyDash(dash: readonly number[]): string {
  return dash.length === 0 ? 'solid' : dash.map((length) => `${length}px`).join(',');
}

/** Viridis as Plotly takes it. */
export const COLORSCALE: [number, string][] = VIRIDIS.map((color, i) => [i / (VIRIDIS.length - 1), color]);

/** Relative luminance as WCAG 2.1 defines it, of `#rrggbb`. */
export function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((from) => {
    const s = Number.parseInt(color.slice(from, from + 2), 16) / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/**
 * The colour at a share of viridis, and black or white, whichever reads better on it: at least 4.58 : 1 on any
 * colour, as √(1.05 · 0.05) is the luminance where both are equal.
 */
export function chip(share: number): { back: string; text: '#ffffff' | '#000000' } {
  const back = viridis(share);
  const y = luminance(back);
  const whiteReads = 1.05 / (y + 0.05) > (y + 0.05) / 0.05;
  return { back, text: whiteReads ? '#ffffff' : '#000000' };
}
