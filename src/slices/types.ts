import type { Directions } from '../directions/types';
import type { LossDescription } from '../loss';
import type { Vector } from '../vector';

/** The loss along a line: `values[i]` is the loss at θ + alpha[i]·direction. */
export interface Slice1D<A extends Vector = Vector> {
  kind: 'slice1d';
  alpha: Float64Array;
  values: Float64Array;
  /** Metrics by name, such as accuracy, each as long as alpha. */
  metrics: Record<string, Float64Array>;
  direction: A;
  description: string;
  label: string;
  at: A;
  seed?: number;
  /** How many losses were not finite; they stand in `values` as they came. */
  nonFinite: number;
  loss: LossDescription;
  /** Points with a name, such as the two ends of an interpolation. */
  marks: { alpha: number; label: string }[];
}

/** The loss over a plane: `values[j * alpha.length + i]` is the loss at θ + alpha[i]·d₁ + beta[j]·d₂. */
export interface Slice2D<A extends Vector = Vector> {
  kind: 'slice2d';
  alpha: Float64Array;
  beta: Float64Array;
  values: Float64Array;
  metrics: Record<string, Float64Array>;
  directions: Directions<A>;
  /** The origin of the plane (alpha = beta = 0). */
  at: A;
  /** θ in the plane: [0, 0] unless the axes are the loss's own. */
  center: [number, number];
  seed?: number;
  nonFinite: number;
  loss: LossDescription;
}
