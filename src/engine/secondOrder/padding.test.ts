import { describe, it } from 'vitest';
import { expectExact, waves } from '../../../tests/engine/hessians';
import { tf } from '../backend';

describe('a mirrored border hands back the gradient of all its copies', () => {
  for (const mode of ['reflect', 'symmetric'] as const)
    it(mode, () => {
      const paddings: [number, number][] = [
        [2, 1],
        [0, 3],
        [0, 0],
      ];
      expectExact((x) => tf.pow(tf.mirrorPad(x as tf.Tensor, paddings, mode), 3), [waves([3, 4, 2])]);
    });

  it('symmetric, of a single row', () => {
    const paddings: [number, number][] = [[1, 1], [1, 0]]; // biome-ignore format: short
    expectExact((x) => tf.pow(tf.mirrorPad(x as tf.Tensor, paddings, 'symmetric'), 3), [waves([1, 3])]);
  });
});
