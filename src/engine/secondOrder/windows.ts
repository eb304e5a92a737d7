import { tf } from './engine';

// Convolutions, maxima and dilations put together from simpler kernels, one tap of the window at a time.

/** How a window goes over [depth, height, width]; all lists have these three. */
export interface Windows {
  batch: number;
  inside: number[];
  out: number[];
  filter: number[];
  stride: number[];
  /** How far apart the taps are. */
  dilation: number[];
  before: number[];
  after: number[];
}

type Info = ReturnType<typeof tf.backend_util.computeConv3DInfo>;

export function windowsOf(info: Info): Windows {
  const { padInfo } = info;
  return {
    batch: info.batchSize,
    inside: [info.inDepth, info.inHeight, info.inWidth],
    out: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    stride: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [padInfo.front, padInfo.top, padInfo.left],
    after: [padInfo.back, padInfo.bottom, padInfo.right],
  };
}

/** The places of a window's taps, the last dimension fastest. */
export function tapsOf({ filter, dilation }: Windows): number[][] {
  const next = (taps: number[][], count: number, axis: number): number[][] =>
    taps.flatMap((tap) => Array.from({ length: count }, (_, i) => [...tap, i * (dilation[axis] as number)]));
  return filter.reduce(next, [[]]);
}

/** The input [batch, depth, height, width, channels] with its border. */
export function bordered(x: tf.Tensor, { before, after }: Windows, value = 0): tf.Tensor {
  const borders = before.map((size, i) => [size, after[i] as number] as [number, number]);
  return tf.pad(x, [[0, 0], ...borders, [0, 0]], value);
}

/** What one tap sees of the bordered input, in every window. */
export function seenBy(tap: number[], x: tf.Tensor, { batch, out, stride }: Windows): tf.Tensor {
  const end = tap.map((at, i) => at + ((out[i] as number) - 1) * (stride[i] as number) + 1);
  const channels = x.shape[4] as number;
  return tf.stridedSlice(x, [0, ...tap, 0], [batch, ...end, channels], [1, ...stride, 1]);
}

/** Numbers of each window, sent back to where one tap saw the bordered input; zeros elsewhere. */
function sentBack(tap: number[], y: tf.Tensor, windows: Windows): tf.Tensor {
  const { inside, before, after, stride } = windows;
  return tap.reduce((sent, at, i) => {
    const size = (before[i] as number) + (inside[i] as number) + (after[i] as number);
    return placed(sent, i + 1, at, stride[i] as number, size);
  }, y);
}

/** The border cut off again. */
function withoutBorder(x: tf.Tensor, { batch, inside, before }: Windows): tf.Tensor {
  return tf.slice(x, [0, ...before, 0], [batch, ...inside, x.shape[4] as number]);
}

/** Along one axis: the k-th entry at `at` + k·`stride` of `size`. */
function placed(x: tf.Tensor, axis: number, at: number, stride: number, size: number): tf.Tensor {
  const count = x.shape[axis] as number;
  const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  const cells = tf.reshape(x, [outer, count, 1, inner]);
  const apart = tf.pad(cells, [[0, 0], [0, 0], [0, stride - 1], [0, 0]]); // biome-ignore format: short
  const used = (count - 1) * stride + 1;
  const cut = tf.slice(tf.reshape(apart, [outer, count * stride, inner]), [0, 0, 0], [outer, used, inner]);
  const whole = tf.pad(cut, [[0, 0], [at, size - at - used], [0, 0]]); // biome-ignore format: short
  return tf.reshape(whole, [...x.shape.slice(0, axis), size, ...x.shape.slice(axis + 1)]);
}

/** What each tap sees of the input; the border is less than anything. */
export function candidates(input: tf.Tensor, windows: Windows): tf.Tensor[] {
  const x = bordered(input, windows, Number.NEGATIVE_INFINITY);
  return tapsOf(windows).map((tap) => seenBy(tap, x, windows));
}

/** For each candidate a mask of where it is the first that is the largest, as TensorFlow chooses among equal ones. */
export function firstLargest(each: tf.Tensor[], largest: tf.Tensor): tf.Tensor[] {
  let open = tf.onesLike(largest);
  return each.map((candidate) => {
    const hit = tf.mul(tf.cast(tf.equal(candidate, largest), 'float32'), open);
    open = tf.sub(open, hit);
    return hit;
  });
}

/** The sum of what each tap sends back to the input. */
export function backToInput(parts: tf.Tensor[], windows: Windows): tf.Tensor {
  const taps = tapsOf(windows);
  return withoutBorder(
    tf.addN(parts.map((part, k) => sentBack(taps[k] as number[], part, windows))),
    windows,
  );
}
