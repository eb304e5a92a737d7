export { ready, tf } from './backend';
export { compiledLoss } from './compiledLoss';
export { type ChainLayer, denseChain } from './denseChain';
export { catchKept, valueAndGradients } from './gradients';
export { initialWeights } from './initialWeights';
export { keepFor } from './owned';
export { checkStateless, checkTrainable, withSeededDropout } from './randomness';
export { childSeed } from './seeds';
export { isDisposed, readWeights, withWeights, writeWeights } from './weights';
