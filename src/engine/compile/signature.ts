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
  /** The same without the number of rows. */
  kind: string;
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
  const types = leaves.map((leaf) => (leaf instanceof tf.Tensor ? leaf.dtype : leaf.constructor.name));
  const exact = keyOf(args, () => `${types[i]}${String(sizes[i++])};`);
  i = 0;
  const kind = keyOf(args, () => `${types[i]}?${String(sizes[i++]?.slice(1))}.${sizes[i - 1]?.length};`);
  return { exact, kind, sides: sizes.map((size) => size[0] ?? 0) };
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
    `argument ${position + 1} must have ${rows * row} numbers (shape [${example}] of the example), got ${leaf.length}`,
  );
}
