import type { SessionMode } from './config';
import type { GraphNode, Output } from './graph';
import { specOf } from './rewrite/rewrite';

/** How a graph runs, and why. */
export interface Mode extends SessionMode {
  name: 'calling thread' | 'all cores' | 'XLA';
}

/**
 * Multiplications of a call above which two or more cores win over the time it takes to wake them. Measured on two, in
 * milliseconds in the calling thread / on all: a tiny network's Hessian-vector product (0.3 million) 0.07 / 0.10, an
 * MLP's gradient (29) 0.28 / 0.42 and product (47) 0.46 / 0.60, a larger MLP's (230) 2.0 / 1.9 and (550) 4.7 / 3.1,
 * a CNN's gradient (250) 5.8 / 4.0 and product (580) 16.5 / 9.6.
 */
const WORTH_ALL_CORES = 120e6;

/**
 * Chosen from the graph alone, never by timing: the same graph gives the same bits, run after run.
 *
 * Without TensorFlow's graph optimizer: what it does is done here already (rewrite/). Measured with / without, first
 * call and each call in milliseconds: MLP Hessian-vector product 21 / 2 and 0.46 / 0.46, CNN 33 / 16 and 9.9 / 9.4,
 * LSTM of 50 steps (7,300 nodes) 1,007 / 85 and 4.4 / 4.5; forward passes alike. And it reorders sums, so that a graph
 * without it is closer to the eager run.
 */
export function modeOf(nodes: readonly GraphNode[]): Mode {
  return workOf(nodes) >= WORTH_ALL_CORES
    ? { name: 'all cores', threads: 'all', grappler: false }
    : { name: 'calling thread', threads: 'one', grappler: false };
}

/**
 * XLA, where it was asked for and pays: forward passes of dense networks. Their planes take 0.9 instead of 2.1 ms a point
 * (784-128-64-10, 10,000 rows), after two seconds of compiling; gradients and steps are up to four times slower with it,
 * and its products of a max-pool network were 2 % off.
 */
export function modeWithXla(nodes: readonly GraphNode[]): Mode {
  return isDenseForward(nodes) ? { name: 'XLA', threads: 'all', xla: true, grappler: false } : modeOf(nodes);
}

/** Ops that belong to a gradient, a convolution or pooling, or to a choice by value. */
const NOT_DENSE = /Grad|Backprop|Conv|Pool|FusedBatchNorm|Gather|Scatter|Segment|Random|Resize|TopK/;

function isDenseForward(nodes: readonly GraphNode[]): boolean {
  return nodes.some(({ op }) => /MatMul/.test(op)) && !nodes.some(({ op }) => NOT_DENSE.test(op));
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
