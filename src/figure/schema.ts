/** The MIME type of a figure in a notebook. A change that old renderers cannot draw makes it `.v2`. */
export const FIGURE_MIME = 'application/vnd.losslab.figure.v1+json';

/** The `version` inside the JSON: the renderer refuses any other. */
export const FIGURE_VERSION = 1;

/** What a figure may hold at most: enough for a course, small enough that no notebook hangs a browser. */
export const LIMITS = {
  panels: 12,
  series: 12,
  paths: 8,
  pathPoints: 400,
  gridSide: 401,
  points: 20_000,
  /** Isolines of a plane. */
  levels: 100,
  /** Named verticals of a line panel. */
  marks: 12,
  /** Characters of a caption, title, label or name. */
  text: 4_000,
} as const;

/**
 * Numbers as they stand in the JSON: a list, with null for what is not finite, or, for long ones,
 * little-endian Float32 in base64, where NaN and ±Infinity stay themselves.
 */
export type Numbers = (number | null)[] | { float32: string; length: number };

/** A figure: one panel, or several side by side that share range, span and scale (`grid`). */
export interface Figure {
  version: typeof FIGURE_VERSION;
  kind: 'line' | 'contour' | 'surface' | 'sharpness' | 'grid';
  /** Loss, directions, normalisation, seed, ρ: what a reader needs to make the figure again. */
  caption: string;
  panels: Panel[];
  /** Panels in a row where there is room for them; without it as many as there are, at most 3. */
  columns?: number;
}

export type Panel = LinePanel | PlanePanel;

export interface Axis {
  /** Title with unit or meaning, such as `loss (mean cross-entropy)`. */
  label: string;
  scale: 'linear' | 'log';
  /** In data coordinates, also when the scale is log. */
  range: [number, number];
}

/** Curves over one axis: a 1D slice, an interpolation, sharpness against ρ. */
export interface LinePanel {
  kind: 'line' | 'sharpness';
  title?: string;
  x: Axis;
  y: Axis;
  series: Series[];
  /** Named verticals, such as the two ends of an interpolation. */
  marks: { x: number; label: string }[];
  /** A second, lower box on the same x axis, such as accuracy. */
  below?: { y: Axis; series: Series[] };
}

export interface Series {
  name: string;
  /** Index into the palette and the dashes; the same run keeps its style in every panel. */
  style: number;
  x: Numbers;
  y: Numbers;
  /** A band around the curve, such as the range over starts. */
  lower?: Numbers;
  upper?: Numbers;
}

/** A plane through the landscape. `values[j * nx + i]` is the loss at (alpha[i], beta[j]). */
export interface PlanePanel {
  kind: 'contour' | 'surface';
  title?: string;
  x: Axis;
  y: Axis;
  alpha: Numbers;
  beta: Numbers;
  values: Numbers;
  color: ColorScale;
  /** θ in the plane, marked ✚. */
  center?: [number, number];
  paths: Path[];
}

/** How loss becomes colour and lines; the panels of a grid hold the same one. */
export interface ColorScale {
  label: string;
  scale: 'linear' | 'log';
  /** Losses outside are drawn in the end colours. */
  range: [number, number];
  /** Isolines, rising, in loss. */
  levels: number[];
  /** The few of `levels` that carry their number, with that number as text. */
  labelled: { level: number; text: string }[];
  /** A sentence when losses outside the range were clipped or left blank; drawn after the caption, once. */
  note?: string;
}

/** The way of an optimizer through the plane, start to end. */
export interface Path {
  name: string;
  style: number;
  alpha: Numbers;
  beta: Numbers;
  /** The loss along the way, measured on the plane; a surface lifts the path by it. */
  values: Numbers;
}
