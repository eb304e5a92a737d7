import { tf } from './engine';
import { gradientOf } from './register';
import { sumTo } from './shapes';

interface Transposes {
  transposeA: boolean;
  transposeB: boolean;
}

/** Products of batches of matrices; stock forgets to sum over a batch that was broadcast, and throws. */
export function installMatMul(): void {
  gradientOf<Transposes>('BatchMatMul', { inputs: ['a', 'b'] }, (dy, saved, { transposeA, transposeB }) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const byA = () =>
      transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB);
    const byB = () =>
      transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false);
    return {
      a: () => sumTo(byA(), a.shape),
      b: () => sumTo(byB(), b.shape),
    };
  });
}
