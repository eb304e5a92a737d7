export { type MinimizeOptions, minimize } from './minimize';
export { DivergedError, type Run } from './run';
export { type Sam, type SamOptions, sam } from './sam';
export { TwoStepOptimizer } from './twoStep';
