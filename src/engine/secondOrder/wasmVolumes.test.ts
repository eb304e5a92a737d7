import { beforeAll, describe, expect, it, vi } from 'vitest';
import { waves } from '../../../tests/engine/hessians';
import { ready, type tf as TensorFlow, tf } from '../backend';

vi.hoisted(() => {
  process.env.LOSSLAB_BACKEND = 'wasm';
});

beforeAll(ready);

/** Expects the same numbers on wasm and on the plain backend. */
async function expectSame(run: () => TensorFlow.Tensor[]): Promise<void> {
  const found: number[][] = [];
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend);
    found.push(run().flatMap((tensor) => Array.from(tensor.dataSync())));
  }
  await tf.setBackend('wasm');
  const [ours, theirs] = found as [number[], number[]];
  expect(ours.length).toBe(theirs.length);
  const size = Math.max(...theirs.map(Math.abs));
  const apart = Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] as number))));
  expect(apart).toBeLessThan(5e-6 * size);
}

const WINDOWS = (['same', 'valid'] as const).flatMap((pad) =>
  [1, 2].flatMap((stride) => [2, 3].map((size) => [size, stride, pad] as const)),
);

describe.each(WINDOWS)(
  'on WebAssembly, with windows of %i, strides %i and %s padding',
  (size, stride, pad) => {
    it('conv3d has the value and the gradients of the plain backend', async () => {
      const [x, w] = [waves([2, 4, 5, 4, 2]), waves([size, size, 2, 2, 3], 1)];
      const f = (a: TensorFlow.Tensor, b: TensorFlow.Tensor) =>
        tf.conv3d(a as never, b as never, stride, pad);
      await expectSame(() => [f(x, w), ...tf.grads((a, b) => tf.sum(tf.sin(f(a, b))))([x, w])]);
    });

    it('maxPool3d of negative numbers and its second derivative too', async () => {
      const x = tf.sub(waves([2, 4, 5, 4, 2]), 3) as TensorFlow.Tensor5D;
      const f = (y: TensorFlow.Tensor) =>
        tf.sum(tf.sin(tf.maxPool3d(y as TensorFlow.Tensor5D, size, stride, pad)));
      const twice = (y: TensorFlow.Tensor) => tf.sum(tf.sin(tf.grad(f)(y)));
      await expectSame(() => [f(x), tf.grad(f)(x), tf.grad(twice)(x)]);
    });

    it('dilation2d too', async () => {
      const [x, w] = [waves([2, 6, 7, 2]), waves([size, 2, 2], 1)];
      const f = (a: TensorFlow.Tensor, b: TensorFlow.Tensor) =>
        tf.dilation2d(a as never, b as never, stride, pad);
      await expectSame(() => [f(x, w), ...tf.grads((a, b) => tf.sum(tf.sin(f(a, b))))([x, w])]);
    });
  },
);

describe('on WebAssembly', () => {
  it('windows apart from each other see what they do on the plain backend', async () => {
    const [x, w] = [waves([1, 6, 6, 1]), waves([2, 2, 1], 1)];
    await expectSame(() => [tf.dilation2d(x as never, w as never, 1, 'same', [2, 2])]);
  });
});
