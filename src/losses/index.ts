export type { Data } from './arrays';
export { type FunctionLossOptions, lossFrom } from './function';
export type { Initial } from './initial';
export { type LossOptions, lossOf } from './model';
export type { LossFunction } from './named';
