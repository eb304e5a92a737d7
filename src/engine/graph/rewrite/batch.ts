import { type Attr, DType, type GraphNode, type Numbers, type Output } from '../graph';
import type { Recording } from '../record';
import { CannotTrace } from '../recorder';
import type { Emit, Rule } from './rewrite';

// One graph for every number of rows. The function is recorded with three of them; what differs between the recordings
// can only be constants (shapes to reshape to, counts to divide by), and each must be a·n + b or c/n in the number of
// rows n, which the graph reads from an argument's shape.

/** A recording with its number of rows. */
export interface Sized {
  rows: number;
  recording: Recording;
}

/** A number as a function of n: slope·n + offset, or numerator/n. */
type Law = { slope: number; offset: number } | { numerator: number };

interface Varying {
  /** Of each number of the value; of one only where the value is uniform and its shape varies. */
  value: Law[];
  /** Of each side, where the shape varies. */
  shape?: Law[];
}

/** Constants of the first recording that vary with the number of rows. */
export type Variation = Map<GraphNode, Varying>;

/** @throws CannotTrace when more than constants differ, or one follows no law. */
export function variation(all: readonly [Sized, Sized, Sized]): Variation {
  const [first, ...others] = all;
  const { nodes } = first.recording;
  if (others.some(({ recording }) => recording.nodes.length !== nodes.length))
    throw new CannotTrace('it takes other steps for another number of rows');
  const index = all.map(({ recording }) => new Map(recording.nodes.map((node, i) => [node, i])));
  const found: Variation = new Map();
  nodes.forEach((node, i) => {
    const same = all.map(({ recording }) => recording.nodes[i] as GraphNode) as [
      GraphNode,
      GraphNode,
      GraphNode,
    ];
    const texts = same.map((one, k) => structure(one, index[k] as Map<GraphNode, number>));
    if (texts.some((text) => text !== texts[0]))
      throw new CannotTrace(`it takes other steps for another number of rows (${node.op})`);
    if (node.op !== 'Const') return;
    const varying = varyingConstant(
      same,
      all.map(({ rows }) => rows),
    );
    if (varying !== undefined) found.set(node, varying);
  });
  return found;
}

function structure(node: GraphNode, index: ReadonlyMap<GraphNode, number>): string {
  return JSON.stringify([
    node.op,
    node.attrs,
    node.inputs.map((input) => [index.get(input.node), input.index]),
  ]);
}

function varyingConstant(nodes: GraphNode[], rows: number[]): Varying | undefined {
  const shapes = nodes.map((node) => node.outputs[0]?.shape ?? []);
  const values = nodes.map(({ value }) => value as Numbers);
  const sameShape = shapes.every((shape) => String(shape) === String(shapes[0]));
  if (sameShape && values.every((value) => equal(value, values[0] as Numbers))) return undefined;
  if (sameShape) return { value: lawsOf(values, rows) };
  if (!values.every((value) => value.every((number: number) => number === value[0])))
    throw new CannotTrace(
      'a constant grows with the rows and is not one number throughout (drawn in JavaScript?)',
    );
  return {
    value: lawsOf(
      values.map((value) => value.slice(0, 1)),
      rows,
    ),
    shape: lawsOf(shapes, rows),
  };
}

function equal(a: Numbers, b: Numbers): boolean {
  return a.length === b.length && a.every((number: number, i: number) => Object.is(number, b[i]));
}

function lawsOf(lists: ArrayLike<number>[], rows: number[]): Law[] {
  return Array.from({ length: lists[0]?.length ?? 0 }, (_, i) =>
    lawOf(
      lists.map((list) => list[i] as number),
      rows,
    ),
  );
}

/** Two recordings settle the law, the third confirms it. */
function lawOf(values: number[], rows: number[]): Law {
  const [p = 0, q = 0, r = 0] = values;
  const [n = 0, m = 0, k = 0] = rows;
  if (Object.is(p, q) && Object.is(p, r)) return { slope: 0, offset: p };
  const slope = (p - q) / (n - m);
  const offset = p - slope * n;
  if (near(slope * k + offset, r)) return { slope, offset };
  if (near((p * n) / m, q) && near((p * n) / k, r)) return { numerator: p * n };
  throw new CannotTrace(
    'a constant follows no law in the number of rows (drawn in JavaScript, or from the data?)',
  );
}

