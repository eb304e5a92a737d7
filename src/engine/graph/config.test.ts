import { BinaryReader } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { configBytes, type SessionMode } from './config';

/** The numbers that a message holds, by the path of their fields: `{ '10.3.5': 2 }`. */
function decode(bytes: Uint8Array, path: number[] = []): Record<string, number> {
  const reader = new BinaryReader(bytes);
  const found: Record<string, number> = {};
  while (reader.pos < reader.len) {
    const [field, kind] = reader.tag();
    if (kind === 0) found[[...path, field].join('.')] = reader.uint32();
    else Object.assign(found, decode(reader.bytes(), [...path, field]));
  }
  return found;
}

describe('the configuration of a session', () => {
  // Fields of tensorflow/core/protobuf: config.proto and rewriter_config.proto.
  const [THREADS, NO_OPTIMIZER, XLA_LEVEL] = ['2', '10.10.19', '10.3.5'] as const;

  it.each<[SessionMode, Record<string, number>]>([
    [{ threads: 'all' }, {}],
    [{ threads: 'all', xla: false, grappler: true }, {}],
    [{ threads: 'one' }, { [THREADS]: 1 }],
    [{ threads: 'all', grappler: false }, { [NO_OPTIMIZER]: 1 }],
    [{ threads: 'all', xla: true }, { [XLA_LEVEL]: 2 }],
    [
      { threads: 'one', grappler: false, xla: true },
      { [THREADS]: 1, [NO_OPTIMIZER]: 1, [XLA_LEVEL]: 2 },
    ],
  ])('%j', (mode, fields) => {
    expect(decode(configBytes(mode))).toEqual(fields);
  });
});
