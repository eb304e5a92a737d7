export { type InterpolateOptions, interpolate } from './interpolate';
export { lossSlice1D, type Slice1DOptions } from './slice1d';
export { lossSlice2D, type Slice2DOptions } from './slice2d';
export type { Slice1D, Slice2D } from './types';
