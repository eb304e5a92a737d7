import type { GraphNode, Output } from '../graph';

/** Adds a node and returns its first output. */
export type Emit = (node: GraphNode) => Output;

/**
 * What takes a node's place: one output for each of its own; undefined when the rule does not apply. The node's inputs
 * are rewritten already.
 */
export type Rule = (node: GraphNode, emit: Emit) => Output[] | undefined;

export interface Rewritten {
  nodes: GraphNode[];
  /** Where an output of the old nodes is found now. */
  find(output: Output): Output;
}

/** Passes the nodes once, in their order; of several rules the first that applies is taken. */
export function rewrite(nodes: readonly GraphNode[], rules: readonly Rule[]): Rewritten {
  const made: GraphNode[] = [];
  const now = new Map<GraphNode, Output[]>();
  const find = ({ node, index }: Output): Output => now.get(node)?.[index] as Output;
  const emit: Emit = (node) => {
    made.push(node);
    return { node, index: 0 };
  };
  for (const node of nodes) {
    const moved = node.inputs.length === 0 ? node : { ...node, inputs: node.inputs.map(find) };
    const replaced = firstOf(rules, moved, emit);
    if (replaced === undefined) made.push(moved);
    now.set(node, replaced ?? moved.outputs.map((_, index) => ({ node: moved, index })));
  }
  return { nodes: made, find };
}

function firstOf(rules: readonly Rule[], node: GraphNode, emit: Emit): Output[] | undefined {
  for (const rule of rules) {
    const replaced = rule(node, emit);
    if (replaced !== undefined) return replaced;
  }
  return undefined;
}

/** The nodes that the fetched outputs need, and those to keep in any case. */
export function liveNodes(
  nodes: readonly GraphNode[],
  fetches: readonly Output[],
  keep: readonly GraphNode[],
): GraphNode[] {
  const live = new Set<GraphNode>([...keep, ...fetches.map(({ node }) => node)]);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i] as GraphNode;
    if (live.has(node)) for (const input of node.inputs) live.add(input.node);
  }
  return nodes.filter((node) => live.has(node));
}

export function specOf({ node, index }: Output): { shape: readonly number[]; dtype: number } {
  return node.outputs[index] as { shape: readonly number[]; dtype: number };
}

export function sameShape(a: Output, b: Output): boolean {
  const [first, second] = [specOf(a).shape, specOf(b).shape];
  return first.length === second.length && first.every((side, i) => side === second[i]);
}
