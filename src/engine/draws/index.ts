export { sharedSeed, withDraws } from './context';
export { statelessNormal, statelessTruncatedNormal } from './normal';
export { seedTensor } from './seed';
export { statelessUniform } from './uniform';
