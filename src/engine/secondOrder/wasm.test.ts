import { beforeAll, describe, expect, it, vi } from 'vitest';
import { expectExact, waves } from '../../../tests/engine/hessians';
import { ready, type tf as TensorFlow, tf } from '../backend';

vi.hoisted(() => {
  process.env.LOSSLAB_BACKEND = 'wasm';
});

beforeAll(ready);

/** The gradients on wasm and on the plain backend. */
async function onBoth(gradients: () => TensorFlow.Tensor[]): Promise<number[][]> {
  const found: number[][] = [];
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend);
    found.push(gradients().flatMap((tensor) => Array.from(tensor.dataSync())));
  }
  await tf.setBackend('wasm');
  return found;
}

function expectSame([ours, theirs]: number[][]): void {
  expect(ours?.length).toBe(theirs?.length);
  ours?.forEach((value, i) => {
    expect(value).toBeCloseTo(theirs?.[i] as number, 4);
  });
}

describe('on WebAssembly', () => {
  it('is the backend that runs', () => {
    expect(tf.getBackend()).toBe('wasm');
  });

  it.each([
    ['same', 1],
    ['same', 2],
    ['valid', 1],
    ['valid', 2],
  ] as const)(
    'convolutions with %s padding and strides %i have the gradients of the plain backend',
    async (pad, s) => {
      const [x, w] = [waves([2, 6, 7, 3]), waves([3, 2, 3, 2], 1)];
      const convolutions = [
        (a: TensorFlow.Tensor, b: TensorFlow.Tensor) =>
          tf.conv2d(a as TensorFlow.Tensor4D, b as TensorFlow.Tensor4D, s, pad),
        (a: TensorFlow.Tensor, b: TensorFlow.Tensor) =>
          tf.depthwiseConv2d(a as TensorFlow.Tensor4D, b as TensorFlow.Tensor4D, s, pad),
      ];
      for (const f of convolutions) {
        expectSame(await onBoth(() => tf.grads((a, b) => tf.sum(tf.sin(f(a, b))))([x, w])));
        expectExact(((a: TensorFlow.Tensor, b: TensorFlow.Tensor) => tf.tanh(f(a, b))) as never, [x, w]);
      }
    },
  );

  it('dilated ones too', () => {
    const f = (a: TensorFlow.Tensor, b: TensorFlow.Tensor) =>
      tf.tanh(tf.conv2d(a as TensorFlow.Tensor4D, b as TensorFlow.Tensor4D, 1, 'same', 'NHWC', 2));
    expectExact(f as never, [waves([2, 6, 7, 3]), waves([3, 2, 3, 2], 1)]);
  });

  it('an embedding has a gradient, and a second one', async () => {
    const indices = tf.tensor2d([0, 2, 2, 1], [2, 2], 'int32');
    const table = waves([3, 4]);
    const f = (rows: TensorFlow.Tensor) => tf.square(tf.gather(rows, indices));
    expectSame(await onBoth(() => [tf.grad((rows: TensorFlow.Tensor) => tf.sum(f(rows)))(table)]));
    expectExact(f as never, [table]);
  });

  it('a table of one row too', async () => {
    const table = waves([1, 4]);
    const f = (rows: TensorFlow.Tensor) => tf.square(tf.gather(rows, tf.tensor1d([0, 0], 'int32')));
    expectSame(await onBoth(() => [tf.grad((rows: TensorFlow.Tensor) => tf.sum(f(rows)))(table)]));
    expectExact(f as never, [table]);
  });

  it('pooling is exact', () => {
    const x = waves([2, 5, 6, 2]);
    expectExact(((y: TensorFlow.Tensor4D) => tf.square(tf.maxPool(tf.tanh(y), 2, 2, 'same'))) as never, [x]);
    expectExact(((y: TensorFlow.Tensor4D) => tf.square(tf.avgPool(tf.square(y), 3, 2, 'same'))) as never, [
      x,
    ]);
  });
});
