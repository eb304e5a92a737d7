import { tf } from '../backend';
import type { Attr } from './graph';

// The private parts of tfjs-node 4.22 that recording and running graphs stand on: its backend, and the addon below.

/** What the addon says of a tensor it made. */
export interface TensorMeta {
  id: number;
  shape: number[];
  dtype: number;
}

/** An attribute as the addon takes it. */
export interface OpAttr {
  name: string;
  type: number;
  value: unknown;
}

export type RawNumbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** The addon: tensors are numbers (ids) here. Ids only grow and are never given twice. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: RawNumbers): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): RawNumbers;
  executeOp(name: string, attrs: readonly OpAttr[], inputs: readonly number[], outputs: number): TensorMeta[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: readonly number[], feeds: string, fetches: string): TensorMeta[];
  [constant: `TF_${string}`]: number;
}

/** What the backend keeps of a tensor; `values` until the first op that takes it, then `id`. */
export interface StoredTensor {
  shape: number[];
  dtype: number;
  id: number;
  values: RawNumbers | string[] | null;
  refCount: number;
}

type DataId = object;

/** The backend `tensorflow`. */
export interface NativeBackend {
  binding: Binding;
  tensorMap: { get(dataId: DataId): StoredTensor; has(dataId: DataId): boolean };
  getInputTensorIds(tensors: readonly { dataId: DataId }[]): number[];
  createOutputTensor(meta: TensorMeta): tf.Tensor;
  getDTypeInteger(dtype: tf.DataType): number;
  executeSingleOutput(name: string, attrs: readonly OpAttr[], inputs: readonly tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: readonly OpAttr[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
  readSync(dataId: DataId): RawNumbers;
  read(dataId: DataId): Promise<RawNumbers>;
  move(dataId: DataId, values: unknown, shape: number[], dtype: tf.DataType, refCount: number): void;
}

/** The native backend when it is the one that runs. */
export function nativeBackend(): NativeBackend | undefined {
  return tf.getBackend() === 'tensorflow' ? (tf.backend() as unknown as NativeBackend) : undefined;
}

/** An attribute in the form of a GraphDef, from the form of the addon. */
export function attrOf(binding: Binding, { name, type, value }: OpAttr): Attr {
  const list = Array.isArray(value);
  if (type === binding.TF_ATTR_TYPE)
    return list ? { kind: 'types', value: value as number[] } : { kind: 'type', value: value as number };
  if (type === binding.TF_ATTR_INT)
    return list ? { kind: 'ints', value: value as number[] } : { kind: 'int', value: value as number };
  if (type === binding.TF_ATTR_FLOAT)
    return list ? { kind: 'floats', value: value as number[] } : { kind: 'float', value: value as number };
  if (type === binding.TF_ATTR_BOOL) return { kind: 'bool', value: Boolean(value) };
  if (type === binding.TF_ATTR_STRING) return { kind: 'string', value: value as string };
  if (type === binding.TF_ATTR_SHAPE) return { kind: 'shape', value: value as number[] };
  throw new TypeError(`attribute ${name} must be of a kind a graph can hold, got kind ${type}`);
}

/**
 * A copy that shares no memory: an upload may share that of the array it was made from, and an Identity that of the
 * upload.
 */
export function deepCopy(binding: Binding, id: number, dtype: number): number {
  const [copy] = binding.executeOp(
    'DeepCopy',
    [{ name: 'T', type: binding.TF_ATTR_TYPE as number, value: dtype }],
    [id],
    1,
  );
  return (copy as TensorMeta).id;
}
