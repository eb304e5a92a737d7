import type { GraphNode, Output } from '../graph';
import { type Rule, sameShape, specOf } from './rewrite';

/** A cast to the same type, and an Identity, change nothing. */
export const noOp: Rule = (node) => {
  const [input] = node.inputs;
  if (input === undefined) return undefined;
  const same =
    node.op === 'Identity' || (node.op === 'Cast' && specOf(input).dtype === node.outputs[0]?.dtype);
  return same ? [input] : undefined;
};

/**
 * The gradient of relu is recorded as dy·step(x), a dozen ops; TensorFlow has one for it. They differ where x is NaN and
 * dy is not: there eager writes NaN, and this 0. Such an x has made the value NaN, and with it dy of any usual loss.
 */
export const reluGrad: Rule = (node, emit) => {
  if (node.op !== 'Mul') return undefined;
  for (const [dy, step] of [node.inputs, [...node.inputs].reverse()] as [Output, Output][]) {
    const x = stepOf(step);
    if (x === undefined || !sameShape(dy, x) || !sameShape(step, x)) continue;
    return [emit({ op: 'ReluGrad', inputs: [dy, x], attrs: {}, outputs: node.outputs })];
  }
  return undefined;
};

/** x, when the output is step(x) as the backend composes it: NaN kept, 1 where x > 0, else 0. */
function stepOf({ node }: Output): Output | undefined {
  if (node.op !== 'Select') return undefined;
  const [nans, x, positive] = node.inputs as [Output, Output, Output];
  if (nans.node.op !== 'IsNan' || positive.node.op !== 'Select') return undefined;
  const [greater, one, zero] = positive.node.inputs as [Output, Output, Output];
  const isStep =
    greater.node.op === 'Greater' &&
    sameOutput(greater.node.inputs[0], x) &&
    sameOutput(nans.node.inputs[0], x) &&
    isFilledWith(one, 1) &&
    isFilledWith(zero, 0);
  return isStep ? x : undefined;
}

function sameOutput(a: Output | undefined, b: Output): boolean {
  return a?.node === b.node && a.index === b.index;
}

/** Whether an output is one number throughout: a constant, or a Fill of one. */
export function isFilledWith({ node }: Output, value: number): boolean {
  if (node.op === 'Fill') return isFilledWith(node.inputs[1] as Output, value);
  return node.op === 'Const' && (node as Required<GraphNode>).value.every((number) => number === value);
}
