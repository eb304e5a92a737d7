import { tf } from './engine';
import { type KernelCall, missingKernel } from './register';

/** Einstein sums on WebAssembly, which has none: every operand along all labels, multiplied, summed over the rest. */
export function installWasmEinsum(): void {
  missingKernel('Einsum', 'wasm', einsum);
}

function einsum({ inputs, attrs }: KernelCall): tf.Tensor {
  const operands = inputs as unknown as tf.Tensor[];
  const { equation } = attrs as unknown as { equation: string };
  const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, operands.length);
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, operands);
  return tf.tidy(() => {
    const spread = operands.map((operand, i) => alongAll(operand, idDims[i] as number[], allDims.length));
    const product = spread.reduce((a, b) => tf.mul(a, b));
    return summedDims.length === 0 ? product : tf.sum(product, summedDims);
  });
}

/** `labels[axis]` says which of all labels an axis has; the labels that are not there become sides of 1. */
function alongAll(operand: tf.Tensor, labels: number[], count: number): tf.Tensor {
  const order = labels.map((_, axis) => axis).sort((a, b) => (labels[a] as number) - (labels[b] as number));
  const shape = new Array<number>(count).fill(1);
  labels.forEach((label, axis) => {
    shape[label] = operand.shape[axis] as number;
  });
  return tf.reshape(tf.transpose(operand, order), shape);
}
