import { describe, expect, it } from 'vitest';
import { chain, constant, graphOf, opOf, placeholder } from '../../../tests/fixtures/graphs';
import { DType, type Graph, type GraphNode, type Numbers } from './graph';
import { serialize } from './savedModel';

const { float, int32 } = DType;

const contains = (bytes: Uint8Array, part: Uint8Array | string): boolean =>
  Buffer.from(bytes).includes(typeof part === 'string' ? part : Buffer.from(part));
const bytesOf = (value: Numbers) => new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
const constantBytes = (value: Numbers, shape: number[], dtype?: number): Uint8Array => {
  const node = constant(value, shape, dtype);
  return serialize(graphOf([], [node], node)).bytes;
};

describe('a graph as a SavedModel', () => {
  it('is of schema 1, tagged serve, and takes and gives in the order of the graph', () => {
    const [a, b] = [placeholder([2]), placeholder([3])];
    const { bytes, feeds, fetches } = serialize(graphOf([b, a], [a, b], a, b, a));
    expect([...bytes.slice(0, 2)]).toEqual([0x08, 1]);
    expect(contains(bytes, Buffer.from([0x22, 5, ...Buffer.from('serve')]))).toBe(true);
    expect(feeds).toEqual(['p0:0', 'p1:0']);
    expect(fetches).toEqual(['o0:0', 'o1:0', 'o2:0']);
  });

  it('names its results for the calling thread when asked to', () => {
    const { bytes, fetches } = serialize(chain(1), { callerThread: true });
    expect(fetches).toEqual(['caller_o0:0']);
    expect(contains(bytes, 'caller_o0')).toBe(true);
    expect(contains(serialize(chain(1)).bytes, 'caller')).toBe(false);
  });

  it('is a few hundred bytes for a few ops, and 40 bytes an op for 40,000', () => {
    expect(serialize(chain(5)).bytes.length).toBeLessThan(400);
    expect(serialize(chain(40_000)).bytes.length).toBeLessThan(40_000 * 45);
  });

  it('is the same for the same graph', () => {
    expect(serialize(chain(30)).bytes).toEqual(serialize(chain(30)).bytes);
  });

  it('holds the attributes that inputs decide', () => {
    const graph = chain(1);
    expect(contains(serialize(graph).bytes, Buffer.from([0x0a, 1, 0x54, 0x12, 2, 0x30, float]))).toBe(true);
  });
});

describe('a constant', () => {
  it('is written as it lies in memory', () => {
    const value = Float32Array.from({ length: 40 }, (_, i) => i / 3);
    expect(contains(constantBytes(value, [40]), bytesOf(value))).toBe(true);
  });

  it('that is part of a larger array is written alone', () => {
    const value = Int32Array.from({ length: 60 }, (_, i) => 1000 + i).subarray(20, 23);
    const bytes = constantBytes(value, [3], int32);
    expect(contains(bytes, bytesOf(Int32Array.of(1020, 1021, 1022)))).toBe(true);
    expect(contains(bytes, bytesOf(Int32Array.of(1023)))).toBe(false);
  });

  it.each([1, -0, Number.NaN, Number.NEGATIVE_INFINITY])(
    'of a million times %d is a Fill of one',
    (number) => {
      const bytes = constantBytes(new Float32Array(1e6).fill(number), [1000, 1000]);
      expect(bytes.length).toBeLessThan(500);
      expect(contains(bytes, 'Fill')).toBe(true);
      expect(contains(bytes, bytesOf(Float32Array.of(number)))).toBe(true);
    },
  );

  it('of 0 and −0 is not uniform', () => {
    const value = new Float32Array(40).fill(0);
    value[39] = -0;
    expect(contains(constantBytes(value, [40]), bytesOf(value))).toBe(true);
  });

  it('of 16 equal numbers is not worth a Fill, of 17 it is', () => {
    const bytes = (length: number) => constantBytes(new Float32Array(length).fill(2), [length]);
    expect([16, 17].map((length) => contains(bytes(length), 'Fill'))).toEqual([false, true]);
  });

  it('of int64 or complex numbers, two words each, is never a Fill', () => {
    expect(contains(constantBytes(new Int32Array(80), [40], DType.int64), 'Fill')).toBe(false);
    expect(contains(constantBytes(new Float32Array(80), [40], DType.complex), 'Fill')).toBe(false);
  });
});

describe('a graph that cannot be written', () => {
  it.each<[string, Graph, string]>([
    ['without results', graphOf([], []), 'a graph must have an output to fetch, got none'],
    ['in no order', graphOf(...disordered()), 'an input of Tanh is a Relu that does not come before it'],
    [
      'with a placeholder nobody feeds',
      graphOf([], ...loose()),
      'is a Placeholder that is not among its feeds',
    ],
    ['fed at an op', graphOf(...fedOp()), 'feed 0 of a graph must be a Placeholder of its own, got Tanh'],
    [
      'fed twice at one placeholder',
      graphOf(...fedTwice()),
      'must be a Placeholder of its own, got Placeholder p0',
    ],
    ['with a constant of nothing', emptyConst(), 'must hold numbers in `value`, got none'],
    ['fetching what is not in it', graphOf([], [], placeholder([])), 'an input of a result is a Placeholder'],
    ['with an unknown op', unknownOp(), 'TensorFlow has no op Tahn'],
  ])('is refused: %s', (_, graph, message) => {
    expect(() => serialize(graph)).toThrow(message);
  });

  function disordered(): Parameters<typeof graphOf> {
    const x = placeholder([]);
    const y = opOf('Relu', [x]);
    const z = opOf('Tanh', [y]);
    return [[x], [x, z, y], z];
  }
  function loose(): [GraphNode[], GraphNode] {
    const x = placeholder([]);
    return [[x], x];
  }
  function fedOp(): Parameters<typeof graphOf> {
    const x = placeholder([]);
    const y = opOf('Tanh', [x]);
    return [[y], [x, y], y];
  }
  function fedTwice(): Parameters<typeof graphOf> {
    const x = placeholder([]);
    return [[x, x], [x], x];
  }
  function emptyConst(): Graph {
    const { value: _, ...empty } = constant(Float32Array.of(1), []);
    return graphOf([], [empty], empty);
  }
  function unknownOp(): Graph {
    const x = placeholder([]);
    const y = opOf('Tahn', [x]);
    return graphOf([x], [x, y], y);
  }
});
