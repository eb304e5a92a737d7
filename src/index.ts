// TensorFlow.js, on the best backend there is.
export { ready, tf } from './engine';
// Losses: a model and its data as a function of one vector θ.
export { type AnalyticLoss, analytic } from './analytic';
export { datasets, type LabelledData } from './datasets';
export type { Batch, Loss, LossDescription } from './loss';
export { type LossOptions, lossFrom, lossOf } from './losses';
export type { Param, ParamLayout } from './params';
export type { Vector } from './vector';
// Training.
export { DivergedError, type MinimizeOptions, minimize, type Run, type SamOptions, sam } from './optim';
// Directions.
export {
  type Directions,
  filterNormalized,
  normalizeDirection,
  project,
  randomDirection,
  trajectoryPca,
} from './directions';
// Slices.
export { interpolate, lossSlice1D, lossSlice2D, type Slice1D, type Slice2D } from './slices';
// Sharpness.
export { type Sharpness, type SharpnessCurve, samSharpness, sharpnessCurve } from './sharpness';
// Figures.
export { contour, grid, line, sharpness, show, surface, toMimeBundle } from './display';
export { FIGURE_MIME, type Figure, validateFigure } from './figure';
