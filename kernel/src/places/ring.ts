/**
 * What the user's code prints, in shared memory: written without a message, read by the protocol's thread while the
 * writer computes. When it is full the writer waits, so that a fast loop neither loses a line nor fills the memory.
 *
 * A record is: context (uint32), stream (uint8), length (uint32), UTF-8 bytes; records wrap around the end.
 */

/** Words of the control block. Positions count all bytes ever written, modulo 2³². */
const WRITTEN = 0;
const READ = 1;
const CONTROL_BYTES = 8;
const HEADER_BYTES = 9;

export type StreamName = 'stdout' | 'stderr';
const STREAMS: readonly StreamName[] = ['stdout', 'stderr'];

export interface Printed {
  context: number;
  stream: StreamName;
  bytes: Uint8Array;
}

/** 4 MiB (a power of two, as positions wrap at 2³²) hold what a loop prints while the other thread signs and sends. */
export const RING_BYTES: number = 4 * 2 ** 20;

export function newRing(bytes: number = RING_BYTES): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + bytes);
}

/** Longer texts are cut into records of this many UTF-16 units: at most three bytes each. */
const PIECE = 2 ** 16;

/** So much is read at once; a run of records is not longer than a message. */
const TAKEN_BYTES = 2 ** 19;
const RUN_BYTES = 2 ** 16;

/** A reader that waits for more to come hears of every 2²⁰ bytes. */
const STEP = 20;

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;

export class RingWriter {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #scratch = new Uint8Array(3 * (PIECE + 1) + HEADER_BYTES);
  readonly #header = new DataView(this.#scratch.buffer);
  readonly #encoder = new TextEncoder();
  readonly #wake: () => void;

  /** @param wake Called when the reader may be asleep: the ring was empty, or has a good deal more than before. */
  constructor(ring: SharedArrayBuffer, wake: () => void) {
    this.#control = new Int32Array(ring, 0, 2);
    this.#bytes = new Uint8Array(ring, CONTROL_BYTES);
    this.#wake = wake;
  }

  /** How many bytes were ever written, modulo 2³². */
  get position(): number {
    return Atomics.load(this.#control, WRITTEN) >>> 0;
  }

  write(context: number, stream: StreamName, text: string): void {
    for (let from = 0; from < text.length; ) {
      let to = Math.min(text.length, from + PIECE);
      if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to += 1;
      this.#writePiece(context, stream, from === 0 && to === text.length ? text : text.slice(from, to));
      from = to;
    }
  }

  #writePiece(context: number, stream: StreamName, text: string): void {
    const { written } = this.#encoder.encodeInto(text, this.#scratch.subarray(HEADER_BYTES));
    this.#header.setUint32(0, context);
    this.#header.setUint8(4, STREAMS.indexOf(stream));
    this.#header.setUint32(5, written);
    this.#put(this.#scratch.subarray(0, HEADER_BYTES + written));
  }

  #put(record: Uint8Array): void {
    const position = this.position;
    this.#waitFor(record.length, position);
    const start = position % this.#bytes.length;
    const first = record.subarray(0, this.#bytes.length - start);
    this.#bytes.set(first, start);
    this.#bytes.set(record.subarray(first.length), 0);
    Atomics.store(this.#control, WRITTEN, (position + record.length) | 0);
    // Looked at after the store: a reader that has read all before it may have gone to sleep without this record.
    if (Atomics.load(this.#control, READ) === (position | 0)) this.#wake();
    else if (position >>> STEP !== (position + record.length) >>> STEP) this.#wake();
  }

  #waitFor(room: number, position: number): void {
    for (;;) {
      const read = Atomics.load(this.#control, READ);
      if (((position - read) >>> 0) + room <= this.#bytes.length) return;
      Atomics.wait(this.#control, READ, read, 1000);
    }
  }
}

export class RingReader {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(ring: SharedArrayBuffer) {
    this.#control = new Int32Array(ring, 0, 2);
    this.#bytes = new Uint8Array(ring, CONTROL_BYTES);
  }

  /** How many bytes wait to be read. */
  get filled(): number {
    return (Atomics.load(this.#control, WRITTEN) - Atomics.load(this.#control, READ)) >>> 0;
  }

  /** The position of what is written next. */
  get end(): number {
    return Atomics.load(this.#control, WRITTEN) >>> 0;
  }

  /**
   * The next half megabyte of records, or those before `until`. Neighbours of one context and stream are joined: to
   * copy and to wake the writer for each line would take four times as long.
   */
  take(until?: number): Printed[] {
    const read = Atomics.load(this.#control, READ) >>> 0;
    const filled = ((until ?? Atomics.load(this.#control, WRITTEN)) - read) | 0;
    if (filled <= 0) return [];
    const { runs, used } = joined(this.#copy(read, Math.min(filled, TAKEN_BYTES)));
    Atomics.store(this.#control, READ, (read + used) | 0);
    Atomics.notify(this.#control, READ);
    return runs;
  }

  #copy(position: number, length: number): Buffer {
    const start = position % this.#bytes.length;
    const copy = Buffer.allocUnsafe(length);
    const first = this.#bytes.subarray(start, Math.min(this.#bytes.length, start + length));
    copy.set(first);
    copy.set(this.#bytes.subarray(0, length - first.length), first.length);
    return copy;
  }
}

/** Moves the texts of whole records together, in place. */
function joined(copy: Buffer): { runs: Printed[]; used: number } {
  const runs: Printed[] = [];
  let [used, from, to, context, stream] = [0, 0, 0, -1, 0];
  const end = (): void => {
    if (to > from)
      runs.push({ context, stream: STREAMS[stream] ?? 'stdout', bytes: copy.subarray(from, to) });
    from = to;
  };
  while (used + HEADER_BYTES <= copy.length) {
    const text = used + HEADER_BYTES;
    const next = text + copy.readUInt32BE(used + 5);
    if (next > copy.length) break;
    const [itsContext, itsStream] = [copy.readUInt32BE(used), copy[used + 4] ?? 0];
    if (itsContext !== context || itsStream !== stream || to - from >= RUN_BYTES) end();
    [context, stream] = [itsContext, itsStream];
    copy.copyWithin(to, text, next);
    [to, used] = [to + next - text, next];
  }
  end();
  return { runs, used };
}
