import { tf } from './engine';
import { gradientOf } from './register';
import { oneHot, spreadTo } from './shapes';

/** Sums, products and what repeats or orders along axes. */
export function installReductions(): void {
  sums();
  tile();
  cumulative();
  products();
  topK();
}

interface Axes {
  axis: number | number[];
}

/** One Tile in place of a product with a tensor of ones. */
function sums(): void {
  gradientOf<Axes>('Sum', { inputs: ['x'] }, (dy, [x], { axis }) => ({
    x: () => spread(dy, x as tf.Tensor, axis),
  }));
  gradientOf<Axes>('Mean', { inputs: ['x'] }, (dy, [x], { axis }) => ({
    x: () => spread(tf.div(dy, (x as tf.Tensor).size / Math.max(dy.size, 1)), x as tf.Tensor, axis),
  }));
}

function spread(dy: tf.Tensor, { shape }: tf.Tensor, axis: number | number[]): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis, shape);
  const kept = shape.map((size, i) => (axes.includes(i) ? 1 : size));
  return spreadTo(tf.reshape(dy, kept), shape);
}

/** Stock adds a slice for each repetition, one by one; here each repetition is an axis, and all are summed at once. */
function tile(): void {
  gradientOf<{ reps: number[] }>('Tile', { inputs: ['x'] }, (dy, [x], { reps }) => ({
    x: () => {
      const { shape } = x as tf.Tensor;
      const split: number[] = [];
      const axes: number[] = [];
      shape.forEach((size, i) => {
        const count = reps[i] ?? 1;
        if (count !== 1) axes.push(split.push(count) - 1);
        if (count === 1 || size !== 1) split.push(size);
      });
      const sum = axes.length === 0 ? dy.clone() : tf.sum(tf.reshape(dy, split), axes);
      return tf.reshape(sum, shape);
    },
  }));
}

interface Cumulative {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** Each element counts in the sums from its own place on. Stock transposes the result when the axis is not the last. */
function cumulative(): void {
  gradientOf<Cumulative>('Cumsum', {}, (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy, axis, exclusive, !reverse),
  }));
}

/** ∂Πx/∂xᵢ = Π of all others: again a product, so that it has derivatives of every order, at zeros too. */
function products(): void {
  gradientOf<Partial<Axes>>('Prod', { inputs: ['x'] }, (dy, [saved], { axis }) => ({
    x: () => {
      const x = saved as tf.Tensor;
      const axes = tf.util.parseAxisParam(axis ?? (null as never), x.shape);
      const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
      const order = [...kept, ...axes];
      const moved = tf.transpose(x, order);
      const sizes = kept.map((i) => x.shape[i] as number);
      const others = productOfOthers(tf.reshape(moved, [tf.util.sizeFromShape(sizes), -1]));
      const gradient = tf.mul(tf.reshape(dy, [-1, 1]), others);
      return tf.transpose(tf.reshape(gradient, moved.shape), inverse(order));
    },
  }));
}

/** Rows [r, n] to the product of all others of the row: n copies of it, the i-th with a one in place i. */
function productOfOthers(rows: tf.Tensor): tf.Tensor {
  const n = rows.shape[1] as number;
  const eye = tf.eye(n);
  const copies = tf.mul(tf.expandDims(rows, 1), tf.sub(1, eye));
  return tf.prod(tf.add(copies, eye), 2);
}

function inverse(order: number[]): number[] {
  return order.map((_, i) => order.indexOf(i));
}

/** The gradient of each of the k largest goes back to where it came from. */
function topK(): void {
  const saved = { inputs: ['x'], outputs: [true, true] };
  gradientOf('TopK', saved, (dys, [x, , indices]) => ({
    x: () => {
      const [dy] = dys as unknown as tf.Tensor[];
      const places = oneHot(indices as tf.Tensor, (x as tf.Tensor).shape.at(-1) as number);
      return tf.sum(tf.mul(tf.expandDims(dy as tf.Tensor, -1), places), -2);
    },
  }));
}
