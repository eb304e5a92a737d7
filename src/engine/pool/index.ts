export type { FeedValues, RawNumbers } from './message';
export {
  type Kept,
  openPool,
  type Pool,
  type PoolOptions,
  type PoolProgram,
  poolInfos,
  type Shipped,
} from './pool';
export type { MapOptions } from './run';
export { sharedPool } from './shared';
