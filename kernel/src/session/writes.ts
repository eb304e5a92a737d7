import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Writable } from 'node:stream';

/** What `fs.write` and its kin take after the descriptor, but for a callback. */
type Given = [data: unknown, ...rest: unknown[]];

/** Descriptor 1 is `stdout`, 2 is `stderr`. */
type Outputs = Readonly<Record<number, Writable>>;

/**
 * Has what is written to descriptors 1 and 2 by `fs` take the way of `process.stdout`: it would overtake what was printed
 * before, or be overtaken.
 * @returns what puts back what was there before
 */
export function takeWrites(outputs: Outputs): () => void {
  const { writeSync, write, writeFileSync, appendFileSync } = fs;
  const whole =
    (plain: typeof appendFileSync): typeof appendFileSync =>
    (file, data, options) => {
      const encoding = typeof options === 'string' ? options : options?.encoding;
      if (typeof file !== 'number' || !print(outputs[file], [data, undefined, encoding]))
        plain(file, data, options);
    };
  const taking = {
    writeSync: (descriptor: number, ...given: Given) =>
      print(outputs[descriptor], given)?.byteLength ?? Reflect.apply(writeSync, fs, [descriptor, ...given]),
    write: (descriptor: number, ...given: Given) => {
      const done = given.at(-1);
      const printed = typeof done === 'function' ? print(outputs[descriptor], given) : undefined;
      if (printed === undefined) return Reflect.apply(write, fs, [descriptor, ...given]);
      process.nextTick(done as () => void, null, printed.byteLength, given[0]);
    },
    writeFileSync: whole(writeFileSync as typeof appendFileSync),
    appendFileSync: whole(appendFileSync),
  };
  // Their lengths, names, and what `promisify` makes of them.
  for (const [name, plain] of Object.entries({ writeSync, write, writeFileSync, appendFileSync }))
    Object.defineProperties(taking[name as keyof typeof taking], Object.getOwnPropertyDescriptors(plain));
  Object.assign(fs, taking);
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, { writeSync, write, writeFileSync, appendFileSync });
    syncBuiltinESMExports();
  };
}

/** Prints what was given. Nothing for other descriptors, and for what `fs` itself is to complain of. */
function print(output: Writable | undefined, given: Given): Buffer | undefined {
  const bytes = output && bytesOf(given);
  if (bytes === undefined) return undefined;
  output?.write(bytes);
  return bytes;
}

function bytesOf([data, first, second]: Given): Buffer | undefined {
  if (typeof data === 'string')
    return Buffer.from(data, Buffer.isEncoding(second as string) ? (second as BufferEncoding) : 'utf8');
  if (!ArrayBuffer.isView(data)) return undefined;
  const { offset, length } = (
    typeof first === 'object' && first !== null ? first : { offset: first, length: second }
  ) as {
    offset?: unknown;
    length?: unknown;
  };
  const begin = typeof offset === 'number' ? offset : 0;
  const count = typeof length === 'number' ? length : data.byteLength - begin;
  if (!Number.isInteger(begin) || !Number.isInteger(count)) return undefined;
  if (begin < 0 || count < 0 || begin + count > data.byteLength) return undefined;
  return Buffer.from(data.buffer, data.byteOffset + begin, count);
}
