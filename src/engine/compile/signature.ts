import { tf } from '../backend';
import { keyOf, type Leaf, leavesOf } from './tree';

/** The shape a typed array has in the place of a tensor: that of the example. */
export type LeafShape = readonly number[];

export function shapesOf(examples: readonly unknown[]): LeafShape[] {
  return leavesOf(examples).map((leaf) => (leaf instanceof tf.Tensor ? leaf.shape : [leaf.length]));
}

export interface Signature {
  /** Shapes, types and plain values. */
  exact: string;
  /** The same without the number of rows; written when it is asked for. */
  kind(): string;
  /** The first sides. */
  sides: number[];
}

export function signatureOf(
  args: readonly unknown[],
  leaves: readonly Leaf[],
  shapes: readonly LeafShape[] | undefined,
): Signature {
  const sizes = leaves.map((leaf, i) => shapeOf(leaf, shapes?.[i], i));
  let i = 0;
  const exact = keyOf(args, (leaf) => `${typeOf(leaf)}[${sizes[i++]}]`);
  const kind = (): string => {
    i = 0;
    return keyOf(args, (leaf) => {
      const size = sizes[i++] as number[];
      return `${typeOf(leaf)}[${size.length > 0 ? '?' : ''},${size.slice(1)}]`;
    });
  };
  return { exact, kind, sides: sizes.map((size) => size[0] ?? 0) };
}

/** A Float32Array is fed as a float tensor is; a variable is itself, whatever its value. */
function typeOf(leaf: Leaf): string {
  if (leaf instanceof tf.Variable) return `${leaf.dtype} variable ${leaf.id} `;
  if (leaf instanceof tf.Tensor) return leaf.dtype;
  return leaf instanceof Float32Array ? 'float32' : 'float64';
}

/** Of a typed array: the example's shape, with as many rows as it has numbers for. */
export function shapeOf(leaf: Leaf, example: LeafShape | undefined, position: number): number[] {
  if (leaf instanceof tf.Tensor) return leaf.shape;
  if (example === undefined) return [leaf.length];
  const [rows = 1, ...sides] = example;
  const row = sides.reduce((product, side) => product * side, 1);
  if (example.length === 0 ? leaf.length === 1 : leaf.length === rows * row) return [...example];
  if (example.length > 1 && leaf.length % row === 0 && leaf.length > 0) return [leaf.length / row, ...sides];
  throw new RangeError(
    `argument ${position + 1} must have ${rows * row} numbers (shape [${example}] of the example)${
      example.length > 1 ? ` or another multiple of ${row}` : ''
    }, got ${leaf.length}`,
  );
}
