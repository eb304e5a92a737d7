/** TensorFlow's numbers of the data types that tfjs knows, and of double. */
export const DType = {
  float: 1,
  double: 2,
  int32: 3,
  uint8: 4,
  string: 7,
  complex: 8,
  int64: 9,
  bool: 10,
} as const;

/** An attribute of a TensorFlow op, as a GraphDef names its kinds. */
export type Attr =
  | { kind: 'type' | 'int' | 'float'; value: number }
  | { kind: 'types' | 'ints' | 'floats' | 'shape'; value: readonly number[] }
  | { kind: 'bool'; value: boolean }
  | { kind: 'string'; value: string };

/** One output of a node. */
export interface Output {
  node: GraphNode;
  index: number;
}

/** Shape (−1 where it is not known) and TensorFlow data type of an output. */
export interface OutputSpec {
  shape: readonly number[];
  dtype: number;
}

export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** One op of a recorded graph. A `Placeholder` is fed at each call, a `Const` holds `value`. */
export interface GraphNode {
  op: string;
  inputs: Output[];
  attrs: Record<string, Attr>;
  outputs: OutputSpec[];
  /** Of a `Const`: its numbers, row-major. */
  value?: Numbers;
}

/** A graph: what is fed, the nodes in an order in which each comes after its inputs, and what is fetched. */
export interface Graph {
  /** Placeholders, in the order in which their values are passed. Also in `nodes`. */
  feeds: GraphNode[];
  nodes: GraphNode[];
  fetches: Output[];
}
