import { installConvolution } from './convolution';
import { installCustomGrad } from './customGrad';
import { installDepthwise } from './depthwise';
import { installElementwise } from './elementwise';
import { engine } from './engine';
import { installFlat } from './flat';
import { installFused } from './fused';
import { installGathering } from './gathering';
import { installLosses } from './losses';
import { installEinsum, installMatMul } from './matmul';
import { installNormalization } from './normalization';
import { installPooling } from './pooling';
import { installReductions } from './reductions';
import { installResize } from './resize';
import { installTape } from './tape';
import { installVolumes } from './volumes';
import { installWasm } from './wasm';

export { withDoubleKernels } from './doubles';
export { type HessianVectorProducts, hessianVectorProducts } from './hvp';

const INSTALLED = Symbol.for('losslab.secondOrder');

/**
 * Mends the second derivatives of TensorFlow.js 4.22, once: what its tape loses, the gradients of gradients it lacks,
 * and a few first derivatives that are wrong or fail. All other first-order results stay as they are.
 */
export function installSecondOrder(): void {
  const core = engine() as unknown as Record<symbol, boolean>;
  if (core[INSTALLED]) return;
  core[INSTALLED] = true;
  installCustomGrad();
  installTape();
  installFlat();
  installElementwise();
  installReductions();
  installNormalization();
  installLosses();
  installConvolution();
  installDepthwise();
  installFused();
  installPooling();
  installResize();
  installVolumes();
  installGathering();
  installMatMul();
  installEinsum();
  installWasm();
}
