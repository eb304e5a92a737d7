import { engine, kernel, tf } from './engine';
import { nativeOp } from './native';
import { gradientOf, type KernelCall, missingKernel, wrapKernel } from './register';

export interface Pooling {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: number | 'same' | 'valid';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Pooling in two dimensions: averages are linear, and a maximum is linear in what it picked. */
export function installPooling(): void {
  gradientOf<Pooling>('AvgPoolGrad', { inputs: ['input'] }, (ddx, [input], attributes) => ({
    dy: () => kernel('AvgPool', { x: ddx }, { ...attributes }),
    input: () => tf.zerosLike(input as tf.Tensor),
  }));
  const inputs = ['input', 'output'];
  gradientOf<Pooling>('MaxPoolGrad', { inputs }, (ddx, [input, output], attributes) => ({
    dy: () => kernel('MaxPoolGradGrad', { input, output, ddx }, { ...attributes }),
    input: () => tf.zerosLike(input as tf.Tensor),
    output: () => tf.zerosLike(output as tf.Tensor),
  }));
  gradientOf<Pooling>('MaxPoolGradGrad', { inputs }, (dddy, [input, output], attributes) => ({
    ddx: () => kernel('MaxPoolGrad', { dy: dddy, input, output }, { ...attributes }),
    input: () => tf.zerosLike(input as tf.Tensor),
    output: () => tf.zerosLike(output as tf.Tensor),
  }));
  missingKernel('MaxPoolGradGrad', 'tensorflow', nativeMaxPoolGradGrad);
  missingKernel('MaxPoolGradGrad', 'cpu', pickAtMaximum);
  for (const backend of ['cpu', 'wasm']) wrapKernel('AvgPoolGrad', backend, countingOnlyWhatIsThere);
}

export function poolingInfo(
  input: tf.TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: Pooling,
): ReturnType<typeof tf.backend_util.computePool2DInfo> {
  return tf.backend_util.computePool2DInfo(
    input.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

function nativeMaxPoolGradGrad({ inputs, attrs, backend }: KernelCall): tf.Tensor {
  const info = poolingInfo(inputs.input as tf.Tensor, attrs as unknown as Pooling);
  const { top, bottom, left, right } = info.padInfo;
  return gradGradApart(
    inputs as unknown as GradGradInputs,
    [
      [top, bottom],
      [left, right],
    ],
    (
      parts,
      padding, // biome-ignore format: short
    ) =>
      nativeOp(backend, 'MaxPoolGradGrad', parts, {
        ksize: [1, info.filterHeight, info.filterWidth, 1],
        strides: [1, info.strideHeight, info.strideWidth, 1],
        padding: padding ?? info.padInfo.type,
        data_format: 'NHWC',
      }),
  );
}

export type GradGradInputs = Record<'input' | 'output' | 'ddx', tf.Tensor>;

/**
 * TensorFlow's MaxPoolGradGrad and MaxPool3DGradGrad write into the memory of ddx, before they read it, where the
 * result is as large and nobody else holds ddx: inside a graph the result is lost. So ddx never is as large: the
 * border that 'same' thinks of is laid around it; without a border the windows are single elements.
 */
export function gradGradApart(
  { input, output, ddx }: GradGradInputs,
  borders: [number, number][],
  run: (parts: tf.Tensor[], padding?: 'VALID') => tf.Tensor,
): tf.Tensor {
  if (!tf.util.arraysEqual(ddx.shape, output.shape)) return run([input, output, ddx]);
  if (borders.flat().every((width) => width === 0)) return tf.clone(ddx);
  const around = [[0, 0], ...borders, [0, 0]] as [number, number][];
  return tf.tidy(() =>
    run([tf.pad(input, around, Number.NEGATIVE_INFINITY), output, tf.pad(ddx, around)], 'VALID'),
  );
}

/** The numbers of ddx at the places in the flat input where the maxima lie. */
function pickAtMaximum({ inputs, attrs }: KernelCall): tf.Tensor {
  const { input, output, ddx } = inputs as Record<'input' | 'output' | 'ddx', tf.Tensor>;
  const { filterSize, strides, pad } = attrs as unknown as Pooling;
  return tf.tidy(() => {
    const attributes = { filterSize, strides, pad, includeBatchInIndex: true };
    const [, places] = engine().runKernel('MaxPoolWithArgmax', { x: input }, attributes) as tf.Tensor[];
    const flat = tf.cast(tf.reshape(places as tf.Tensor, [-1]), 'int32');
    return tf.reshape(tf.gather(tf.reshape(ddx, [-1]), flat), output.shape);
  });
}

/**
 * The `cpu` and `wasm` backends divide by the size of the window where their forward pass divides by the number of
 * elements in it, which at a padded border is less: up to 50 % wrong. So dy is scaled by size/count first.
 */
function countingOnlyWhatIsThere(call: KernelCall, stock: tf.KernelFunc): ReturnType<tf.KernelFunc> {
  const info = poolingInfo(call.inputs.input as tf.Tensor, call.attrs as unknown as Pooling);
  const { padInfo } = info;
  return scaledByCounts(call, stock, [
    covered(info.outHeight, info.strideHeight, info.filterHeight, padInfo.top, info.inHeight),
    covered(info.outWidth, info.strideWidth, info.filterWidth, padInfo.left, info.inWidth),
  ]);
}

/** Runs an average's gradient with dy, whose axes after the first are `shares`, divided by their product. */
export function scaledByCounts(
  call: KernelCall,
  stock: tf.KernelFunc,
  shares: number[][],
): ReturnType<tf.KernelFunc> {
  if (shares.flat().every((share) => share === 1)) return stock(call);
  const { dy, input } = call.inputs as Record<'dy' | 'input', tf.Tensor>;
  return tf.tidy(() => {
    const scaled = shares.reduce((part, axis, i) => {
      const shape = part.shape.map((_, k) => (k === i + 1 ? axis.length : 1));
      return tf.div(part, tf.tensor(axis, shape));
    }, dy);
    return stock({ ...call, inputs: { dy: scaled, input } }) as tf.Tensor;
  });
}

/** Which part of each window lies on one axis of the input, and not on its border. */
export function covered(
  windows: number,
  stride: number,
  size: number,
  before: number,
  length: number,
): number[] {
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before;
    return (Math.min(start + size, length) - Math.max(start, 0)) / size;
  });
}
