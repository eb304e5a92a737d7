export type { Data } from './arrays';
export { type LossOptions, lossOf } from './model';
export type { LossFunction } from './named';
