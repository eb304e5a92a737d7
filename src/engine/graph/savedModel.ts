import { type Attr, DType, type Graph, type GraphNode, type Numbers, type Output } from './graph';
import { inferAttrs } from './opTable';
import { BinaryWriter, integer, message, type NodeText, node, text } from './wire';

/** A graph as TensorFlow loads it. */
export interface SerializedGraph {
  /** A SavedModel message: one graph, tagged `serve`. */
  bytes: Uint8Array;
  /** Names of the placeholders, `p0:0` …, in the order of `graph.feeds`. */
  feeds: string[];
  /** Names of the results, in the order of `graph.fetches`. */
  fetches: string[];
}

// Any producer from 2020 on: TensorFlow refuses only what is older than its oldest or newer than a minimum asked for.
const PRODUCER = 2000;
/** A constant of more equal numbers than this is written as a Fill of one. */
const FILL_ABOVE = 16;

/**
 * Writes a graph as a SavedModel. Attributes that inputs decide are set (on the nodes too). With `callerThread` the
 * results are named so that native/session.h runs the graph in the calling thread.
 * @throws Error for a graph whose nodes do not come after their inputs, or whose ops TensorFlow does not have.
 * @example
 * ```ts
 * const x: GraphNode = { op: 'Placeholder', inputs: [], attrs: {}, outputs: [{ shape: [2], dtype: DType.float }] };
 * const y: GraphNode = { op: 'Relu', inputs: [{ node: x, index: 0 }], attrs: {}, outputs: x.outputs };
 * serialize({ feeds: [x], nodes: [x, y], fetches: [{ node: y, index: 0 }] }).fetches; // ['o0:0']
 * ```
 */
export function serialize(
  graph: Graph,
  { callerThread = false }: { callerThread?: boolean } = {},
): SerializedGraph {
  if (graph.fetches.length === 0)
    throw new Error('a graph must have an output to fetch, got none; return a tensor');
  const names = nameNodes(graph);
  const prefix = callerThread ? 'caller_o' : 'o';
  const out = new BinaryWriter();
  savedModel(out, () => {
    for (const one of graph.nodes) writeNode(out, one, names);
    graph.fetches.forEach((output, i) => {
      fetch(out, `${prefix}${i}`, output, names);
    });
  });
  return {
    bytes: out.finish(),
    feeds: graph.feeds.map((_, i) => `p${i}:0`),
    fetches: graph.fetches.map((_, i) => `${prefix}${i}:0`),
  };
}

/** saved_model.proto, meta_graph.proto, graph.proto. */
function savedModel(out: BinaryWriter, writeNodes: () => void): void {
  integer(out, 1, 1);
  message(out, 2, () => {
    message(out, 1, () => text(out, 4, 'serve'));
    message(out, 2, () => {
      writeNodes();
      message(out, 4, () => integer(out, 1, PRODUCER));
    });
  });
}

/** A name holds its node's op, so that TensorFlow's errors do. */
function nameNodes(graph: Graph): Map<GraphNode, string> {
  const names = new Map<GraphNode, string>();
  graph.feeds.forEach((feed, i) => {
    if (feed.op !== 'Placeholder' || names.has(feed))
      throw new Error(
        `feed ${i} of a graph must be a Placeholder of its own, got ${feed.op} ${names.get(feed) ?? ''}`,
      );
    names.set(feed, `p${i}`);
  });
  graph.nodes.forEach((one, i) => {
    for (const input of one.inputs) nameOf(input, names, one.op);
    if (one.op === 'Placeholder' && !names.has(one))
      throw new Error(`node ${i} of a graph is a Placeholder that is not among its feeds; add it there`);
    if (one.op !== 'Placeholder') names.set(one, `${one.op}_${i}`);
  });
  return names;
}

function nameOf({ node, index }: Output, names: Map<GraphNode, string>, user: string): string {
  const name = names.get(node);
  if (name === undefined)
    throw new Error(
      `an input of ${user} is a ${node.op} that does not come before it in the graph; sort its nodes`,
    );
  return index === 0 ? name : `${name}:${index}`;
}

function writeNode(out: BinaryWriter, one: GraphNode, names: Map<GraphNode, string>): void {
  const name = names.get(one)!;
  if (one.op === 'Placeholder') placeholder(out, name, one);
  else if (one.op === 'Const') constant(out, name, one);
  else computed(out, name, one, names);
}

function computed(out: BinaryWriter, name: string, one: GraphNode, names: Map<GraphNode, string>): void {
  inferAttrs(one);
  const inputs = one.inputs.map((input) => nameOf(input, names, one.op));
  node(out, 1, { name, op: one.op, inputs, attrs: one.attrs });
}

function placeholder(out: BinaryWriter, name: string, one: GraphNode): void {
  const { dtype, shape } = one.outputs[0]!;
  const attrs: Record<string, Attr> = { dtype: type(dtype), shape: { kind: 'shape', value: shape } };
  node(out, 1, { name, op: 'Placeholder', inputs: [], attrs });
}

function fetch(out: BinaryWriter, name: string, output: Output, names: Map<GraphNode, string>): void {
  const T = type(output.node.outputs[output.index]!.dtype);
  node(out, 1, { name, op: 'Identity', inputs: [nameOf(output, names, 'a result')], attrs: { T } });
}

function constant(out: BinaryWriter, name: string, { value, outputs }: GraphNode): void {
  const { dtype, shape } = outputs[0]!;
  if (!value) throw new Error(`the Const ${name} of a graph must hold numbers in \`value\`, got none`);
  if (isUniform(value, shape)) fill(out, name, dtype, shape, value);
  else node(out, 1, constNode(name, dtype, shape, value));
}

function fill(
  out: BinaryWriter,
  name: string,
  dtype: number,
  shape: readonly number[],
  value: Numbers,
): void {
  node(out, 1, constNode(`${name}_shape`, DType.int32, [shape.length], Int32Array.from(shape)));
  node(out, 1, constNode(`${name}_value`, dtype, [], value.subarray(0, 1)));
  const attrs: Record<string, Attr> = { T: type(dtype), index_type: type(DType.int32) };
  node(out, 1, { name, op: 'Fill', inputs: [`${name}_shape`, `${name}_value`], attrs });
}

/** Complex numbers and int64 come as two words each and are left as they are. */
function isUniform(value: Numbers, shape: readonly number[]): boolean {
  const first = value[0];
  const size = shape.reduce((product, length) => product * length, 1);
  return value.length > FILL_ABOVE && value.length === size && value.every((x) => Object.is(x, first));
}

function constNode(name: string, dtype: number, shape: readonly number[], value: Numbers): NodeText {
  const content = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return { name, op: 'Const', inputs: [], attrs: { dtype: type(dtype) }, value: { dtype, shape, content } };
}

const type = (value: number): Attr => ({ kind: 'type', value });
