import { kernel, tf } from './engine';
import { gradientOf, wrapKernel } from './register';
import { sumTo } from './shapes';

type Pair = [a: tf.Tensor, b: tf.Tensor];

/** Activations and elementwise kernels. */
export function installElementwise(): void {
  castsThatCastNothing();
  eluGrad();
  broadcasting();
  copies();
}

/** The native backend runs a TensorFlow op even where the type stays; most gradients cast their float32 to float32. */
function castsThatCastNothing(): void {
  wrapKernel('Cast', 'tensorflow', (call, stock) => {
    const { x } = call.inputs;
    if (x === undefined || x.dtype !== call.attrs?.dtype) return stock(call);
    (call.backend as { incRef(dataId: object): void }).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
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
