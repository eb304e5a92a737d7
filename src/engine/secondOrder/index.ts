import { installConvolution } from './convolution';
import { installCustomGrad } from './customGrad';
import { installDepthwise } from './depthwise';
import { installElementwise } from './elementwise';
import { engine } from './engine';
import { installFlat } from './flat';
import { installFused } from './fused';
import { installGathering } from './gathering';
import { installVariables } from './hidden';
import { installLosses } from './losses';
import { installEinsum, installMatMul } from './matmul';
import { installNormalization } from './normalization';
import { installPadding } from './padding';
import { installPooling } from './pooling';
import { installReads } from './reads';
import { installReductions } from './reductions';
import { installResize } from './resize';
import { installSources } from './sources';
import { installTape } from './tape';
import { installVolumes } from './volumes';
import { installWasm } from './wasm';
import { installWasmDilation } from './wasmDilation';
import { installWasmEinsum } from './wasmEinsum';
import { installWasmVolumes } from './wasmVolumes';

export { withDoubleKernels } from './doubles';
export { type HessianVectorProducts, hessianVectorProducts } from './hvp';

const INSTALLED = Symbol.for('losslab.secondOrder');

/**
 * Mends the second derivatives of TensorFlow.js 4.22, once: what its tape loses, the gradients of gradients it lacks.
 *
 * First-order results stay as they are, to rounding, but for these. Wrong in stock: cumsum along another axis than the
 * last; mirrorPad; resizing with half-pixel centres; softmaxCrossEntropy by its labels, or where they do not sum to 1; averages
 * at a padded border on cpu and wasm; maxima of negative numbers, convolutions in three
 * dimensions and dilation2d on wasm. Failing in stock: logSigmoid of an
 * intermediate result; batch and layer normalisation without scale; dilated convolutions; products of matrices,
 * maximum, minimum and squaredDifference with broadcasting; comparisons as masks; einsum, topk, gatherND, scatterND,
 * depthToSpace; convolutions and embeddings on wasm.
 */
export function installSecondOrder(): void {
  const core = engine() as unknown as Record<symbol, boolean>;
  if (core[INSTALLED]) return;
  core[INSTALLED] = true;
  installSources();
  installVariables();
  installReads();
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
  installPadding();
  installMatMul();
  installEinsum();
  installWasm();
  installWasmVolumes();
  installWasmDilation();
  installWasmEinsum();
}
