export { filterNormalized } from './filterNormalized';
export { type Normalization, normalizeDirection } from './normalize';
export { project } from './project';
export { randomDirection } from './random';
export { trajectoryPca } from './trajectoryPca';
export type { Directions } from './types';
