import { type Case, type Library, N, type Tensor, type Tf } from '../case';
import { op } from '../ops/op';

/** Scaled dot-product attention with one head, written with matMul. */
export function attend(tf: Tf, x: Tensor, query: Tensor, key: Tensor, value: Tensor): Tensor {
  const project = (w: Tensor) => {
    const [rows, steps, features] = x.shape as [number, number, number];
    const flat = tf.matMul(tf.reshape(x, [rows * steps, features]), w);
    return tf.reshape(flat, [rows, steps, w.shape[1] as number]);
  };
  const scale = 1 / Math.sqrt(query.shape[1] as number);
  const scores = tf.mul(tf.matMul(project(query), project(key), false, true), scale);
  return tf.matMul(tf.softmax(scores), project(value));
}

export function attentionCases({ tf }: Library): Case[] {
  const shapes = [
    [N, 3, 4],
    [4, 2],
    [4, 2],
    [4, 2],
  ];
  const attention = op(tf, 'attention written with matMul', shapes, (x, q, k, v) =>
    attend(tf, x as Tensor, q as Tensor, k as Tensor, v as Tensor),
  );
  return [{ ...attention, kind: 'layer' }];
}
