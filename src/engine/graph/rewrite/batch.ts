import { type Attr, DType, type GraphNode, type Numbers, type Output } from '../graph';
import { CannotTrace } from '../recorder';
import type { Emit, Rule } from './rewrite';
import { ends, equalNumbers, type Positions, positions, type Sized, step } from './steps';

// One graph for every number of rows. The function is recorded with three of them; what differs between the recordings
// can only be constants (shapes to reshape to, counts to divide by), and each must be a·n + b or c/n in the number of
// rows n, which the graph reads from an argument's shape.

/** A number as a function of n: slope·n + offset, or numerator/n. */
export type Law = { slope: number; offset: number } | { numerator: number };

export interface Varying {
  /** Of each number of the value; of one only where the value is uniform and its shape varies. */
  value: Law[];
  /** Of each side, where the shape varies. */
  shape?: Law[];
  /** Whether the laws are of the numbers as they were written, not as they were rounded. */
  exact: boolean;
}

/** How near a law must come to a number as it was written, and to one that was rounded to float32. */
export const EXACT = 1e-12;
const ROUNDED = 1e-6;

/** Constants of the first recording that vary with the number of rows. */
export type Variation = Map<GraphNode, Varying>;

/** @throws CannotTrace when more than constants differ, or one follows no law. */
export function variation(all: readonly [Sized, Sized, Sized]): Variation {
  const index = all.map(({ recording }) => positions(recording));
  const outer = all.map(({ recording }, k) => ends(recording, index[k] as Positions));
  if (outer.some((text) => text !== outer[0])) throw new CannotTrace(`${OTHER_STEPS} (what goes in or out)`);
  const found: Variation = new Map();
  all[0].recording.nodes.forEach((node, i) => {
    const nodes = all.map(({ recording }) => recording.nodes[i] as GraphNode);
    const texts = nodes.map((one, k) => step(one, index[k] as Positions));
    if (texts.some((text) => text !== texts[0])) throw new CannotTrace(`${OTHER_STEPS} (${node.op})`);
    const varying = node.op === 'Const' ? varyingConstant(all, nodes) : undefined;
    if (varying !== undefined) found.set(node, varying);
  });
  return found;
}

const OTHER_STEPS = 'it takes other steps for another number of rows';

function varyingConstant(all: readonly Sized[], nodes: readonly GraphNode[]): Varying | undefined {
  const rows = all.map((one) => one.rows);
  const shapes = nodes.map((node) => node.outputs[0]?.shape ?? []);
  const values = nodes.map(({ value }) => value as Numbers);
  const sameShape = shapes.every((shape) => String(shape) === String(shapes[0]));
  const exact = all.map(({ recording }, k) => recording.doubles.get(nodes[k] as GraphNode));
  const isExact = exact.every((list) => list !== undefined);
  const known = isExact ? (exact as Float64Array[]) : values;
  if (sameShape && known.every((list) => equalNumbers(list, known[0] as Numbers))) return undefined;
  const kind = (nodes[0] as GraphNode).outputs[0]?.dtype === DType.int32 ? 'whole' : 'real';
  const precise = isExact ? EXACT : ROUNDED;
  const laws = (lists: ArrayLike<number>[]): Law[] => lawsOf(lists, rows, kind, precise);
  if (sameShape) return { value: laws(known), exact: isExact };
  if (!values.every((value) => value.every((number: number) => number === value[0])))
    throw new CannotTrace(
      'a constant grows with the rows and is not one number throughout (drawn in JavaScript?)',
    );
  const value = laws(known.map((list) => list.slice(0, 1)));
  return { value, shape: lawsOf(shapes, rows, 'whole', 0), exact: isExact };
}

type Kind = 'whole' | 'real';

function lawsOf(lists: ArrayLike<number>[], rows: number[], kind: Kind, precise: number): Law[] {
  return Array.from({ length: lists[0]?.length ?? 0 }, (_, i) =>
    lawOf(
      lists.map((list) => list[i] as number),
      rows,
      kind,
      precise,
    ),
  );
}

/** Two recordings settle the law, the third confirms it. Whole numbers have whole laws only: n/2 would be cut off. */
function lawOf(values: number[], rows: number[], kind: Kind, precise: number): Law {
  const [p = 0, q = 0, r = 0] = values;
  const [n = 0, m = 0, k = 0] = rows;
  if (Object.is(p, q) && Object.is(p, r)) return { slope: 0, offset: p };
  const slope = (p - q) / (n - m);
  const offset = p - slope * n;
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= precise * Math.abs(b);
  if (kind === 'whole' ? slope * k + offset === r : near(slope * k + offset, r)) {
    if (kind === 'real' || (Number.isInteger(slope) && Number.isInteger(offset))) return { slope, offset };
  }
  if (kind === 'real' && near((p * n) / m, q) && near((p * n) / k, r)) return { numerator: p * n };
  throw new CannotTrace(
    'a constant follows no law in the number of rows (drawn in JavaScript, or from the data?)',
  );
}

/**
 * The rule that puts formulas in place of the varying constants.
 * @param rowsOf an argument whose first side is n.
 */
export function variationRule(
  found: Variation,
  rowsOf: GraphNode,
  doubles: Map<GraphNode, Float64Array>,
): Rule {
  let rows: Output | undefined;
  return (node, plain) => {
    const varying = found.get(node);
    if (varying === undefined) return undefined;
    const emit = rounding(plain, varying.exact ? doubles : undefined);
    rows ??= firstSide(rowsOf, emit);
    const { dtype, shape } = node.outputs[0] as { dtype: number; shape: readonly number[] };
    if (varying.shape === undefined) return [formula(varying.value, shape, dtype, rows, emit)];
    const sides = formula(varying.shape, [varying.shape.length], DType.int32, rows, emit);
    const value = formula(varying.value, [], dtype, rows, emit);
    const attrs: Record<string, Attr> = { T: type(dtype), index_type: type(DType.int32) };
    return [emit({ op: 'Fill', inputs: [sides, value], attrs, outputs: node.outputs })];
  };
}

/** Float constants are made as doubles; here they become floats, which remember the doubles that are known. */
function rounding(plain: Emit, doubles: Map<GraphNode, Float64Array> | undefined): Emit {
  return (node) => {
    if (!(node.value instanceof Float64Array)) return plain(node);
    const made = plain({ ...node, value: Float32Array.from(node.value) });
    doubles?.set(made.node, node.value);
    return made;
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
  if (laws.every((law) => 'slope' in law && law.slope === 0))
    return constant(
      laws.map((law) => (law as { offset: number }).offset),
      shape,
      dtype,
      emit,
    );
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
  const slopes = list((law) => (law as { slope: number }).slope);
  return op(
    'AddV2',
    op('Mul', slopes, n),
    list((law) => (law as { offset: number }).offset),
  );
}

function cast(input: Output, dtype: number, emit: Emit): Output {
  const attrs: Record<string, Attr> = { SrcT: type(DType.int32), DstT: type(dtype) };
  return emit({ op: 'Cast', inputs: [input], attrs, outputs: [{ shape: [], dtype }] });
}

function constant(values: number[], shape: readonly number[], dtype: number, emit: Emit): Output {
  const arrays = { [DType.int32]: Int32Array, [DType.bool]: Uint8Array };
  const value = (arrays[dtype as 3] ?? Float64Array).from(values);
  return emit({ op: 'Const', inputs: [], attrs: {}, outputs: [{ shape, dtype }], value });
}

const type = (value: number): Attr => ({ kind: 'type', value });
