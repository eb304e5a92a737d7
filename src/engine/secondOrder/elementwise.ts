import { kernel, tf } from './engine';
import { gradientOf, type KernelCall, wrapKernel } from './register';
import { sumTo } from './shapes';

type Pair = [a: tf.Tensor, b: tf.Tensor];

/** Activations and elementwise kernels. */
export function installElementwise(): void {
  whatChangesNothing();
  eluGrad();
  broadcasting();
  copies();
}

/**
 * The native backend runs a TensorFlow operation even where nothing changes: most gradients cast their float32 to
 * float32 and reshape to the shape that is there. Here that is the same data under a new handle, as on other backends.
 */
function whatChangesNothing(): void {
  wrapKernel('Cast', 'tensorflow', (call, stock) => {
    const { x } = call.inputs;
    return x !== undefined && x.dtype === call.attrs?.dtype ? sameData(call, x) : stock(call);
  });
  wrapKernel('Reshape', 'tensorflow', (call, stock) => {
    const { x } = call.inputs;
    const shape = call.attrs?.shape as unknown as number[];
    return x !== undefined && tf.util.arraysEqual(x.shape, shape) ? sameData(call, x) : stock(call);
  });
}

function sameData({ backend }: KernelCall, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  (backend as { incRef(dataId: object): void }).incRef(dataId);
  return { dataId, shape, dtype };
}

/** elu'(x) = 1 for x > 0, else y + 1 of its output y; so EluGrad is dy where y ≥ 0 and dy·(y + 1) elsewhere. */
function eluGrad(): void {
  gradientOf('EluGrad', { inputs: ['dy', 'y'] }, (ddx, [dy, y]) => ({
    dy: () => kernel('EluGrad', { dy: ddx, y }),
    y: () => tf.mul(tf.mul(ddx, dy as tf.Tensor), tf.cast(tf.less(y as tf.Tensor, 0), 'float32')),
  }));
}

/** Stock forgets to sum over broadcast axes in these three, and throws. */
function broadcasting(): void {
  const inputs = ['a', 'b'];
  gradientOf('Maximum', { inputs }, (dy, saved) => {
    const [a, b] = saved as Pair;
    return {
      a: () => sumTo(tf.mul(dy, tf.cast(tf.greaterEqual(a, b), 'float32')), a.shape),
      b: () => sumTo(tf.mul(dy, tf.cast(tf.less(a, b), 'float32')), b.shape),
    };
  });
  gradientOf('Minimum', { inputs }, (dy, saved) => {
    const [a, b] = saved as Pair;
    return {
      a: () => sumTo(tf.mul(dy, tf.cast(tf.lessEqual(a, b), 'float32')), a.shape),
      b: () => sumTo(tf.mul(dy, tf.cast(tf.greater(a, b), 'float32')), b.shape),
    };
  });
  gradientOf('SquaredDifference', { inputs }, (dy, saved) => {
    const [a, b] = saved as Pair;
    return {
      a: () => sumTo(tf.mul(dy, tf.mul(2, tf.sub(a, b))), a.shape),
      b: () => sumTo(tf.mul(dy, tf.mul(2, tf.sub(b, a))), b.shape),
    };
  });
}

/** The gradient of a copy is a copy: no kernel is needed. */
function copies(): void {
  gradientOf('Identity', {}, (dy) => ({ x: () => tf.clone(tf.cast(dy, 'float32')) }));
}
