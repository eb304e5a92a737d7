import { types } from 'node:util';
import { nameOf } from './text';

/** Bytes as programs hold them. */
export type Bytes = Uint8Array | ArrayBuffer | ArrayBufferView;

export function isBytes(value: unknown): value is Bytes {
  return ArrayBuffer.isView(value) || types.isArrayBuffer(value);
}

/**
 * The bytes of a view or a buffer, in a buffer no larger than they are and not shared: a view that is sent to another
 * thread takes its whole buffer with it.
 */
export function toOwnBytes(what: string, value: unknown): Uint8Array {
  if (!isBytes(value))
    throw new TypeError(
      `${what} must be a Uint8Array, an ArrayBuffer or a view of one, got ${nameOf(value)}`,
    );
  const bytes = toBytes(value);
  const isOwn = bytes.byteLength === bytes.buffer.byteLength && types.isArrayBuffer(bytes.buffer);
  return isOwn ? bytes : new Uint8Array(bytes);
}

/** The same bytes as a Uint8Array. */
export function toBytes(value: Bytes): Uint8Array {
  if (types.isArrayBuffer(value)) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
