import { type TapeNode, tf } from './engine';
import { gradientOf } from './register';

// Piecewise constant kernels: their derivative is zero wherever there is one, so nothing of a second derivative
// passes through them. `tf.grad` sees zeros, as in stock TensorFlow.js; the walk over the tape in backpropagate.ts
// leaves them out.

const COMPARISONS = ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'];
const LOGIC = ['LogicalAnd', 'LogicalOr', 'LogicalXor'];
const ROUNDING = ['Floor', 'Ceil', 'Round', 'Sign', 'Step', 'IsNan', 'IsInf', 'IsFinite'];
const OTHERS = ['LogicalNot', 'ZerosLike', 'OnesLike', 'ArgMax', 'ArgMin', 'OneHot', 'Any', 'All'];

const FLAT = new Set([...COMPARISONS, ...LOGIC, ...ROUNDING, ...OTHERS]);

/** Inputs that only choose (a mask, an index, where a maximum lies) or only give a shape. */
const CHOOSING: Record<string, readonly string[]> = {
  Select: ['condition'],
  GatherV2: ['indices'],
  GatherNd: ['indices'],
  ScatterNd: ['indices'],
  UnsortedSegmentSum: ['segmentIds'],
  MaxPoolGrad: ['input', 'output'],
  MaxPoolGradGrad: ['input', 'output'],
  MaxPool3DGrad: ['input', 'output'],
  AvgPoolGrad: ['input'],
  AvgPool3DGrad: ['input'],
  ResizeBilinearGrad: ['images'],
  ResizeNearestNeighborGrad: ['images'],
};

/**
 * Throws for what rounds but whose gradient in TensorFlow.js pretends that it does not: such a gradient is no
 * derivative of anything, so its own derivative would be neither.
 */
export function checkDerivative({ kernelName, inputs, outputs }: TapeNode): void {
  const rounds = kernelName === 'Cast' && inputs.x?.dtype === 'float32' && outputs[0]?.dtype !== 'float32';
  if (kernelName !== 'FloorDiv' && !rounds) return;
  throw new Error(
    `${kernelName}${rounds ? ` to ${outputs[0]?.dtype}` : ''} has no second derivative: TensorFlow.js gives it the ` +
      'gradient of what it rounds. Use tf.floor, whose derivative is zero',
  );
}

/** Whether a kernel's outputs do not change with its inputs, almost everywhere. */
export function isFlat(kernelName: string): boolean {
  return FLAT.has(kernelName);
}

/** Whether a kernel's outputs do not change with one of its inputs, almost everywhere. */
export function isChoosing(kernelName: string, input: string): boolean {
  return CHOOSING[kernelName]?.includes(input) ?? false;
}

/** Zero gradients for the piecewise constant kernels that have none; those that have one keep it. */
export function installFlat(): void {
  for (const name of [...COMPARISONS, ...LOGIC]) zeros(name, ['a', 'b']);
  for (const name of ['LogicalNot', 'Any', 'All']) zeros(name, ['x']);
}

function zeros(kernelName: string, names: string[]): void {
  if (tf.getGradient(kernelName) !== undefined) return;
  gradientOf(kernelName, { inputs: names }, (_, saved) =>
    Object.fromEntries(names.map((name, i) => [name, () => tf.zeros((saved[i] as tf.Tensor).shape)])),
  );
}
