import type { GraphNode, Output } from '../graph';
import type { Rule } from './rewrite';

/** Constants up to this size are compared; larger ones are rarely equal. */
const LARGEST = 64;

/**
 * A rule that computes what is computed twice once, constants included. Every recorded op gives the same for the same
 * inputs: those that do not are refused at recording.
 * @param doubles the numbers constants were made from: floats that are equal may stand for different doubles.
 */
export function sharing(doubles: ReadonlyMap<GraphNode, Float64Array>): Rule {
  const names = new Map<GraphNode, number>();
  const seen = new Map<string, Output[]>();
  const nameOf = (node: GraphNode): number => {
    const name = names.get(node) ?? names.size;
    names.set(node, name);
    return name;
  };
  return (node, emit) => {
    const key = keyOf(node, doubles, nameOf);
    if (key === undefined) return undefined;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const { node: made } = emit(node);
    const outputs = node.outputs.map((_, index) => ({ node: made, index }));
    seen.set(key, outputs);
    return outputs;
  };
}

function keyOf(
  node: GraphNode,
  doubles: ReadonlyMap<GraphNode, Float64Array>,
  nameOf: (node: GraphNode) => number,
): string | undefined {
  if (node.op === 'Placeholder') return undefined;
  if (node.op !== 'Const')
    return `${node.op} ${node.inputs.map((input) => `${nameOf(input.node)}:${input.index}`)} ${JSON.stringify(node.attrs)}`;
  const { value, outputs } = node;
  if (value === undefined || value.length > LARGEST) return undefined;
  const texts = Array.from(value, text);
  return `Const ${outputs[0]?.dtype} ${outputs[0]?.shape} ${texts} ${Array.from(doubles.get(node) ?? [], text)}`;
}

const text = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
