import type { tf } from './engine';
import type { KernelCall } from './register';

interface NativeBackend {
  binding: Record<'TF_ATTR_INT' | 'TF_ATTR_STRING' | 'TF_ATTR_TYPE' | 'TF_FLOAT', number>;
  executeSingleOutput(op: string, attributes: object[], inputs: tf.TensorInfo[]): tf.Tensor;
}

/** Runs an operation of TensorFlow that tfjs-node has no kernel for, on float32 tensors. */
export function nativeOp(
  backend: KernelCall['backend'],
  op: string,
  inputs: tf.TensorInfo[],
  attributes: Record<string, string | number[]> = {},
): tf.Tensor {
  const { binding } = backend as NativeBackend;
  const listed = Object.entries(attributes).map(([name, value]) => {
    const type = typeof value === 'string' ? binding.TF_ATTR_STRING : binding.TF_ATTR_INT;
    return { name, type, value };
  });
  listed.push({ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT as never });
  return (backend as NativeBackend).executeSingleOutput(op, listed, inputs);
}
