import { cut, messageOf } from './text';

/** What a tensor of TensorFlow.js is known by: the kernel does not import it. */
interface Tensor {
  dtype: string;
  shape: number[];
  size: number;
  isDisposed: boolean;
  dataSync(): ArrayLike<unknown>;
  slice?(begin: number[], size: number[]): Tensor;
  dispose(): void;
  trainable?: boolean;
  name?: string;
}

export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null) return false;
  try {
    // First the method, so that no getter of another object is run.
    const tensor = value as Partial<Tensor>;
    if (typeof tensor.dataSync !== 'function' || !Array.isArray(tensor.shape)) return false;
    const { dtype, size, isDisposed } = tensor;
    return typeof dtype === 'string' && typeof size === 'number' && typeof isDisposed === 'boolean';
  } catch {
    return false;
  }
}

/** `Tensor float32 [2, 3]` and its values, or the corner of a large one: no more than that is copied from the backend. */
export function tensorText(tensor: Tensor): string {
  const title = tensorTitle(tensor);
  if (tensor.isDisposed) return `${title}, disposed: its values are gone`;
  if (tensor.size === 0) return `${title}, empty`;
  try {
    const values = peek(tensor);
    return values === undefined ? title : `${title}\n${values}`;
  } catch (error) {
    return `${title}, its values can not be read: ${messageOf(error)}`;
  }
}

/** `Tensor float32 [2, 3]`, `Variable "bias" float32 [3]`. */
export function tensorTitle(tensor: Tensor): string {
  return `${kindOf(tensor)} ${tensor.dtype} [${tensor.shape.join(', ')}]`;
}

function kindOf({ trainable, name }: Tensor): string {
  return typeof trainable === 'boolean' ? `Variable ${JSON.stringify(name)}` : 'Tensor';
}

/** Up to this size all values are shown, and a backend that can not slice is read whole. */
const SMALL = 100;
const READABLE = 10_000;

function peek(tensor: Tensor): string | undefined {
  if (tensor.dtype.startsWith('complex')) return undefined;
  const { shape, size } = tensor;
  const corner = size <= SMALL ? shape : shape.map((length, axis) => Math.min(length, limit(shape, axis)));
  if (size <= SMALL) return layOut(texts(tensor), corner, shape);
  if (typeof tensor.slice === 'function') return layOut(sliced(tensor, corner), corner, shape);
  return size <= READABLE && shape.length === 1 ? layOut(texts(tensor), corner, shape) : undefined;
}

/** Vectors show 20 values, matrices a corner of 8 × 8, what stacks them the first 2 of each axis. */
function limit(shape: number[], axis: number): number {
  if (shape.length === 1) return 20;
  return axis >= shape.length - 2 ? 8 : 2;
}

function sliced(tensor: Tensor, corner: number[]): string[] {
  const part = tensor.slice!(
    corner.map(() => 0),
    corner,
  );
  try {
    return texts(part);
  } finally {
    part.dispose();
  }
}

function texts(tensor: Tensor): string[] {
  const print = printer(tensor.dtype);
  return Array.from(tensor.dataSync(), print);
}

function printer(dtype: string): (value: unknown) => string {
  if (dtype === 'string') return (value) => JSON.stringify(cut(String(value), 40));
  if (dtype === 'bool') return (value) => String(Boolean(value));
  // A float32 has 7 significant digits: more would show 0.1 as 0.10000000149011612.
  return (value) => String(Number(Number(value).toPrecision(7)));
}

/** Nested brackets, columns aligned; `…` where an axis goes on. */
function layOut(values: string[], corner: number[], shape: number[]): string {
  const width = corner.length < 2 ? 0 : Math.max(...values.map((value) => value.length));
  let next = 0;
  const bracket = (axis: number): string => {
    if (axis === corner.length) return (values[next++] ?? '').padStart(width);
    const items = Array.from({ length: corner[axis]! }, () => bracket(axis + 1));
    if (corner[axis]! < shape[axis]!) items.push('…');
    const isRow = axis === corner.length - 1;
    return `[${items.join(isRow ? ', ' : `,\n${' '.repeat(axis + 1)}`)}]`;
  };
  return bracket(0);
}