/** Equal but for the rounding of a float. */
function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.abs(b);
}

/**
 * The rule that puts formulas in place of the varying constants.
 * @param rowsOf an argument whose first side is n.
 */
export function variationRule(found: Variation, rowsOf: GraphNode): Rule {
  let rows: Output | undefined;
  return (node, emit) => {
    const varying = found.get(node);
    if (varying === undefined) return undefined;
    rows ??= firstSide(rowsOf, emit);
    const { dtype, shape } = node.outputs[0] as { dtype: number; shape: readonly number[] };
    if (varying.shape === undefined) return [formula(varying.value, shape, dtype, rows, emit)];
    const sides = formula(varying.shape, [varying.shape.length], DType.int32, rows, emit);
    const value = formula(varying.value, [], dtype, rows, emit);
    const attrs: Record<string, Attr> = { T: type(dtype), index_type: type(DType.int32) };
    return [emit({ op: 'Fill', inputs: [sides, value], attrs, outputs: node.outputs })];
  };
}

function firstSide(node: GraphNode, emit: Emit): Output {
  const { dtype, shape } = node.outputs[0] as { dtype: number; shape: readonly number[] };
  const sides = emit({
    op: 'Shape',
    inputs: [{ node, index: 0 }],
    attrs: { T: type(dtype), out_type: type(DType.int32) },
    outputs: [{ shape: [shape.length], dtype: DType.int32 }],
  });
  const [zero, one] = [constant([0], [1], DType.int32, emit), constant([1], [1], DType.int32, emit)];
  return emit({
    op: 'StridedSlice',
    inputs: [sides, zero, one, one],
    attrs: { T: type(DType.int32), Index: type(DType.int32), shrink_axis_mask: { kind: 'int', value: 1 } },
    outputs: [{ shape: [], dtype: DType.int32 }],
  });
}

function formula(laws: Law[], shape: readonly number[], dtype: number, rows: Output, emit: Emit): Output {
  const outputs = [{ shape, dtype }];
  const n = dtype === DType.int32 ? rows : cast(rows, dtype, emit);
  const list = (of: (law: Law) => number): Output => constant(laws.map(of), shape, dtype, emit);
  const op = (name: string, ...inputs: Output[]): Output =>
    emit({ op: name, inputs, attrs: { T: type(dtype) }, outputs });
  if (laws.some((law) => 'numerator' in law)) {
    // A number that stays the same beside one that is c/n cannot be written as one formula.
    if (!laws.every((law) => 'numerator' in law))
      throw new CannotTrace('a constant mixes laws in the number of rows');
    return op(
      'RealDiv',
      list((law) => (law as { numerator: number }).numerator),
      n,
    );
  }
  const affine = laws as { slope: number; offset: number }[];
  const slopes = constant(
    affine.map(({ slope }) => slope),
    shape,
    dtype,
    emit,
  );
  return op(
    'AddV2',
    op('Mul', slopes, n),
    constant(
      affine.map(({ offset }) => offset),
      shape,
      dtype,
      emit,
    ),
  );
}

function cast(input: Output, dtype: number, emit: Emit): Output {
  const attrs: Record<string, Attr> = { SrcT: type(DType.int32), DstT: type(dtype) };
  return emit({ op: 'Cast', inputs: [input], attrs, outputs: [{ shape: [], dtype }] });
}

function constant(values: number[], shape: readonly number[], dtype: number, emit: Emit): Output {
  const value = dtype === DType.int32 ? Int32Array.from(values) : Float32Array.from(values);
  return emit({ op: 'Const', inputs: [], attrs: {}, outputs: [{ shape, dtype }], value });
}

const type = (value: number): Attr => ({ kind: 'type', value });
