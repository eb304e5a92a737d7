import { doublesWanted } from './doubles';
import { kernel, tf } from './engine';
import { gradientOf, wrapKernel } from './register';

interface Resize {
  alignCorners: boolean;
  halfPixelCenters: boolean;
  size: [number, number];
}

/**
 * A resized image is A·x·Bᵀ for each channel, A and B fixed matrices of weights for its rows and columns; its gradient is
 * Aᵀ·dy·B. As matrix products both have derivatives of every order, also in float64, and for every way to place
 * the pixels (tfjs-node's gradient kernels know nothing of half-pixel centres).
 */
export function installResize(): void {
  gradientOf<Resize>('ResizeNearestNeighbor', { inputs: ['images'] }, (dy, [images], attributes) => ({
    images: () => resizedBack(dy, images as tf.Tensor, nearestWeights, attributes),
  }));
  gradientOf<Resize>('ResizeBilinear', { inputs: ['images'] }, (dy, [images], attributes) => ({
    images: () => resizedBack(dy, images as tf.Tensor, bilinearWeights, attributes),
  }));
  for (const name of ['ResizeNearestNeighbor', 'ResizeBilinear'])
    gradientOf<Resize>(`${name}Grad`, { inputs: ['images', 'dy'] }, (ddx, [images, dy], attributes) => ({
      dy: () => kernel(name, { images: ddx }, { ...attributes, size: (dy as tf.Tensor).shape.slice(1, 3) }),
      images: () => tf.zerosLike(images as tf.Tensor),
    }));
  wrapKernel('ResizeBilinear', 'tensorflow', (call, stock) => {
    if (!doublesWanted()) return stock(call);
    const images = call.inputs.images as tf.Tensor;
    return tf.tidy(() => resized(images, call.attrs as unknown as Resize));
  });
}

/** Weights [to, from] with which the pixels of one axis become those of the resized one; not rounded to float32. */
type Weights = (from: number, to: number, attributes: Resize) => number[];

/** Where pixel i of the resized axis lies on the original one. */
function position(i: number, from: number, to: number, { alignCorners, halfPixelCenters }: Resize): number {
  if (alignCorners && to > 1) return (i * (from - 1)) / (to - 1);
  return halfPixelCenters ? ((i + 0.5) * from) / to - 0.5 : (i * from) / to;
}

function bilinearWeights(from: number, to: number, attributes: Resize): number[] {
  const weights = new Array<number>(to * from).fill(0);
  const last = from - 1;
  for (let i = 0; i < to; i++) {
    const x = position(i, from, to, attributes);
    const low = Math.min(Math.max(Math.floor(x), 0), last);
    const high = Math.min(Math.max(Math.ceil(x), 0), last);
    const share = low === high ? 0 : x - low;
    weights[i * from + low] = 1 - share;
    if (share > 0) weights[i * from + high] = share;
  }
  return weights;
}

function nearestWeights(from: number, to: number, attributes: Resize): number[] {
  const weights = new Array<number>(to * from).fill(0);
  for (let i = 0; i < to; i++) {
    const x = nearestPosition(i, from, to, attributes);
    weights[i * from + Math.min(Math.max(x, 0), from - 1)] = 1;
  }
  return weights;
}

/** TensorFlow computes this in float32, and rounds down unless corners are aligned. */
function nearestPosition(
  i: number,
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: Resize,
): number {
  const f = Math.fround;
  const scale = f(alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to);
  if (alignCorners) return Math.round(f(i * scale));
  return Math.floor(f(f(halfPixelCenters ? i + 0.5 : i) * scale));
}

function resized(images: tf.Tensor, attributes: Resize): tf.Tensor {
  const [, height, width] = images.shape as [number, number, number];
  const [toHeight, toWidth] = attributes.size;
  const rows = tf.tensor3d(bilinearWeights(height, toHeight, attributes), [1, toHeight, height]);
  const columns = tf.tensor3d(bilinearWeights(width, toWidth, attributes), [1, toWidth, width]);
  return alongBoth(rows, images, columns, false);
}

function resizedBack(dy: tf.Tensor, images: tf.Tensor, weights: Weights, attributes: Resize): tf.Tensor {
  const [, toHeight, toWidth] = dy.shape as [number, number, number];
  const [, height, width] = images.shape as [number, number, number];
  const rows = tf.tensor3d(weights(height, toHeight, attributes), [1, toHeight, height]);
  const columns = tf.tensor3d(weights(width, toWidth, attributes), [1, toWidth, width]);
  return alongBoth(rows, dy, columns, true);
}

/** Multiplies the rows and then the columns of [batch, height, width, channels] by a matrix each, or its transpose; [1, n, m] for all of a batch. */
function alongBoth(rows: tf.Tensor3D, x: tf.Tensor, columns: tf.Tensor3D, transposed: boolean): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const tall = tf.matMul(rows, tf.reshape(x, [batch, height, width * channels]), transposed);
  const toHeight = tall.shape[1] as number;
  const wide = tf.matMul(columns, tf.reshape(tall, [batch * toHeight, width, channels]), transposed);
  return tf.reshape(wide, [batch, toHeight, wide.shape[1] as number, channels]);
}
