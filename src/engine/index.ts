export { ready, tf } from './backend';
export {
  type Compiled,
  type CompileOptions,
  compile,
  type Doubles,
  modesOf,
  type Remote,
  remote,
  workOfCall,
} from './compile';
export { compiledLoss } from './compiledLoss';
export { type ChainLayer, denseChain } from './denseChain';
export { seedTensor, sharedSeed, withDraws } from './draws';
export { allVariables, catchKept, gradientsWithAux, releasingTape, valueAndGradients } from './gradients';
export { type EngineInfo, type EngineStamp, engineInfo, engineStamp } from './info';
export { initialWeights } from './initialWeights';
export { keepFor } from './owned';
export {
  type FeedValues,
  type Kept,
  type MapOptions,
  openPool,
  type Pool,
  type PoolOptions,
  type PoolProgram,
  type Shipped,
  sharedPool,
} from './pool';
export { checkStateless, checkTrainable } from './randomness';
export { penalties } from './regularizers';
export { restoring } from './restoring';
export { scoped } from './scope';
export { hessianVectorProducts } from './secondOrder';
export { childSeed } from './seeds';
export {
  copyState,
  isDisposed,
  otherWeights,
  readWeights,
  trainableWeights,
  withWeights,
  writeState,
  writeWeights,
} from './weights';
