import { type Case, type Library, N, type Tensor } from '../case';
import type { Range } from '../numbers';
import { op } from './op';

const AWAY: Range = [0.2, 1.8];
const WITHIN: Range = [-0.9, 0.9];

/** Ops of one tensor, entry by entry. */
export function unaryCases({ tf }: Library): Case[] {
  const one = (name: string, f: (x: Tensor) => Tensor, range: Range = [-1.5, 1.5]) =>
    op(tf, name, [[N, 3]], f as (...inputs: Tensor[]) => Tensor, { range });
  return [
    ...[one('abs', tf.abs), one('neg', tf.neg), one('square', tf.square), one('exp', tf.exp)],
    ...[one('expm1', tf.expm1), one('sin', tf.sin), one('cos', tf.cos), one('tan', tf.tan, [-1, 1])],
    ...[one('sinh', tf.sinh), one('cosh', tf.cosh), one('tanh', tf.tanh), one('asinh', tf.asinh)],
    ...[one('atan', tf.atan), one('asin', tf.asin, WITHIN), one('acos', tf.acos, WITHIN)],
    ...[one('acosh', tf.acosh, [1.2, 3]), one('atanh', tf.atanh, WITHIN), one('erf', tf.erf)],
    ...[one('sqrt', tf.sqrt, AWAY), one('rsqrt', tf.rsqrt, AWAY), one('log', tf.log, AWAY)],
    ...[one('log1p', tf.log1p, WITHIN), one('reciprocal', tf.reciprocal, AWAY)],
    ...[one('sigmoid', tf.sigmoid), one('logSigmoid', tf.logSigmoid), one('softplus', tf.softplus)],
    ...[one('relu', tf.relu), one('relu6', tf.relu6, [-3, 9]), one('elu', tf.elu), one('selu', tf.selu)],
    ...[one('leakyRelu', tf.leakyRelu), one('leakyRelu, alpha 0.3', (x) => tf.leakyRelu(x, 0.3))],
    one('clipByValue', (x) => tf.clipByValue(x, -0.5, 0.7)),
    one('pow by a number', (x) => tf.pow(x, 3)),
    one('cast to int32 and back', (x) => tf.mul(x, tf.cast(tf.cast(x, 'int32'), 'float32'))),
    one('abs of complex numbers', (x) => tf.abs(tf.complex(x, tf.square(x)))),
    one('clone', (x) => tf.mul(tf.clone(x), x)),
    one('relu of a relu', (x) => tf.relu(tf.sub(tf.relu(x), 0.4))),
    one('tanh of tanh times exp', (x) => tf.mul(tf.tanh(tf.tanh(x)), tf.exp(x))),
    ...flatCases({ tf } as Library),
  ];
}

/** Piecewise constant: their own gradient is zero everywhere, that of their product with x is not. */
function flatCases({ tf }: Library): Case[] {
  const flat: [string, (x: Tensor) => Tensor][] = [
    ['floor', tf.floor],
    ['ceil', tf.ceil],
    ['round', tf.round],
    ['sign', tf.sign],
    ['step', tf.step],
    ['zerosLike', tf.zerosLike],
    ['onesLike', tf.onesLike],
    ['isNaN', tf.isNaN],
    ['isFinite', tf.isFinite],
    ['isInf', tf.isInf],
    ['greater', (x) => tf.greater(x, 0.1)],
    ['greaterEqual', (x) => tf.greaterEqual(x, 0.1)],
    ['less', (x) => tf.less(x, 0.1)],
    ['lessEqual', (x) => tf.lessEqual(x, 0.1)],
    ['equal', (x) => tf.equal(x, 0.1)],
    ['notEqual', (x) => tf.notEqual(x, 0.1)],
    ['logicalAnd', (x) => tf.logicalAnd(tf.less(x, 1), tf.greater(x, 0))],
    ['logicalOr', (x) => tf.logicalOr(tf.less(x, 0), tf.greater(x, 1))],
    ['logicalNot', (x) => tf.logicalNot(tf.less(x, 0))],
    ['argMax', (x) => tf.expandDims(tf.argMax(x, 1), 1)],
    ['argMin', (x) => tf.expandDims(tf.argMin(x, 1), 1)],
  ];
  return flat.map(([name, f]) =>
    op(tf, `${name} times x`, [[N, 3]], (x) => tf.mul(tf.cast(f(x as Tensor), 'float32'), x as Tensor)),
  );
}

/** Ops of two tensors; each also with a row that is broadcast and with a scalar. */
export function binaryCases({ tf }: Library): Case[] {
  const two = (name: string, f: (a: Tensor, b: Tensor) => Tensor, range: Range | Range[] = AWAY) =>
    [
      {
        suffix: '',
        shapes: [
          [N, 3],
          [N, 3],
        ],
      },
      { suffix: ', second broadcast', shapes: [[N, 3], [3]] },
      {
        suffix: ', first broadcast',
        shapes: [
          [N, 1],
          [N, 3],
        ],
      },
      { suffix: ', second a scalar', shapes: [[N, 3], []] },
    ].map(({ suffix, shapes }) =>
      op(tf, name + suffix, shapes, f as (...inputs: Tensor[]) => Tensor, { range }),
    );
  return [
    ...two('add', tf.add),
    ...two('sub', tf.sub),
    ...two('mul', tf.mul),
    ...two('div', tf.div),
    ...two('pow', tf.pow),
    ...two('maximum', tf.maximum),
    ...two('minimum', tf.minimum),
    ...two('squaredDifference', tf.squaredDifference),
    ...two('atan2', tf.atan2),
    ...two('mod', tf.mod, [
      [1, 5],
      [0.6, 0.9],
    ]),
    ...two('floorDiv times first', (a, b) => tf.mul(tf.floorDiv(a, b), a), [
      [1, 5],
      [0.6, 0.9],
    ]),
    ...two('where', (a, b) => tf.where(tf.greater(a, 1), tf.mul(a, b), b)),
    ...two('divNoNan', tf.divNoNan),
    op(tf, 'prelu', [[N, 4], [4]], (x, a) => tf.prelu(x as Tensor, a as Tensor)),
    op(
      tf,
      'addN',
      [
        [N, 3],
        [N, 3],
        [N, 3],
      ],
      (...all) => tf.addN(all),
    ),
  ];
}
