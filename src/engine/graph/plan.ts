import type { Graph, GraphNode, Output } from './graph';
import type { Recording } from './record';
import type { Capture } from './recorder';
import { type Variation, variationRule } from './rewrite/batch';
import { sharing } from './rewrite/common';
import { doubleRules, wordsOf } from './rewrite/double';
import { ownMemory } from './rewrite/own';
import { plainMatMul, reshapeBack } from './rewrite/products';
import { type Emit, liveNodes, type Rule, rewrite } from './rewrite/rewrite';
import { noOp, reluGrad } from './rewrite/simplify';

/** How a recording is to become a graph. */
export interface PlanOptions {
  precision: 'float32' | 'float64';
  /** Of a double graph: which arguments come as doubles (words), by position. */
  doubles: readonly boolean[];
  /** Constants that vary with the number of rows, and the arguments whose first side that is. */
  batch?: { variation: Variation; args: readonly number[] };
}

/** A graph ready to be written, and what to feed it: those arguments that matter, then the captures. */
export interface Plan {
  graph: Graph;
  /** Which arguments, by position. */
  args: number[];
  captures: Capture[];
  precision: 'float32' | 'float64';
  /** Whether it holds a gradient. */
  differentiates: boolean;
  /** Numbers of which the rounded value alone is known (float64 only): up to three of each constant. */
  rounded: number[];
}

/** Rewrites a recording: fewer and quicker ops, any number of rows, doubles; and drops what no result needs. */
export function plan(recording: Recording, options: PlanOptions): Plan {
  const fetches = [...recording.outputs, ...recording.assigned.map(({ output }) => output)];
  const simple = simplified(recording, fetches, options);
  const rounded: number[] = [];
  const shaped = options.precision === 'float64' ? doubled(recording, simple, options, rounded) : simple;
  const isLive = (_: unknown, i: number): boolean => shaped.live.has(shaped.feeds[i] as GraphNode);
  const count = recording.args.length;
  const opened = withAnyRows(shaped, options);
  return {
    graph: { ...opened, feeds: opened.feeds.filter(isLive) },
    args: recording.args.map((_, i) => i).filter((i) => isLive(undefined, i)),
    captures: recording.captures.filter((_, i) => isLive(undefined, count + i)),
    precision: options.precision,
    differentiates: recording.differentiates,
    rounded,
  };
}

interface Shaped extends Graph {
  /** Nodes that a result needs. */
  live: ReadonlySet<GraphNode>;
  /** Doubles behind constants, now. */
  doubles: Map<GraphNode, Float64Array>;
}

function simplified(recording: Recording, fetches: Output[], { batch, precision }: PlanOptions): Shaped {
  const feeds = [...recording.args, ...recording.captures.map(({ node }) => node)];
  const vary: Rule[] =
    batch === undefined
      ? []
      : [
          variationRule(
            batch.variation,
            recording.args[batch.args[0] as number] as GraphNode,
            recording.doubles,
          ),
        ];
  const needed = liveNodes(recording.nodes, fetches, feeds);
  const anyRows = batch !== undefined;
  const simpler = [plainMatMul(anyRows), reshapeBack(anyRows), reluGrad, noOp, sharing(recording.doubles)];
  const { nodes, find } = rewrite(needed, [...vary, ...simpler]);
  const found = fetches.map(find);
  // Doubles leave as numbers at once.
  const own = precision === 'float64' ? found : found.map((output) => ownMemory(output, emitInto(nodes)));
  return shape(nodes, own, feeds, recording.doubles);
}

function shape(
  nodes: GraphNode[],
  fetches: Output[],
  feeds: GraphNode[],
  doubles: Map<GraphNode, Float64Array>,
): Shaped {
  const needed = liveNodes(nodes, fetches, []);
  return { nodes: needed, fetches, feeds, live: new Set(needed), doubles };
}

function doubled(recording: Recording, simple: Shaped, options: PlanOptions, rounded: number[]): Shaped {
  const words = new Set(recording.args.filter((_, i) => options.doubles[i]));
  const note = (numbers: number[]): void => {
    const others = new Set(numbers.filter((number) => !rounded.includes(number)));
    rounded.push(...[...others].slice(0, 3));
  };
  const { nodes, find } = rewrite(simple.nodes, doubleRules(simple.doubles, words, note));
  const fetches = simple.fetches.map(find).map((output) => wordsOf(output, emitInto(nodes)));
  const feeds = simple.feeds.map((node) =>
    simple.live.has(node) ? placeholderBehind(find({ node, index: 0 })) : node,
  );
  return shape(nodes, fetches, feeds, simple.doubles);
}

const emitInto =
  (nodes: GraphNode[]): Emit =>
  (node) => {
    nodes.push(node);
    return { node, index: 0 };
  };

/** A double feed is a placeholder of words or floats and the op that makes doubles of it. */
function placeholderBehind({ node }: Output): GraphNode {
  return node.op === 'Placeholder' ? node : placeholderBehind(node.inputs[0] as Output);
}

/** Opens the first side of the arguments that vary. */
function withAnyRows({ nodes, fetches, feeds }: Graph, { batch }: PlanOptions): Graph {
  const open = new Set(batch?.args.map((i) => feeds[i] as GraphNode) ?? []);
  if (open.size === 0) return { nodes, fetches, feeds };
  const rule: Rule = (node, emit) => {
    const [spec] = node.outputs;
    if (!open.has(node) || spec === undefined) return undefined;
    return [emit({ ...node, outputs: [{ ...spec, shape: [-1, ...spec.shape.slice(1)] }] })];
  };
  const { nodes: opened, find } = rewrite(nodes, [rule]);
  const present = new Set(nodes);
  return {
    nodes: opened,
    fetches: fetches.map(find),
    feeds: feeds.map((node) => (present.has(node) ? find({ node, index: 0 }).node : node)),
  };
}
