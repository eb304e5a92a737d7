import { afterEach, describe, expect, it, vi } from 'vitest';
import { tf } from '../backend';
import * as node from '../node';
import { compile } from './compile';
import { functionInfos } from './functions';

const w = tf.randomNormal([6, 4], 0, 1, 'float32', 1);
const forward = (x: tf.Tensor): tf.Tensor =>
  tf.mean(tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)), 1);
const x = tf.randomNormal([5, 6], 0, 1, 'float32', 2);
const modeOf = (name: string) =>
  functionInfos()
    .find((info) => info.name === name)
    ?.graphs.map(({ mode }) => mode);

afterEach(() => vi.restoreAllMocks());

describe('XLA, where it is allowed', () => {
  it('runs the forward pass of a dense network: the same numbers to rounding, the same bits each time', () => {
    const quick = compile(forward, [x], { name: 'dense forward', xla: true });
    expect(modeOf('dense forward')).toEqual(['XLA']);
    const [found, wanted] = [quick(x).dataSync(), forward(x).dataSync()];
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] as number, 6);
    });
    for (let i = 0; i < 20; i++) expect(quick(x).dataSync()).toEqual(found);
    quick.dispose();
  });

  it('is not used for a gradient, whatever is asked', () => {
    const slope = compile(tf.grad(forward), [x], { name: 'dense gradient', xla: true });
    expect(modeOf('dense gradient')).toEqual(['calling thread']);
    slope.dispose();
  });

  it('is not used unless it is asked for', () => {
    const plain = compile(forward, [x], { name: 'plain forward' });
    expect(modeOf('plain forward')).toEqual(['calling thread']);
    plain.dispose();
  });
});

it('where TensorFlow was started without it, a plain graph runs, which is said once', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(node, 'canUseXla').mockReturnValue(false);
  const plain = compile(forward, [x], { name: 'too late', xla: true });
  for (let i = 0; i < 2; i++) expect(plain(x).shape).toEqual([5]);
  expect(modeOf('too late')).toEqual(['calling thread']);
  expect(functionInfos().find(({ name }) => name === 'too late')?.eager).toBeUndefined();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]?.[0]).toMatch(
    /^losslab: too late runs without XLA: XLA must be switched on before/,
  );
});
