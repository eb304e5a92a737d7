import type { compiledLoss, tf as library, penalties, withWeights } from '../../../src/engine';

// The cases take the library as an argument, so that a process that never imports losslab can run them on stock tfjs.

export type Tf = typeof library;
export type Tensor = library.Tensor;
export type Scalar = library.Scalar;
export type Layer = library.layers.Layer;

export interface Library {
  tf: Tf;
  withWeights: typeof withWeights;
  penalties: typeof penalties;
  compiledLoss: typeof compiledLoss;
}

/** A function of float tensors with the point at which it is examined. What `run` captures lives until `dispose`. */
export interface Built {
  at: Tensor[];
  run(at: Tensor[]): Scalar;
  dispose(): void;
}

export interface Case {
  name: string;
  kind: 'op' | 'layer' | 'activation' | 'loss' | 'network';
  build(rows: number): Built;
  /** `false` where TensorFlow has no double kernel: then float32 is all there is. */
  double?: false;
  /** Draws random numbers: stock tfjs and each backend draw their own. */
  draws?: true;
}

/** Batch sizes at which every case is examined. */
export const BATCHES: readonly number[] = [1, 2, 7, 64];

/** Where the batch size goes in a shape. */
export const N = -1;

export const sized = (shape: readonly number[], rows: number): number[] =>
  shape.map((size) => (size === N ? rows : size));
