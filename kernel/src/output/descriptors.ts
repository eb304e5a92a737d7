import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { StreamName } from '../places/ring';

/** Where what native code and child processes write to descriptors 1 and 2 can be read, by any thread. */
export interface Captured {
  stdout: number;
  stderr: number;
  /** What descriptor 2 was, for the kernel's own last words; not to be had when that is a socket. */
  terminal: number | undefined;
}

/**
 * Empties descriptor 0, and puts FIFOs in the place of 1 and 2. For the main thread, before anything else opens a file:
 * the first free number is the one just closed. Does nothing where there are no FIFOs.
 */
export function captureDescriptors(): Captured | undefined {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return undefined;
  emptyInput();
  const folder = mkdtempSync(path.join(tmpdir(), 'losslab-descriptors-'));
  const files = { stdout: path.join(folder, '1'), stderr: path.join(folder, '2') };
  try {
    execFileSync('mkfifo', [files.stdout, files.stderr], { stdio: 'ignore' });
    const captured: Captured = {
      stdout: openEnd(files.stdout),
      stderr: openEnd(files.stderr),
      terminal: terminal(),
    };
    replace(1, files.stdout);
    replace(2, files.stderr);
    return captured;
  } catch {
    return undefined;
  } finally {
    // The FIFOs live on without their names.
    rmSync(folder, { recursive: true });
  }
}

/** Open for writing too, so that it neither waits for a writer nor ends with the last one. Children do not get it. */
function openEnd(file: string): number {
  return openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
}

function replace(descriptor: number, file: string): void {
  closeSync(descriptor);
  const got = openSync(file, 'w');
  if (got !== descriptor) throw new Error(`descriptor ${descriptor} was to be replaced, but ${got} was free`);
}

/**
 * Nobody writes to the kernel's own input: it ends at once, for `readFileSync(0)` and for child processes that inherit it.
 * For the main thread, while it is the only one: libuv aborts at the end when a loop of another thread got descriptor 0.
 */
function emptyInput(): void {
  try {
    closeSync(0);
  } catch {
    // It was closed from the start.
  }
  openSync(devNull, 'r');
}

function terminal(): number | undefined {
  try {
    return openSync(process.platform === 'linux' ? '/proc/self/fd/2' : '/dev/fd/2', 'a');
  } catch {
    return undefined;
  }
}

/** More than a FIFO holds: what was there when `drain` was called is then read, whatever else arrives meanwhile. */
const DRAINED_BYTES = 2 ** 17;

export interface DescriptorReader {
  /** Passes on what was written before this call. */
  drain(): void;
  close(): void;
}

/**
 * Reads what arrives at the captured descriptors, in the protocol's thread, whatever the main thread does.
 * @param onText Called with whole characters.
 */
export function readDescriptors(
  captured: Captured,
  onText: (stream: StreamName, text: string) => void,
): DescriptorReader {
  const readers = (['stdout', 'stderr'] as const).map(
    (stream) => new Reader(captured[stream], (text) => onText(stream, text)),
  );
  return {
    drain: () => {
      for (const reader of readers) reader.drain();
    },
    close: () => {
      for (const reader of readers) reader.close();
    },
  };
}

class Reader {
  readonly #descriptor: number;
  readonly #decoder = new StringDecoder('utf8');
  readonly #onText: (text: string) => void;
  readonly #socket: Socket;
  readonly #buffer = Buffer.allocUnsafe(2 ** 16);

  constructor(descriptor: number, onText: (text: string) => void) {
    this.#descriptor = descriptor;
    this.#onText = onText;
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.#socket.on('data', (bytes: Buffer) => this.#pass(bytes));
    // Without a reader the writers would wait: an error must not end the thread that reads.
    this.#socket.on('error', () => undefined);
  }

  drain(): void {
    for (let drained = 0; drained < DRAINED_BYTES; ) {
      const count = this.#read();
      if (count === 0) return;
      this.#pass(this.#buffer.subarray(0, count));
      drained += count;
    }
  }

  close(): void {
    this.drain();
    this.#socket.destroy();
  }

  #read(): number {
    try {
      return readSync(this.#descriptor, this.#buffer);
    } catch {
      // EAGAIN: it is empty.
      return 0;
    }
  }

  #pass(bytes: Buffer): void {
    const text = this.#decoder.write(bytes);
    if (text !== '') this.#onText(text);
  }
}
