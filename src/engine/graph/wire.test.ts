import { describe, expect, it } from 'vitest';
import type { Attr } from './graph';
import { BinaryWriter, integer, node, shape } from './wire';

// Bytes by hand, from the encoding page of protobuf: a tag is field · 8 + kind (0 varint, 2 bytes, 5 four bytes).

function written(write: (out: BinaryWriter) => void): number[] {
  const out = new BinaryWriter();
  write(out);
  return [...out.finish()];
}

const text = (value: string) => [...Buffer.from(value)];

/** The AttrValue of a node's only attribute `k`: behind the node's tag and length, op, and the pair's own head. */
function attrBytes(attr: Attr): number[] {
  const bytes = written((out) => node(out, 1, { name: '', op: '', inputs: [], attrs: { k: attr } }));
  const head = [0x0a, 0, 0x12, 0, 0x2a, 0, 0x0a, 1, ...text('k'), 0x12, 0];
  return bytes.slice(2 + head.length);
}

describe('protobuf', () => {
  it('writes whole numbers as varints, −1 in ten bytes', () => {
    expect(written((out) => integer(out, 1, 300))).toEqual([0x08, 0xac, 0x02]);
    expect(written((out) => integer(out, 1, -1))).toEqual([0x08, ...Array(9).fill(0xff), 0x01]);
  });

  it('writes a shape as a list of sizes, a scalar’s as none', () => {
    expect(written((out) => shape(out, 2, [3, 5]))).toEqual([0x12, 8, 0x12, 2, 8, 3, 0x12, 2, 8, 5]);
    expect(written((out) => shape(out, 2, []))).toEqual([0x12, 0]);
  });

  it.each<[Attr, number[]]>([
    [{ kind: 'string', value: 'SAME' }, [0x12, 4, ...text('SAME')]],
    [{ kind: 'int', value: 2 }, [0x18, 2]],
    [{ kind: 'float', value: 0.5 }, [0x25, 0, 0, 0, 0x3f]],
    [{ kind: 'bool', value: true }, [0x28, 1]],
    [{ kind: 'bool', value: false }, [0x28, 0]],
    [{ kind: 'type', value: 1 }, [0x30, 1]],
    [{ kind: 'shape', value: [7] }, [0x3a, 4, 0x12, 2, 8, 7]],
    [{ kind: 'ints', value: [1, 2] }, [0x0a, 4, 0x18, 1, 0x18, 2]],
    [{ kind: 'floats', value: [1] }, [0x0a, 5, 0x25, 0, 0, 0x80, 0x3f]],
    [{ kind: 'types', value: [3] }, [0x0a, 2, 0x30, 3]],
    [{ kind: 'ints', value: [] }, [0x0a, 0]],
  ])('writes the attribute %j', (attr, bytes) => {
    expect(attrBytes(attr)).toEqual(bytes);
  });

  it('rounds an attribute to float32 as TensorFlow stores it, and takes any number', () => {
    const single = (value: number) => [0x25, ...new Uint8Array(Float32Array.of(value).buffer)];
    for (const value of [0.1, 1e39, -1e-46, Number.POSITIVE_INFINITY, Number.NaN])
      expect(attrBytes({ kind: 'float', value })).toEqual(single(value));
  });

  it('writes a node: name, op, inputs, attributes', () => {
    const bytes = written((out) => node(out, 1, { name: 'n', op: 'Neg', inputs: ['a', 'b:1'], attrs: {} }));
    const body = [
      0x0a,
      1,
      ...text('n'),
      0x12,
      3,
      ...text('Neg'),
      0x1a,
      1,
      ...text('a'),
      0x1a,
      3,
      ...text('b:1'),
    ];
    expect(bytes).toEqual([0x0a, body.length, ...body]);
  });

  it('writes lengths above 127 in two bytes', () => {
    const name = 'x'.repeat(200);
    const bytes = written((out) => node(out, 1, { name, op: '', inputs: [], attrs: {} }));
    expect(bytes).toEqual([0x0a, (205 % 128) | 128, 1, 0x0a, (200 % 128) | 128, 1, ...text(name), 0x12, 0]);
  });
});
