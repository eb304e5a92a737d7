import { type Attributes, tf } from './engine';

// biome-ignore format: one type, one line
type Gradient<A> = (dy: tf.Tensor, saved: tf.Tensor[], attributes: A) => Record<string, () => tf.Tensor>;

/** What a gradient keeps of the forward pass: inputs by name, outputs by position. */
interface Saved {
  /** Every input; for kernels that take a list. */
  all?: boolean;
  inputs?: string[];
  outputs?: boolean[];
}

/** Registers a kernel's gradient, in place of the one that TensorFlow.js has, if any. */
export function gradientOf<A = Attributes>(kernelName: string, saved: Saved, gradient: Gradient<A>): void {
  if (tf.getGradient(kernelName) !== undefined) tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    saveAllInputs: saved.all ?? false,
    inputsToSave: saved.inputs ?? [],
    outputsToSave: saved.outputs ?? [],
    gradFunc: gradient as unknown as tf.GradFunc,
  });
}

export type KernelCall = Parameters<tf.KernelFunc>[0];
export type KernelResult = ReturnType<tf.KernelFunc>;

/** Registers a kernel on a backend that is there and lacks it. */
export function missingKernel(name: string, backendName: string, run: (call: KernelCall) => tf.Tensor): void {
  if (tf.getKernel('Add', backendName) === undefined || tf.getKernel(name, backendName) !== undefined) return;
  tf.registerKernel({ kernelName: name, backendName, kernelFunc: run });
}

/** Wraps a kernel of a backend; `stock` is the kernel as it was. */
export function wrapKernel(
  name: string,
  backendName: string,
  run: (call: KernelCall, stock: tf.KernelFunc) => KernelResult,
): void {
  const config = tf.getKernel(name, backendName);
  if (config === undefined) return;
  const stock = config.kernelFunc;
  config.kernelFunc = (call) => run(call, stock);
}
