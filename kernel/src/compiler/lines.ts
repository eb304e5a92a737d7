/** One message a line: JSON holds no raw line break, and escapes lone surrogates. */
import type { Readable, Writable } from 'node:stream';

const BREAK = 0x0a;

/** Calls `handle` with each message, in order, until the stream ends. */
export function readLines<Message>(stream: Readable, handle: (message: Message) => void): void {
  let rest: Uint8Array[] = [];
  stream.on('data', (chunk: Uint8Array) => {
    let from = 0;
    for (let to = chunk.indexOf(BREAK); to >= 0; to = chunk.indexOf(BREAK, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, to)]);
      rest = [];
      from = to + 1;
      handle(JSON.parse(line.toString()) as Message);
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  });
}

export function writeLine(stream: Writable, message: unknown): void {
  if (stream.writable) stream.write(`${JSON.stringify(message)}\n`);
}
