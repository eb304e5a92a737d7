import type { GraphNode, Numbers, Output } from '../graph';
import type { Recording } from '../record';

// What makes two recordings the same steps: the ops, what each takes from which, and what goes in and out.

/** A recording with its number of rows. */
export interface Sized {
  rows: number;
  recording: Recording;
}

export type Positions = ReadonlyMap<GraphNode, number>;

export function positions({ nodes }: Recording): Positions {
  return new Map(nodes.map((node, i) => [node, i]));
}

/** Equal when two recordings have as many nodes, the same captures, and results from the same nodes. */
export function ends({ nodes, captures, outputs, assigned }: Recording, at: Positions): string {
  const place = ({ node, index }: Output): unknown => [at.get(node), index];
  return JSON.stringify([
    nodes.length,
    captures.map(({ node, source }) => [at.get(node), typeof source === 'number' ? source : source.id]),
    outputs.map(place),
    assigned.map(({ variable, output }) => [variable.id, place(output)]),
  ]);
}

/** Equal for the same op on the same inputs, whatever its outputs' sides. */
export function step(node: GraphNode, at: Positions): string {
  return JSON.stringify([
    node.op,
    node.attrs,
    node.inputs.map((input) => [at.get(input.node), input.index]),
    node.outputs.map(({ dtype, shape }) => [dtype, shape.length]),
  ]);
}

export function equalNumbers(a: Numbers, b: Numbers): boolean {
  return a.length === b.length && a.every((number: number, i: number) => Object.is(number, b[i]));
}
