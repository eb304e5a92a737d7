import { onTermination } from '../restoring';
import { engine, releaseTape, type tf } from './engine';
import { isChoosing, isFlat } from './flat';
import { heldValues, isHidden } from './hidden';

/** What the derivatives that are being recorded are taken by, innermost last. */
const open: (readonly tf.Tensor[])[] = [];
onTermination(() => {
  open.length = 0;
});

/** Remembers what each gradient of TensorFlow.js is taken by while its function runs, and cleans up after an error. */
export function installSources(): void {
  const core = engine();
  const gradients = core.gradients.bind(core);
  core.gradients = (f, xs, ...rest) => {
    try {
      return gradients(() => differentiating(xs, f), xs, ...rest);
    } catch (error) {
      if (core.state.gradientDepth === 0) releaseTape();
      throw error;
    }
  };
}

/** Runs what will be differentiated by `sources`. */
export function differentiating<T>(sources: readonly tf.Tensor[], run: () => T): T {
  open.push(sources);
  try {
    return run();
  } finally {
    open.pop();
  }
}

/**
 * Whether a tensor's numbers change with what is differentiated now. What a customGrad made inside itself counts as if
 * they did, since nobody recorded how it was made; integers and booleans do not.
 */
export function depends(tensor: tf.Tensor): boolean {
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'complex64') return false;
  return isHidden(tensor) || reached().has(tensor.id);
}

/** Along the tape, and through assignments to variables, whose order does not matter here. */
function reached(): Set<number> {
  const found = new Set(open.flat().map(({ id }) => id));
  let before: number;
  do {
    before = found.size;
    for (const { kernelName, inputs, outputs } of engine().state.activeTape ?? [])
      if (
        !isFlat(kernelName) &&
        Object.entries(inputs).some(([name, { id }]) => found.has(id) && !isChoosing(kernelName, name))
      )
        for (const { id } of outputs) found.add(id);
    for (const [variable, value] of heldValues())
      if (isHidden(value) || found.has(value.id)) found.add(variable);
  } while (found.size > before);
  return found;
}
