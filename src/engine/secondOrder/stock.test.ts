import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { tf } from '../backend';

// First-order gradients with the remedies against those of TensorFlow.js as it is shipped, in a process of its own.
// x is [2, 6], p the same but positive, q is [1, 4, 4, 3], w is [3, 3, 3, 2].

const UNARY =
  'abs acos acosh asin asinh atan atanh ceil cos cosh elu erf exp expm1 floor log log1p logSigmoid leakyRelu neg ' +
  'reciprocal relu relu6 round rsqrt selu sigmoid sign sin sinh softplus sqrt square step tan tanh softmax ' +
  'logSoftmax sum mean max min prod logSumExp transpose onesLike zerosLike isNaN';

const EXPRESSIONS = [
  ...UNARY.split(' ').map((name) => `tf.${name}(${name === 'acosh' ? 'tf.add(p, 1)' : 'p'})`),
  ...['relu', 'elu', 'tanh', 'leakyRelu', 'softmax', 'softplus', 'sign', 'step', 'abs'].map(
    (name) => `tf.${name}(x)`,
  ),
  ...[
    'add',
    'sub',
    'mul',
    'div',
    'maximum',
    'minimum',
    'squaredDifference',
    'atan2',
    'pow',
    'mod',
    'floorDiv',
  ].map((name) => `tf.${name}(p, tf.add(tf.square(p), 0.3))`),
  ...['max', 'min', 'mean', 'sum', 'prod'].flatMap((name) => [`tf.${name}(x, 0)`, `tf.${name}(x, 1, true)`]),
  'tf.mul(x, tf.slice(x, [0, 0], [1, 6]))',
  'tf.cumsum(x, 1)',
  'tf.tile(x, [2, 3])',
  'tf.tile(q, [1, 2, 2, 1])',
  'tf.concat([x, tf.square(x)], 1)',
  'tf.stack([x, x])',
  'tf.split(x, 3, 1)[1]',
  'tf.gather(x, tf.tensor1d([1, 0, 1], "int32"))',
  'tf.pad(x, [[1, 0], [0, 2]])',
  'tf.reverse(x, 1)',
  'tf.where(tf.greaterEqual(x, 0.1), tf.square(x), x)',
  'tf.clipByValue(x, -0.4, 0.6)',
  'tf.matMul(x, x, false, true)',
  'tf.matMul(x, tf.square(x), true, false)',
  'tf.moments(x, 0).variance',
  'tf.norm(x)',
  'tf.broadcastTo(tf.slice(x, [0, 0], [1, 6]), [3, 6])',
  'tf.batchNorm(q, tf.mean(q, [0, 1, 2]), tf.moments(q, [0, 1, 2]).variance, tf.tensor1d([1, 2, 3]), tf.tensor1d([1, 2, 3]))',
  'tf.localResponseNormalization(q, 1, 1, 0.5, 0.75)',
  'tf.conv2d(q, w, 1, "same")',
  'tf.conv2d(q, w, 2, "valid")',
  'tf.depthwiseConv2d(q, w, 1, "same")',
  'tf.conv2dTranspose(tf.conv2d(q, w, 1, "same"), w, [1, 4, 4, 3], 1, "same")',
  'tf.maxPool(q, 2, 2, "same")',
  'tf.maxPool(q, 3, 1, "valid")',
  'tf.avgPool(q, 2, 2, "valid")',
  'tf.image.resizeBilinear(q, [7, 9])',
  'tf.image.resizeBilinear(q, [8, 8], true)',
  'tf.image.resizeNearestNeighbor(q, [8, 12])',
  'tf.image.resizeNearestNeighbor(q, [7, 5], true)',
  ...['meanSquaredError', 'absoluteDifference', 'huberLoss', 'hingeLoss', 'sigmoidCrossEntropy'].map(
    (name) => `tf.losses.${name}(tf.tensor2d([[0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0]]), x)`,
  ),
  'tf.losses.softmaxCrossEntropy(tf.tensor2d([[0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0]]), x)',
  'tf.losses.softmaxCrossEntropy(tf.tensor2d([[0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0]]), x, tf.tensor1d([2, 0]), 0.1)',
];

/** Runs here and, as text, in the other process: so it uses nothing from outside. */
function gradientsOf(core: typeof tf, expressions: string[]): (number[] | string)[] {
  const wave = (shape: number[], phase: number, up: number) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return core.tensor(
      Array.from({ length: size }, (_, i) => up + 0.45 * Math.sin(1.7 * i + phase)),
      shape,
    );
  };
  const at = [wave([2, 6], 1, 0), wave([2, 6], 2, 0.5), wave([1, 4, 4, 3], 3, 0), wave([3, 3, 3, 2], 4, 0)];
  return expressions.map((expression) => {
    const f = new Function('tf', 'x', 'p', 'q', 'w', `return ${expression}`);
    const loss = (...v: import('../backend').tf.Tensor[]) => {
      const y = core.cast(f(core, ...v), 'float32');
      const all = v.reduce(
        (sum, t) => core.add(sum, core.sum(t)),
        core.scalar(0) as import('../backend').tf.Tensor,
      );
      return core.add(core.sum(core.mul(y, core.reshape(core.linspace(-1, 2, y.size), y.shape))), all);
    };
    try {
      return core
        .grads(loss)(at)
        .flatMap((gradient) => Array.from(gradient.dataSync()));
    } catch (error) {
      return String(error);
    }
  });
}

function ofStock(): (number[] | string)[] {
  const script = `
    const util = require('node:util');
    util.isArray ??= Array.isArray; util.isNullOrUndefined ??= (x) => x == null;
    const tf = require('@tensorflow/tfjs');
    ${tf.getBackend() === 'tensorflow' ? "require('@tensorflow/tfjs-node')" : "tf.setBackend('cpu')"};
    const gradients = (${gradientsOf.toString()})(tf, ${JSON.stringify(EXPRESSIONS)});
    process.stdout.write('\\n@' + JSON.stringify(gradients));`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env, cwd: __dirname });
  return JSON.parse(output.slice(output.indexOf('\n@') + 2)) as (number[] | string)[];
}

describe('first-order gradients are those of stock TensorFlow.js', () => {
  const stock = ofStock();
  const ours = gradientsOf(tf, EXPRESSIONS);
  const rows = EXPRESSIONS.map((expression, i) => ({ expression, expected: stock[i], found: ours[i] }));
  it.each(rows)('$expression', ({ expression, expected, found }) => {
    if (typeof expected === 'string' || typeof found === 'string')
      throw new Error(`${expression}: ${expected} ${found}`);
    expect(found?.length).toBe(expected?.length);
    const scale = Math.max(...(expected ?? []).map(Math.abs));
    found?.forEach((value, k) => {
      expect(Math.abs(value - (expected?.[k] as number))).toBeLessThan(3e-6 * scale);
    });
  });
});
