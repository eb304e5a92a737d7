import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Attr, DType, type GraphNode } from './graph';
import { inferAttrs, isStateful, opDef } from './opTable';
import table from './opTable.json';

const { float, double, int32, int64, bool } = DType;
const names = Object.keys(table);

/** A node whose inputs have these data types. */
function nodeOf(op: string, dtypes: number[], attrs: Record<string, Attr> = {}): GraphNode {
  const inputs = dtypes.map((dtype) => ({ node: source(dtype), index: 0 }));
  return { op, inputs, attrs, outputs: [] };
}

const source = (dtype: number): GraphNode => ({
  op: 'Placeholder',
  inputs: [],
  attrs: {},
  outputs: [{ shape: [], dtype }],
});

function inferred(op: string, dtypes: number[], attrs: Record<string, Attr> = {}): Record<string, unknown> {
  const node = nodeOf(op, dtypes, attrs);
  inferAttrs(node);
  return Object.fromEntries(Object.entries(node.attrs).map(([name, { value }]) => [name, value]));
}

/** A kernel of tfjs-node running an op: named in quotes, or by tfjs's constant of the same name. */
const RUN = /execute(?:SingleInput|SingleOutput|MultipleOutputs)\((?:'(\w+)'|tfjs_1\.(\w+))/g;

describe('the op table', () => {
  it('has what MatMul takes, gives and is told', () => {
    const def = opDef('MatMul');
    expect(def.inputs).toEqual([
      { name: 'a', type: 'T', list: false },
      { name: 'b', type: 'T', list: false },
    ]);
    expect(def.outputs.map(({ name }) => name)).toEqual(['product']);
    expect(def.attrs).toContainEqual({ name: 'transpose_a', kind: 'bool', hasDefault: true });
    expect(def.attrs).toContainEqual({ name: 'T', kind: 'type', hasDefault: false });
  });

  it('names as types and numbers only attributes that the op has', () => {
    const wrong = names.flatMap((name) => {
      const { inputs, outputs, attrs } = opDef(name);
      const kinds = new Map(attrs.map((attr) => [attr.name, attr.kind]));
      return [...inputs, ...outputs].filter(({ type, list, numberAttr }) => {
        const typed = typeof type === 'number' || kinds.get(type) === (list ? 'list(type)' : 'type');
        return !typed || (numberAttr !== undefined && kinds.get(numberAttr) !== 'int');
      });
    });
    expect(wrong).toEqual([]);
    expect(names.length).toBeGreaterThan(900);
  });

  it('has every op that the kernels of tfjs-node run', () => {
    const folder = path.join(
      path.dirname(createRequire(__filename).resolve('@tensorflow/tfjs-node')),
      'kernels',
    );
    const run = readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => [...readFileSync(path.join(folder, file), 'utf8').matchAll(RUN)])
      .map(([, quoted, constant]) => quoted ?? constant!);
    expect(run.length).toBeGreaterThan(30);
    expect(run.filter((op) => !names.includes(op))).toEqual([]);
  });

  it('tells ops that draw from ops that compute', () => {
    expect(['RandomUniform', 'TruncatedNormal', 'Multinomial', 'Print'].map(isStateful)).toEqual(
      Array(4).fill(true),
    );
    expect(['StatelessRandomUniform', 'MatMul', 'Const'].map(isStateful)).toEqual(Array(3).fill(false));
  });

  it.each(['ReadVariableOp', 'NoSuchOp', 'toString', 'While'])('refuses %s, by name', (name) => {
    expect(() => opDef(name)).toThrow(`TensorFlow has no op ${name} that a graph here can hold`);
  });
});

describe('attributes that inputs decide', () => {
  it('are the types of single inputs', () => {
    expect(inferred('ExpandDims', [float, int32])).toEqual({ T: float, Tdim: int32 });
    expect(inferred('ExpandDims', [double, int64])).toEqual({ T: double, Tdim: int64 });
    expect(inferred('Sum', [float, int32])).toEqual({ T: float, Tidx: int32 });
    expect(inferred('GatherV2', [float, int32, int64])).toMatchObject({
      Tparams: float,
      Tindices: int32,
      Taxis: int64,
    });
    expect(inferred('SelectV2', [bool, float, float])).toEqual({ T: float });
  });

  it('are the number of equal inputs, beside single ones', () => {
    expect(inferred('ConcatV2', [float, float, float, int32])).toEqual({ N: 3, T: float, Tidx: int32 });
    expect(inferred('AddN', [double])).toEqual({ N: 1, T: double });
  });

  it('are one number for two lists of the same length', () => {
    expect(inferred('DynamicStitch', [int32, int32, float, float])).toEqual({ N: 2, T: float });
    expect(() => inferred('DynamicStitch', [int32, int32, float])).toThrow(/indices:N\*3 data:N\*T\), got 3/);
  });

  it('are the list of types', () => {
    expect(inferred('IdentityN', [float, int32, bool])).toEqual({ T: [float, int32, bool] });
  });

  it('follow the inputs also when they were said before: a rewritten graph stays valid', () => {
    const before: Record<string, Attr> = { T: { kind: 'type', value: float }, N: { kind: 'int', value: 7 } };
    expect(inferred('AddN', [double, double], before)).toEqual({ T: double, N: 2 });
  });

  it('leave alone what was said of other things', () => {
    const said: Record<string, Attr> = { keep_dims: { kind: 'bool', value: true } };
    expect(inferred('Sum', [float, int32], said)).toEqual({ keep_dims: true, T: float, Tidx: int32 });
  });

  it('read the type of the output that is used', () => {
    const topk: GraphNode = {
      op: 'TopKV2',
      inputs: [],
      attrs: {},
      outputs: [
        { shape: [1], dtype: float },
        { shape: [1], dtype: int32 },
      ],
    };
    const node: GraphNode = { op: 'Neg', inputs: [{ node: topk, index: 1 }], attrs: {}, outputs: [] };
    inferAttrs(node);
    expect(node.attrs).toEqual({ T: { kind: 'type', value: int32 } });
  });

  it('are of no help where an op must be told: the error names op and attribute', () => {
    expect(() => inferred('Cast', [float])).toThrow('the op Cast needs the attribute DstT (type)');
    expect(() => inferred('Split', [int32, float])).toThrow(
      'the op Split needs the attribute num_split (int)',
    );
  });

  it('need as many inputs as the op takes', () => {
    expect(() => inferred('MatMul', [float])).toThrow('the op MatMul takes the inputs (a:T b:T), got 1');
    expect(() => inferred('Relu', [float, float])).toThrow(
      'the op Relu takes the inputs (features:T), got 2',
    );
  });
});
