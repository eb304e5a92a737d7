export { sharedSeed, withDraws } from './context';
export { statelessNormal, statelessTruncatedNormal } from './normal';
export { statelessUniform } from './uniform';
