import { tf } from './engine';
import { gradientOf } from './register';

/** What only moves numbers: its gradient moves them back. */
export function installGathering(): void {
  gradientOf('GatherNd', { inputs: ['params', 'indices'] }, (dy, [params, indices]) => ({
    params: () => tf.scatterND(indices as tf.Tensor, dy, (params as tf.Tensor).shape),
    indices: () => tf.zeros((indices as tf.Tensor).shape),
  }));
  gradientOf('ScatterNd', { inputs: ['indices'] }, (dy, [indices]) => ({
    updates: () => tf.gatherND(dy, indices as tf.Tensor),
    indices: () => tf.zeros((indices as tf.Tensor).shape),
  }));
  gradientOf<Blocks>('DepthToSpace', { inputs: ['x'] }, (dy, [x], { blockSize, dataFormat }) => ({
    x: () => toDepth(dy, (x as tf.Tensor).shape as Shape4D, blockSize, dataFormat),
  }));
}

type Shape4D = [number, number, number, number];

interface Blocks {
  blockSize: number;
  dataFormat: 'NHWC' | 'NCHW';
}

/** Each block of pixels becomes the channels of one pixel again. */
function toDepth(dy: tf.Tensor, shape: Shape4D, block: number, dataFormat: 'NHWC' | 'NCHW'): tf.Tensor {
  if (dataFormat === 'NCHW') {
    const [batch, , height, width] = shape;
    const blocks = tf.reshape(dy, [batch, -1, height, block, width, block]);
    return tf.reshape(tf.transpose(blocks, [0, 3, 5, 1, 2, 4]), shape);
  }
  const [batch, height, width] = shape;
  const blocks = tf.reshape(dy, [batch, height, block, width, block, -1]);
  return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), shape);
}
