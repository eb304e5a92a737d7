import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { newRing, type Printed, RingReader, RingWriter } from './ring';

const SMALL = 2 ** 19;

function ring(bytes: number = SMALL) {
  const memory = newRing(bytes);
  let woken = 0;
  const writer = new RingWriter(memory, () => {
    woken += 1;
  });
  return { memory, writer, reader: new RingReader(memory), woken: () => woken };
}

const textOf = ({ bytes }: Printed) => new TextDecoder().decode(bytes);

function readAll(reader: RingReader): Printed[] {
  const all: Printed[] = [];
  for (let some = reader.take(); some.length > 0; some = reader.take()) all.push(...some);
  return all;
}

describe('the ring of what is printed', () => {
  it('gives back context, stream and text in the order of writing', () => {
    const { writer, reader } = ring();
    writer.write(7, 'stdout', 'a ∇ 🙂');
    writer.write(9, 'stderr', 'b');
    const read = readAll(reader);
    expect(read.map(({ context, stream }) => [context, stream])).toEqual([
      [7, 'stdout'],
      [9, 'stderr'],
    ]);
    expect(read.map(textOf)).toEqual(['a ∇ 🙂', 'b']);
  });

  it('loses nothing where records wrap around its end', () => {
    const { writer, reader } = ring();
    for (let turn = 0; turn < 40; turn++) {
      const text = `${turn}:${'x'.repeat(30_000 + turn)}`;
      writer.write(turn, 'stdout', text);
      expect(readAll(reader).map(textOf)).toEqual([text]);
    }
  });

  it('cuts long texts between characters, never inside of one', () => {
    const { writer, reader } = ring(2 ** 20);
    const text = `x${'🙂'.repeat(80_000)}`;
    writer.write(1, 'stdout', text);
    const pieces = readAll(reader).map(textOf);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(text);
    expect(pieces.every((piece) => !piece.includes('\ufffd'))).toBe(true);
  });

  it('stops at a position, so that what was printed before a message is published before it', () => {
    const { writer, reader } = ring();
    writer.write(1, 'stdout', 'before');
    const position = writer.position;
    writer.write(1, 'stdout', 'after');
    expect(reader.take(position).map(textOf)).toEqual(['before']);
    expect(reader.take(position)).toEqual([]);
    expect(reader.take().map(textOf)).toEqual(['after']);
  });

  it('wakes its reader when it was empty, and not for every line', () => {
    const { writer, reader, woken } = ring();
    for (let line = 0; line < 100; line++) writer.write(1, 'stdout', 'line\n');
    expect(woken()).toBe(1);
    readAll(reader);
    writer.write(1, 'stdout', 'line\n');
    expect(woken()).toBe(2);
  });

  it('makes a fast writer wait for a slow reader: a million lines arrive, in order', async () => {
    const memory = newRing();
    const reader = new RingReader(memory);
    const worker = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads');
       const { RingWriter } = require(${JSON.stringify(require.resolve('../../dist/places/ring.js'))});
       const writer = new RingWriter(workerData, () => {});
       for (let line = 0; line < 1e6; line++) writer.write(line >> 3, 'stdout', 'line ' + line + '\\n');
       parentPort.postMessage('done');`,
      { eval: true, workerData: memory },
    );
    const done = once(worker, 'message');
    let read = '';
    while (!read.endsWith('line 999999\n')) {
      for (const record of reader.take()) {
        const first = Number(/line (\d+)/.exec(textOf(record))?.[1]);
        expect(record.context).toBe(first >> 3);
        read += textOf(record);
      }
      await new Promise((resume) => setImmediate(resume));
    }
    expect(read).toBe(Array.from({ length: 1e6 }, (_, line) => `line ${line}\n`).join(''));
    await done;
    expect(reader.take()).toEqual([]);
    await worker.terminate();
  });
});
