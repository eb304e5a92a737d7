import type { SessionMode } from './config';
import type { GraphNode, Output } from './graph';
import { specOf } from './rewrite/rewrite';

/** How a graph runs, and why. */
export interface Mode extends SessionMode {
  name: 'calling thread' | 'all cores' | 'XLA';
}

/**
 * Multiplications of a call above which two or more cores win over the time it takes to wake them. Measured: an MLP's
 * gradient of 30 million runs a third faster in the calling thread, a CNN's of 400 million a third slower.
 */
const WORTH_ALL_CORES = 120e6;
/** Above so many nodes TensorFlow's graph optimizer takes longer than it can win back. */
const TOO_LARGE_TO_OPTIMIZE = 3000;

/** Chosen from the graph alone, never by timing: the same graph gives the same bits, run after run. */
export function modeOf(nodes: readonly GraphNode[]): Mode {
  const grappler = nodes.length <= TOO_LARGE_TO_OPTIMIZE;
  return workOf(nodes) >= WORTH_ALL_CORES
    ? { name: 'all cores', threads: 'all', grappler }
    : { name: 'calling thread', threads: 'one', grappler };
}

/** The number of rows from which a graph recorded with `rows` of them is worth all cores. */
export function rowsForAllCores(nodes: readonly GraphNode[], rows: number): number {
  return Math.ceil((WORTH_ALL_CORES / workOf(nodes)) * rows);
}

/** Multiplications in the products and convolutions of one call; for a varying batch at the size it was recorded with. */
export function workOf(nodes: readonly GraphNode[]): number {
  return nodes.reduce((sum, node) => sum + workOfNode(node), 0);
}

function workOfNode(node: GraphNode): number {
  const sizes = [...node.inputs.map(sizeOf), ...node.outputs.map(({ shape }) => size(shape))];
  const [a = 0, b = 0] = sizes;
  const out = sizes[node.inputs.length] ?? 0;
  if (/MatMul/.test(node.op)) return productWork(node, out);
  switch (node.op) {
    case 'Conv2D':
    case 'Conv3D':
      return out * filterSide(node.inputs[1]);
    case 'Conv2DBackpropInput':
    case 'Conv3DBackpropInputV2':
      return sizeOf(node.inputs[2]) * filterSide(node.inputs[1]);
    case 'Conv2DBackpropFilter':
    case 'Conv3DBackpropFilterV2':
      return (sizeOf(node.inputs[2]) * out) / (node.outputs[0]?.shape.at(-1) ?? 1);
    case 'DepthwiseConv2dNative':
      return (out * b) / (node.inputs[1] ? (specOf(node.inputs[1]).shape[2] ?? 1) : 1);
    default:
      return Math.max(a, out) / 100;
  }
}

/** Rows × inner side × columns: output numbers times the side that is summed over. */
function productWork(node: GraphNode, out: number): number {
  const [a] = node.inputs;
  if (a === undefined) return 0;
  const { shape } = specOf(a);
  const flipped = node.attrs.transpose_a?.value === true || node.attrs.adj_x?.value === true;
  return out * (shape.at(flipped ? -2 : -1) ?? 1);
}

/** Multiplications of one output number of a convolution: its filter without the last axis. */
function filterSide(filter: Output | undefined): number {
  return filter === undefined ? 0 : size(specOf(filter).shape.slice(0, -1));
}

function sizeOf(output: Output | undefined): number {
  return output === undefined ? 0 : size(specOf(output).shape);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * Math.abs(side), 1);
}
