import { onTermination } from '../restoring';
import { engine } from './engine';

let depth = 0;
onTermination(() => {
  depth = 0;
});

/**
 * Runs `run` with nothing but operations that TensorFlow computes in double precision too, where the choice is ours:
 * a bilinear resize and a dilated depthwise convolution otherwise run as their own, float-only kernels. For who records
 * a function to compute it in float64.
 */
export function withDoubleKernels<T>(run: () => T): T {
  depth++;
  try {
    return run();
  } finally {
    depth--;
  }
}

/** What is differentiated is recorded with them in any case: so float32 and float64 have one graph. */
export function doublesWanted(): boolean {
  return depth > 0 || engine().state.gradientDepth > 0;
}
