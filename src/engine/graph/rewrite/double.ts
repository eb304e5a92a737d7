import { type Attr, DType, type GraphNode, type Numbers, type Output } from '../graph';
import { opDef } from '../opTable';
import type { Emit, Rule } from './rewrite';

// The same graph in double precision: every float becomes a double. The addon has no tensors of doubles, so they pass
// as pairs of int32 words through Bitcast, which changes no bit.

/** Told of numbers in a float constant of which only the rounded value is known. */
export type Rounded = (numbers: number[]) => void;

/**
 * Rules that turn a recorded float graph into one of doubles.
 * @param doubles the numbers constants were made from, before they were rounded.
 * @param words those placeholders that are fed as words of doubles; others are cast.
 * @param rounded told of numbers that may have lost digits.
 */
export function doubleRules(
  doubles: ReadonlyMap<GraphNode, Float64Array>,
  words: ReadonlySet<GraphNode>,
  rounded: Rounded,
): Rule[] {
  return [
    (node, emit) => (node.op === 'Placeholder' ? doubleFeed(node, words.has(node), emit) : undefined),
    (node, emit) =>
      node.op === 'Const' ? doubleConstant(node, doubles.get(node), rounded, emit) : undefined,
    inferenceBatchNorm,
    leakyRelu,
    singleDraws,
    (node, emit) => doubled(node, emit),
  ];
}

function doubleFeed(node: GraphNode, words: boolean, emit: Emit): Output[] | undefined {
  const [spec] = node.outputs;
  if (spec === undefined || spec.dtype !== DType.float) return undefined;
  const outputs = [{ ...spec, dtype: DType.double }];
  if (!words) {
    const feed = emit(node);
    return [
      emit({ op: 'Cast', inputs: [feed], attrs: types(DType.float, 'SrcT', DType.double, 'DstT'), outputs }),
    ];
  }
  const feed = emit({ ...node, outputs: [{ shape: [...spec.shape, 2], dtype: DType.int32 }] });
  return [
    emit({ op: 'Bitcast', inputs: [feed], attrs: types(DType.int32, 'T', DType.double, 'type'), outputs }),
  ];
}

function doubleConstant(
  node: GraphNode,
  exact: Float64Array | undefined,
  rounded: Rounded,
  emit: Emit,
): Output[] | undefined {
  const [spec] = node.outputs;
  if (spec?.dtype !== DType.float || node.value === undefined) return undefined;
  if (exact === undefined) noteLost(node.value, rounded);
  const value = exact ?? Float64Array.from(node.value);
  return [emit({ ...node, value, outputs: [{ ...spec, dtype: DType.double }] })];
}

/** Whole numbers and simple binary fractions are what was meant; other floats may be rounded. */
function noteLost(values: Numbers, rounded: Rounded): void {
  const lost = Array.from(values).filter(
    (value) => !Number.isInteger(value * 1024) && Number.isFinite(value),
  );
  if (lost.length > 0) rounded(lost);
}

function doubled(node: GraphNode, emit: Emit): Output[] | undefined {
  const touches = node.outputs.some(({ dtype }) => dtype === DType.float);
  const attrs = Object.fromEntries(
    Object.entries(node.attrs).map(([name, attr]) => [name, doubleType(attr)]),
  );
  const outputs = node.outputs.map((spec) =>
    spec.dtype === DType.float ? { ...spec, dtype: DType.double } : spec,
  );
  if (!touches && JSON.stringify(attrs) === JSON.stringify(node.attrs)) return undefined;
  refuseFixedFloats(node);
  const { node: made } = emit({ ...node, attrs, outputs });
  return outputs.map((_, index) => ({ node: made, index }));
}

/** Some ops are of floats by their definition. */
function refuseFixedFloats({ op }: GraphNode): void {
  const { inputs, outputs } = opDef(op);
  if (![...inputs, ...outputs].some(({ type }) => type === DType.float)) return;
  throw new TypeError(`${op} has no kernel for double; use float32`);
}

const toDouble = (type: number): number => (type === DType.float ? DType.double : type);

function doubleType(attr: Attr): Attr {
  if (attr.kind === 'type') return { ...attr, value: toDouble(attr.value) };
  return attr.kind === 'types' ? { ...attr, value: attr.value.map(toDouble) } : attr;
}

function types(from: number, fromName: string, to: number, toName: string): Record<string, Attr> {
  return { [fromName]: { kind: 'type', value: from }, [toName]: { kind: 'type', value: to } };
}

/** Batch normalisation with given averages has no double kernel: (x − μ)·(1/√(σ² + ε))·γ + β. */
const inferenceBatchNorm: Rule = (node, emit) => {
  if (node.op !== 'FusedBatchNorm') return undefined;
  const [x, scale, offset, mean, variance] = node.inputs as [Output, Output, Output, Output, Output];
  const epsilon = scalar(emit, node.attrs.epsilon?.value as number);
  const inverse = op(emit, 'Rsqrt', op(emit, 'AddV2', variance, epsilon));
  const factor = op(emit, 'Mul', inverse, scale);
  const result = op(emit, 'AddV2', op(emit, 'Mul', op(emit, 'Sub', x, mean), factor), offset);
  return node.outputs.map(() => result);
};

/** Draws stay those of float32: with doubles the same seed would give other numbers. */
const singleDraws: Rule = (node, emit) => {
  if (node.op !== 'StatelessRandomUniform') return undefined;
  const outputs = node.outputs.map((spec) => ({ ...spec, dtype: DType.double }));
  const attrs = types(DType.float, 'SrcT', DType.double, 'DstT');
  return [emit({ op: 'Cast', inputs: [emit(node)], attrs, outputs })];
};

/** The slope is an attribute, which is rounded: max(x, 0) + α·min(x, 0). */
const leakyRelu: Rule = (node, emit) => {
  if (node.op !== 'LeakyRelu') return undefined;
  const [x] = node.inputs as [Output];
  const zero = scalar(emit, 0);
  const below = op(
    emit,
    'Mul',
    op(emit, 'Minimum', x, zero),
    scalar(emit, node.attrs.alpha?.value as number),
  );
  return [op(emit, 'AddV2', op(emit, 'Maximum', x, zero), below)];
};

function scalar(emit: Emit, value: number): Output {
  const outputs = [{ shape: [], dtype: DType.double }];
  return emit({ op: 'Const', inputs: [], attrs: {}, outputs, value: Float64Array.of(value) });
}

/** An elementwise op whose result has the shape of its first input. */
function op(emit: Emit, name: string, ...inputs: Output[]): Output {
  const [first] = inputs as [Output];
  const outputs = [
    { ...(first.node.outputs[first.index] as GraphNode['outputs'][number]), dtype: DType.double },
  ];
  return emit({ op: name, inputs, attrs: {}, outputs });
}

/** Doubles leave as words too. */
export function wordsOf(output: Output, emit: Emit): Output {
  const spec = output.node.outputs[output.index];
  if (spec === undefined || spec.dtype !== DType.double) return output;
  const outputs = [{ shape: [...spec.shape, 2], dtype: DType.int32 }];
  return emit({
    op: 'Bitcast',
    inputs: [output],
    attrs: types(DType.double, 'T', DType.int32, 'type'),
    outputs,
  });
}
