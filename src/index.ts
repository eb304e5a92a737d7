// TensorFlow.js, on the best backend there is.

// Losses: a model and its data as a function of one vector θ.
export { type AnalyticLoss, analytic } from './analytic';
export { datasets, type LabelledData } from './datasets';
// Directions.
export {
  type Directions,
  filterNormalized,
  type Normalization,
  normalizeDirection,
  project,
  randomDirection,
  trajectoryPca,
} from './directions';
// Figures.
export { contour, engineInfo, grid, line, sharpness, show, surface, toMimeBundle } from './display';
// The engine.
export {
  type Compiled,
  type CompileOptions,
  compile,
  type Doubles,
  type EngineInfo,
  type EngineStamp,
  engineStamp,
  hessianVectorProducts,
  ready,
  tf,
} from './engine';
export { FIGURE_MIME, type Figure, validateFigure } from './figure';
export type { Batch, Loss, LossDescription } from './loss';
export { type LossOptions, lossFrom, lossOf } from './losses';
// Training.
export { DivergedError, type MinimizeOptions, minimize, type Run, type SamOptions, sam } from './optim';
export type { Param, ParamLayout } from './params';
// Long work: onProgress, signal, and what is done when it is aborted.
export { AbortError, type LongWork, type Progress } from './progress';
// Sharpness.
export {
  type Sharpness,
  type SharpnessCurve,
  type SharpnessCurveOptions,
  type SharpnessOptions,
  samSharpness,
  sharpnessCurve,
} from './sharpness';
// Slices.
export {
  type InterpolateOptions,
  interpolate,
  lossSlice1D,
  lossSlice2D,
  type Slice1D,
  type Slice1DOptions,
  type Slice2D,
  type Slice2DOptions,
} from './slices';
export type { Vector } from './vector';
