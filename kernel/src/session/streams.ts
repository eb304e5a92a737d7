import { syncBuiltinESMExports } from 'node:module';
import { type Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { StreamName } from '../places/ring';
import type { Channel } from './channel';
import { type CellConsole, type Explain, installConsole } from './console';
import { takeWrites } from './writes';

type Done = (error?: Error | null) => void;

/**
 * `process.stdout` or `process.stderr` of cells: printed at once, in the order of the calls. The machinery of
 * `Writable` is passed by, as an interrupt in the middle of a write would leave it waiting for ever.
 */
export class PrintStream extends Writable {
  readonly fd: number;
  readonly isTTY: boolean = false;
  readonly columns: number = 80;
  readonly rows: number = 24;
  readonly _type: string = 'pipe';
  readonly #print: (text: string) => void;
  #decoder: StringDecoder | undefined;

  constructor(fd: number, print: (text: string) => void) {
    super({ decodeStrings: false, autoDestroy: false });
    this.fd = fd;
    this.#print = print;
    // Every cell may pipe into it.
    this.setMaxListeners(0);
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Done, done?: Done): boolean {
    // What `console.log` gives.
    if (typeof chunk === 'string' && encoding === undefined && this.#decoder === undefined)
      this.#print(chunk);
    else this.#write(chunk, typeof encoding === 'string' ? encoding : 'utf8');
    const called = typeof encoding === 'function' ? encoding : done;
    if (called !== undefined) process.nextTick(called, null);
    return true;
  }

  #write(chunk: unknown, encoding: BufferEncoding): void {
    if (typeof chunk === 'string' && /^utf-?8$/i.test(encoding)) {
      this.#print(this.#rest() + chunk);
      return;
    }
    this.#decoder ??= new StringDecoder('utf8');
    const text = this.#decoder.write(bytesOf(chunk, encoding));
    if (text !== '') this.#print(text);
  }

  /** What was written of a character that never came to its end. */
  #rest(): string {
    const rest = this.#decoder?.end() ?? '';
    this.#decoder = undefined;
    return rest;
  }

  /** Cells that end the stream (many programs do when they are done) leave it open for the next ones. */
  override end(chunk?: unknown, encoding?: BufferEncoding | Done, done?: Done): this {
    const given = [chunk, encoding, done];
    const called = given.find((each) => typeof each === 'function') as (() => void) | undefined;
    if (chunk !== undefined && chunk !== null && chunk !== called) {
      this.write(chunk, typeof encoding === 'string' ? encoding : undefined);
    }
    process.nextTick(() => {
      this.#finish();
      called?.();
    });
    return this;
  }

  /** Whoever ended it hears that all is written. Others that are piped into it would stop: they go on. */
  #finish(): void {
    const cut: Readable[] = [];
    const note = (source: Readable): void => void cut.push(source);
    this.on('unpipe', note);
    this.emit('finish');
    this.off('unpipe', note);
    for (const source of cut) if (!source.readableEnded) source.pipe(this);
  }

  override destroy(): this {
    return this;
  }

  override cork(): void {}

  override uncork(): void {}

  getColorDepth(): number {
    return 1;
  }

  hasColors(): boolean {
    return false;
  }

  getWindowSize(): [number, number] {
    return [this.columns, this.rows];
  }
}

function bytesOf(chunk: unknown, encoding: BufferEncoding): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding);
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const given = chunk === null ? 'null' : typeof chunk;
  throw new TypeError(`a stream takes a string or bytes (Buffer, TypedArray, DataView), not ${given}`);
}

export interface Streams extends CellConsole {
  stdout: PrintStream;
  stderr: PrintStream;
  /** Puts back what was there before. */
  restore(): void;
}

/**
 * Gives cells streams and a console that print into the cell that the running code belongs to.
 * @param explain What the console makes of a text with a stack in it.
 */
export function installStreams(channel: Channel, explain: Explain = (text) => text): Streams {
  const stdout = new PrintStream(1, (text) => channel.print('stdout', text));
  const stderr = new PrintStream(2, (text) => channel.print('stderr', text));
  const putBack = [replaceStream('stdout', stdout), replaceStream('stderr', stderr)];
  // What follows takes the place of what was there: a picture that is drawn again and again does not flicker.
  const clear = (): void => channel.publish({ kind: 'clear', wait: true });
  const installed = installConsole(stdout, stderr, explain, clear);
  const giveBackWrites = takeWrites({ 1: stdout, 2: stderr });
  // For `import { stdout } from 'node:process'`, which may have been loaded before.
  syncBuiltinESMExports();
  const restore = (): void => {
    installed.restore();
    giveBackWrites();
    for (const put of putBack) put();
    syncBuiltinESMExports();
  };
  return { stdout, stderr, newCell: installed.newCell, restore };
}

function replaceStream(name: StreamName, stream: PrintStream): () => void {
  const before = Object.getOwnPropertyDescriptor(process, name);
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    writable: true,
    value: stream,
  });
  return () => {
    if (before !== undefined) Object.defineProperty(process, name, before);
  };
}
