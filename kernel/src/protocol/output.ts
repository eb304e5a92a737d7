import type { FlowReader } from '../places/flow';
import type { Printed, RingReader, StreamName } from '../places/ring';
import { Cap } from './cap';
import type { Iopub } from './iopub';
import type { Parents } from './parents';

/** What comes within this time (milliseconds) is one message: the eye takes 50 ms for at once. */
const TOGETHER = 40;
/** A message of more bytes is sent without waiting for more. */
const MESSAGE_BYTES = 2 ** 16;
/** So much is not waited with. */
const MUCH_BYTES = 2 ** 19;

/** What one cell wrote to one stream and nobody has been told yet. */
interface Pending {
  context: number;
  stream: StreamName;
  chunks: Uint8Array[];
  bytes: number;
}

/**
 * One ordered queue of everything that is printed: read from shared memory and from the captured descriptors, joined to
 * few messages, capped for each cell.
 */
export class Output {
  readonly #ring: RingReader;
  readonly #iopub: Iopub;
  readonly #parents: Parents;
  readonly #cap: Cap;
  readonly #flow: Pick<FlowReader, 'isUnderWay'>;
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;
  #flushed = 0;
  /** What native code and child processes wrote while a message was under way. */
  readonly #natives: Printed[] = [];
  #isDraining = false;
  /** Reads what native code and child processes have written until now. */
  drainDescriptors: () => void = () => {};

  constructor(
    ring: RingReader,
    flow: Pick<FlowReader, 'isUnderWay'>,
    iopub: Iopub,
    parents: Parents,
    limit: number,
  ) {
    this.#flow = flow;
    this.#ring = ring;
    this.#iopub = iopub;
    this.#parents = parents;
    this.#cap = new Cap(limit);
  }

  setLimit(megabytes: number): void {
    this.#cap.megabytes = megabytes;
  }

  /** Something was printed: it is sent soon, at once when there is much of it or nothing was sent for a while. */
  wake(): void {
    if (this.#next !== undefined) return;
    if (this.#ring.filled >= MUCH_BYTES) this.#turn();
    else this.#soon();
  }

  /** What native code or a child process wrote: after what was printed before it came. */
  addNative(context: number, stream: StreamName, bytes: Uint8Array): void {
    const until = this.#ring.end;
    if (this.#isDraining) this.add(context, stream, bytes);
    else if (this.#flow.isUnderWay) {
      // What was printed before it comes with that message.
      this.#natives.push({ context, stream, bytes });
      this.#soon();
    } else {
      this.#takeAll(until);
      this.add(context, stream, bytes);
    }
  }

  #addNatives(): void {
    for (const { context, stream, bytes } of this.#natives.splice(0)) this.add(context, stream, bytes);
  }

  /** Everything printed so far is published before this returns. `until` is a position of the ring. */
  flush(until?: number): void {
    if (until === undefined) this.#takeDue();
    else this.#takeAll(until);
    this.#addNatives();
    this.#isDraining = true;
    this.drainDescriptors();
    this.#isDraining = false;
    this.#send();
  }

  /** All that is printed, unless a message is under way that may stand before some of it. */
  #takeDue(): void {
    const until = this.#ring.end;
    if (!this.#flow.isUnderWay) this.#takeAll(until);
  }

  #takeAll(until: number): void {
    for (let some = this.#ring.take(until); some.length > 0; some = this.#ring.take(until))
      for (const { context, stream, bytes } of some) this.add(context, stream, bytes);
  }

  add(context: number, stream: StreamName, bytes: Uint8Array): void {
    const pending = this.#pending;
    if (pending?.context !== context || pending.stream !== stream) {
      this.#send();
      this.#pending = { context, stream, chunks: [bytes], bytes: bytes.length };
    } else {
      pending.chunks.push(bytes);
      pending.bytes += bytes.length;
    }
    if (this.#pending !== undefined && this.#pending.bytes >= MESSAGE_BYTES) this.#send();
    else this.#soon();
  }

  /** Whether a display of so many bytes still fits under the cell's cap; when not, the cell says so once. */
  admits(context: number, bytes: number): boolean {
    const verdict = this.#cap.take(context, bytes);
    if (verdict === 'last') this.#note(context);
    return verdict === 'fits';
  }

  #soon(): void {
    if (this.#timer !== undefined || this.#next !== undefined) return;
    const rest = this.#flushed + TOGETHER - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#turn();
      },
      Math.max(1, Math.min(TOGETHER, rest)),
    );
  }

  /** Half a megabyte, then other channels get their turn: the heartbeat must answer within 20 ms. */
  #turn(): void {
    const until = this.#ring.end;
    const due = this.#flow.isUnderWay ? [] : this.#ring.take(until);
    for (const { context, stream, bytes } of due) this.add(context, stream, bytes);
    if (this.#ring.filled > 0) this.#next ??= setImmediate(() => this.#goOn());
    else {
      this.#addNatives();
      this.#send();
    }
  }

  #goOn(): void {
    this.#next = undefined;
    this.#turn();
  }

  #send(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#flushed = performance.now();
    if (pending === undefined) return;
    const { context, stream, chunks, bytes } = pending;
    const verdict = this.#cap.take(context, bytes);
    if (verdict === 'fits') this.#stream(context, stream, textOf(chunks));
    else if (verdict === 'last') this.#note(context);
  }

  #note(context: number): void {
    this.#stream(context, 'stderr', this.#cap.note());
  }

  #stream(context: number, name: StreamName, text: string): void {
    this.#iopub.publish('stream', { name, text }, this.#parents.get(context)?.header);
  }
}

function textOf(chunks: Uint8Array[]): string {
  const [first] = chunks;
  const all = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
  return Buffer.from(all.buffer, all.byteOffset, all.byteLength).toString('utf8');
}
