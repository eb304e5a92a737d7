// What the builders read of slices, runs and sharpness curves: described by shape, so that this folder
// imports nothing outside itself and plain JSON (a loaded slice) draws as well as a fresh result.

/** What a figure says of the loss it shows. */
export interface LossInfo {
  /** Such as `softmaxCrossEntropy`, `quadratic`. */
  name: string;
  /** Rows of data; 0 for an analytic loss. */
  samples: number;
  parameters: number;
}

/** The result of `lossSlice1D` or `interpolate`. */
export interface LineInput {
  kind: 'slice1d';
  alpha: ArrayLike<number>;
  values: ArrayLike<number>;
  metrics: Record<string, ArrayLike<number>>;
  description: string;
  /** Title of the axis. */
  label: string;
  seed?: number;
  loss: LossInfo;
  marks: { alpha: number; label: string }[];
}

/** The result of `lossSlice2D`: `values[j * alpha.length + i]` is the loss at (alpha[i], beta[j]). */
export interface PlaneInput {
  kind: 'slice2d';
  alpha: ArrayLike<number>;
  beta: ArrayLike<number>;
  values: ArrayLike<number>;
  directions: { vectors: ArrayLike<number>[]; description: string; labels: string[] };
  /** The origin of the plane. */
  at: ArrayLike<number>;
  center: [number, number];
  seed?: number;
  loss: LossInfo;
}

/** The result of `minimize`, as far as a path needs it. */
export interface RunInput {
  trajectory: { step: number; theta: ArrayLike<number> }[];
  /** Such as `SAM(rho=0.05, momentum)`. */
  optimizer?: string;
  seed?: number;
}

/** The result of `sharpnessCurve`; `lower` and `upper` are the range over starts. */
export interface SharpnessInput {
  rho: ArrayLike<number>;
  sharpness: ArrayLike<number>;
  lower?: ArrayLike<number>;
  upper?: ArrayLike<number>;
  /** Ascent steps of each start. */
  steps?: number;
  starts?: number;
  seed?: number;
  loss?: LossInfo;
}
