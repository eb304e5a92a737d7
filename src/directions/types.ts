import type { Vector } from '../vector';

/** Directions through parameter space, with where they come from. */
export interface Directions<A extends Vector = Vector> {
  /** One unit of alpha (and one of beta). */
  vectors: A[];
  /** How they were made, as it stands in a figure's caption: `random, filter-normalised, seed 1`. */
  description: string;
  /** Titles of the axes, such as `α (PC 1, 93 % of the path)`. */
  labels: string[];
  seed?: number;
  /** Trajectory PCA: the share of the path's variance along each direction. */
  explained?: number[];
  /** Where to look: the span that holds what the directions were made from. */
  span?: [number, number][];
}
