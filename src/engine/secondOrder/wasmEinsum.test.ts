import { beforeAll, describe, expect, it, vi } from 'vitest';
import { expectExact, waves } from '../../../tests/engine/hessians';
import { ready, tf } from '../backend';

vi.hoisted(() => {
  process.env.LOSSLAB_BACKEND = 'wasm';
});

beforeAll(ready);

const EQUATIONS: [equation: string, ...shapes: number[][]][] = [
  ['ij,jk->ik', [2, 3], [3, 4]],
  ['bij,bkj->bik', [2, 2, 3], [2, 4, 3]],
  ['ij->ji', [2, 3]],
  ['ij->', [2, 3]],
  ['ij,kl->kilj', [2, 3], [2, 2]],
  ['bji,j->ib', [2, 3, 4], [3]],
];

describe('einsum on WebAssembly', () => {
  it.each(EQUATIONS)(
    '%s is that of the plain backend, and exact at second order',
    async (equation, ...shapes) => {
      const operands = shapes.map((shape, i) => waves(shape, i));
      const found: { shape: number[]; values: number[] }[] = [];
      for (const backend of ['wasm', 'cpu']) {
        await tf.setBackend(backend);
        const result = tf.einsum(equation, ...operands);
        found.push({ shape: result.shape, values: Array.from(result.dataSync()) });
      }
      await tf.setBackend('wasm');
      const [ours, theirs] = found;
      expect(ours?.shape).toEqual(theirs?.shape);
      ours?.values.forEach((value, i) => {
        expect(value).toBeCloseTo(theirs?.values[i] as number, 5);
      });
      if (equation !== 'ij->')
        expectExact((...at) => tf.square(tf.einsum(equation, ...(at as typeof operands))), operands);
    },
  );
});
