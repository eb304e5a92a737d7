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

/**
 * Each operand's gradient is an einsum of dy with the other operand, written with the same letters. An index that is
 * summed in one operand alone would have to be repeated, which einsum cannot say.
 */
export function installEinsum(): void {
  gradientOf<{ equation: string }>('Einsum', { all: true }, (dy, operands, { equation }) => {
    const [left = '', result = ''] = equation.replaceAll(' ', '').split('->');
    const terms = left.split(',');
    const gradient = (i: number) => () => {
      const others = terms.filter((_, k) => k !== i);
      const [term = ''] = [terms[i]];
      if (!isTransposable(term, [result, ...others]))
        throw new Error(`Einsum ${equation} has no gradient by operand ${i}: write it with sum and matMul`);
      const rest = operands.filter((_, k) => k !== i);
      return tf.einsum(`${[result, ...others].join(',')}->${term}`, dy, ...rest);
    };
    return Object.fromEntries(terms.map((_, i) => [String(i), gradient(i)]));
  });
}

/** Every index of the term stands once in it, and somewhere else. */
function isTransposable(term: string, others: string[]): boolean {
  const letters = new Set(term);
  return (
    letters.size === term.length &&
    [...letters].every((letter) => others.some((other) => other.includes(letter)))
  );
}
