import type { tf } from '../backend';
import { attrOf, type Binding, deepCopy, type OpAttr, type RawNumbers, type TensorMeta } from './backend';
import { doublesOf } from './doubles';
import type { GraphNode, Output } from './graph';
import { isStateful } from './opTable';

/** A tensor from outside that a recorded function uses; fed at each call. */
export interface Capture {
  node: GraphNode;
  /** What it is, whichever trace met it: the variable, or the addon's id of the tensor. */
  source: tf.Variable | number;
  /** The engine's own copy of its value; a variable is read anew at each call instead. */
  id?: number;
  variable?: tf.Variable;
  /** Of a tensor that is no variable: what tfjs knows its numbers by for as long as it is not disposed. */
  data?: object | undefined;
}

/** Why a function cannot become a graph. */
export class CannotTrace extends Error {
  override readonly name = 'CannotTrace';
}

interface Made {
  output: Output;
  /** Whether its value follows from an argument, a variable or anything else from outside. */
  follows: boolean;
}

/** Turns the ops that pass the addon into nodes. Tensors are known by the addon's ids, which are never given twice. */
export interface Recorder {
  nodes: GraphNode[];
  captures: Capture[];
  /** The doubles from which a float constant was made, where they are known. */
  doubles: Map<GraphNode, Float64Array>;
  placeholder(id: number, shape: readonly number[], dtype: number): GraphNode;
  constant(id: number, shape: readonly number[], dtype: number, value: RawNumbers): void;
  op(name: string, attrs: readonly OpAttr[], inputs: readonly number[], outputs: readonly TensorMeta[]): void;
  /** The output behind an id; what was made before the recording becomes a capture. */
  output(id: number): Output;
  /** Whether the value behind an id is the same at each call. */
  isConstant(id: number): boolean;
  /**
   * Notes that the function does what no graph can do: even when it catches this error, the recording fails.
   * @throws CannotTrace
   */
  refuse(reason: string): never;
  /** The first reason that was noted. */
  refused(): string | undefined;
  /** Lets a tensor from outside be used; a variable's value is read anew at each call. */
  outside(id: number, variable: tf.Variable | undefined): void;
  /** Says what tfjs knows the numbers behind an id by. */
  known(id: number, data: object): void;
}

/** @param firstId ids below it were there before the recording began. */
export function recorder(binding: Binding, firstId: number): Recorder {
  const nodes: GraphNode[] = [];
  const captures: Capture[] = [];
  const doubles = new Map<GraphNode, Float64Array>();
  const made = new Map<number, Made>();
  const outside = new Map<number, tf.Variable | undefined>();
  const data = new Map<number, object>();
  let reason: string | undefined;

  const refuse = (why: string): never => {
    reason ??= why;
    throw new CannotTrace(why);
  };
  const add = (id: number, node: GraphNode, follows: boolean): GraphNode => {
    nodes.push(node);
    made.set(id, { output: { node, index: 0 }, follows });
    return node;
  };
  const capture = (id: number): Made => {
    if (id >= firstId && !outside.has(id))
      refuse('a tensor was made during tracing in a way that cannot be recorded');
    const meta = describe(binding, id);
    const variable = outside.get(id);
    const node = add(id, source('Placeholder', meta.shape, meta.dtype), true);
    captures.push(
      variable === undefined
        ? { node, source: id, id: deepCopy(binding, id, meta.dtype), data: data.get(id) }
        : { node, source: variable, variable },
    );
    return made.get(id) as Made;
  };
  const find = (id: number): Made => made.get(id) ?? capture(id);

  return {
    nodes,
    captures,
    doubles,
    placeholder: (id, shape, dtype) => add(id, source('Placeholder', shape, dtype), true),
    constant: (id, shape, dtype, value) => {
      const node = add(id, { ...source('Const', shape, dtype), value: value.slice() }, false);
      const exact = value instanceof Float32Array ? doublesOf(value) : undefined;
      if (exact !== undefined) doubles.set(node, exact);
    },
    op: (name, attrs, inputs, outputs) => {
      const problem = problemOf(name);
      if (problem !== undefined) refuse(problem);
      const from = inputs.map(find);
      const node: GraphNode = {
        op: name,
        inputs: from.map(({ output }) => output),
        attrs: Object.fromEntries(attrs.map((attr) => [attr.name, attrOf(binding, attr)])),
        outputs: outputs.map(({ shape, dtype }) => ({ shape, dtype })),
      };
      nodes.push(node);
      const follows = from.some((input) => input.follows);
      outputs.forEach(({ id }, index) => {
        made.set(id, { output: { node, index }, follows });
      });
    },
    output: (id) => find(id).output,
    isConstant: (id) => made.get(id)?.follows === false,
    refuse,
    refused: () => reason,
    outside: (id, variable) => outside.set(id, variable),
    known: (id, dataId) => data.set(id, dataId),
  };
}

/** Ops whose output's shape follows from values: tfjs code reads it, so a recording would hold the first one seen. */
const SHAPED_BY_VALUES =
  /^(Unique|UniqueV2|Where|ListDiff|NonMaxSuppression.*|SparseFillEmptyRows|SparseReshape|Ragged.*|String.*)$/;

/** Why an op can be in no graph. */
function problemOf(name: string): string | undefined {
  if (SHAPED_BY_VALUES.test(name)) return `the shape of what ${name} returns depends on values`;
  try {
    if (isStateful(name)) return `${name} draws or changes something by itself, at each run`;
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

function source(op: string, shape: readonly number[], dtype: number): GraphNode {
  return { op, inputs: [], attrs: {}, outputs: [{ shape: [...shape], dtype }] };
}

/** Shape and type of a tensor known by its id only. */
function describe(binding: Binding, id: number): TensorMeta {
  const [meta] = binding.executeOp('Identity', [], [id], 1) as [TensorMeta];
  binding.deleteTensor(meta.id);
  return meta;
}
