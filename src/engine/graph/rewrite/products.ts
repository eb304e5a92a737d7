import { type Attr, DType, type GraphNode, type Output } from '../graph';
import { type Emit, type Rule, specOf } from './rewrite';

// Eager tfjs knows only batched products, and passes matrices as batches of one: reshaped, multiplied, reshaped back.

const VIEWS = new Set(['Reshape', 'ExpandDims', 'Squeeze']);
const NO: Attr = { kind: 'bool', value: false };

/** Of two matrices, also as batches of one, the plain op is quicker. */
export function plainMatMul(anyRows: boolean): Rule {
  return (node, emit) => {
    if (node.op !== 'BatchMatMulV2') return undefined;
    const shapes = node.inputs.map((input) => specOf(input).shape);
    if (shapes.every(({ length }) => length === 2)) return [product(node, node.inputs, node.outputs, emit)];
    if (!shapes.every((shape) => shape.length === 3 && shape[0] === 1)) return undefined;
    const matrices = node.inputs.map((input) => matrixOf(input, anyRows, emit));
    const outputs = node.outputs.map((spec) => ({ ...spec, shape: spec.shape.slice(1) }));
    return [batchOfOne(product(node, matrices, outputs, emit), node, emit)];
  };
}

function product(node: GraphNode, inputs: Output[], outputs: GraphNode['outputs'], emit: Emit): Output {
  const { adj_x = NO, adj_y = NO, T } = node.attrs;
  const attrs = { ...(T ? { T } : {}), transpose_a: adj_x, transpose_b: adj_y };
  return emit({ op: 'MatMul', inputs, attrs, outputs });
}

function matrixOf(batch: Output, anyRows: boolean, emit: Emit): Output {
  const { shape, dtype } = specOf(batch);
  const sides = shape.slice(1);
  const known = behindViews(batch, sides, anyRows);
  if (known !== undefined) return known;
  const attrs: Record<string, Attr> = { squeeze_dims: { kind: 'ints', value: [0] } };
  return emit({ op: 'Squeeze', inputs: [batch], attrs, outputs: [{ shape: sides, dtype }] });
}

function batchOfOne(matrix: Output, { outputs }: GraphNode, emit: Emit): Output {
  const axis = { op: 'Const', inputs: [], attrs: {}, value: Int32Array.of(0) };
  const zero = emit({ ...axis, outputs: [{ shape: [], dtype: DType.int32 }] });
  return emit({ op: 'ExpandDims', inputs: [matrix, zero], attrs: {}, outputs });
}

/** A reshape to the shape there was before other reshapes, or that there is, changes nothing. */
export function reshapeBack(anyRows: boolean): Rule {
  return (node) => {
    if (node.op !== 'Reshape') return undefined;
    const found = behindViews(node.inputs[0] as Output, node.outputs[0]?.shape ?? [], anyRows);
    return found && [found];
  };
}

/** The output with this shape of which another is a view, or the other itself. */
function behindViews(output: Output, shape: readonly number[], anyRows: boolean): Output | undefined {
  if (anyRows && !isUnambiguous(shape)) return undefined;
  for (let at: Output | undefined = output; at !== undefined; at = sourceOf(at))
    if (String(specOf(at).shape) === String(shape)) return at;
  return undefined;
}

const sourceOf = ({ node }: Output): Output | undefined => (VIEWS.has(node.op) ? node.inputs[0] : undefined);

/**
 * Where the number of rows varies, [n, 2] and [2, n] look the same at n = 2. With sides that all differ and none of
 * them 1, equal shapes at one n are equal at each: the numbers of elements must be.
 */
function isUnambiguous(shape: readonly number[]): boolean {
  return new Set(shape).size === shape.length && !shape.includes(1) && shape.length <= 2;
}
