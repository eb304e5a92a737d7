import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Attr } from './graph';

// The few protobuf messages that a GraphDef is made of. Field numbers: tensorflow/core/framework,
// attr_value.proto, node_def.proto, tensor.proto and tensor_shape.proto.

export { BinaryWriter };

/** Writes a message, or a string's bytes, as field `number`. */
export function message(out: BinaryWriter, number: number, write: () => void): void {
  out.tag(number, WireType.LengthDelimited).fork();
  write();
  out.join();
}

export const text = (out: BinaryWriter, number: number, value: string): BinaryWriter =>
  out.tag(number, WireType.LengthDelimited).string(value);

export const bytes = (out: BinaryWriter, number: number, value: Uint8Array): BinaryWriter =>
  out.tag(number, WireType.LengthDelimited).bytes(value);

/** A whole number, negative ones in ten bytes, as int64 and enums are written. */
export const integer = (out: BinaryWriter, number: number, value: number): BinaryWriter =>
  out.tag(number, WireType.Varint).int32(value);

const float = (out: BinaryWriter, number: number, value: number): BinaryWriter =>
  out.tag(number, WireType.Bit32).float(Math.fround(value));

/** TensorShapeProto; −1 is a size that is not known. */
export function shape(out: BinaryWriter, number: number, sizes: readonly number[]): void {
  message(out, number, () => {
    for (const size of sizes) message(out, 2, () => integer(out, 1, size));
  });
}

/** TensorProto: numbers as they lie in memory (little-endian). */
export interface TensorBytes {
  dtype: number;
  shape: readonly number[];
  content: Uint8Array;
}

/** One node: op, names of its inputs, attributes. */
export interface NodeText {
  name: string;
  op: string;
  inputs: readonly string[];
  attrs: Readonly<Record<string, Attr>>;
  /** Of a `Const`. */
  value?: TensorBytes;
}

/** NodeDef, as field `number`. */
export function node(out: BinaryWriter, number: number, { name, op, inputs, attrs, value }: NodeText): void {
  message(out, number, () => {
    text(out, 1, name);
    text(out, 2, op);
    for (const input of inputs) text(out, 3, input);
    for (const key of Object.keys(attrs)) entry(out, key, () => attr(out, attrs[key]!));
    if (value) entry(out, 'value', () => message(out, 8, () => tensor(out, value)));
  });
}

/** One pair of the map of attributes. */
function entry(out: BinaryWriter, key: string, write: () => void): void {
  message(out, 5, () => {
    text(out, 1, key);
    message(out, 2, write);
  });
}

function tensor(out: BinaryWriter, value: TensorBytes): void {
  integer(out, 1, value.dtype);
  shape(out, 2, value.shape);
  bytes(out, 4, value.content);
}

/** The fields of AttrValue; a list is a message of its own with the same numbers. */
function attr(out: BinaryWriter, { kind, value }: Attr): void {
  switch (kind) {
    case 'string':
      text(out, 2, value);
      break;
    case 'bool':
      integer(out, 5, value ? 1 : 0);
      break;
    case 'int':
    case 'float':
    case 'type':
      number(out, kind, value);
      break;
    case 'shape':
      shape(out, 7, value);
      break;
    default:
      numbers(out, kind, value);
  }
}

function number(out: BinaryWriter, kind: 'int' | 'float' | 'type', value: number): void {
  if (kind === 'float') float(out, 4, value);
  else integer(out, kind === 'int' ? 3 : 6, value);
}

function numbers(out: BinaryWriter, kind: 'ints' | 'floats' | 'types', values: readonly number[]): void {
  const single = { ints: 'int', floats: 'float', types: 'type' } as const;
  message(out, 1, () => {
    for (const value of values) number(out, single[kind], value);
  });
}
