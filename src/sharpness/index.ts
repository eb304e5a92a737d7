export { type Sharpness, type SharpnessOptions, samSharpness } from './samSharpness';
export { type SharpnessCurve, type SharpnessCurveOptions, sharpnessCurve } from './sharpnessCurve';
