export { beale } from './beale';
export { monkeySaddle } from './monkeySaddle';
export { plateau } from './plateau';
export { quadratic } from './quadratic';
export { rosenbrock } from './rosenbrock';
export { saddle } from './saddle';
export { scalarFactorization } from './scalarFactorization';
export { twoMinima } from './twoMinima';
