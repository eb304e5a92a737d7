import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newRing, RingReader, RingWriter } from '../places/ring';
import { newHeader } from '../wire/message';
import { Iopub } from './iopub';
import { Output } from './output';
import { Parents } from './parents';
import type { Outgoing } from './post';

interface Stream {
  name: string;
  text: string;
}

function output(limit = 50) {
  const sent: Outgoing[] = [];
  const parents = new Parents();
  const cells = ['first', 'second'].map((name) => ({ ...newHeader('execute_request', 's'), msg_id: name }));
  for (const header of cells) parents.add({ header, idents: [], allowStdin: false });
  const ring = newRing();
  const flow = { isUnderWay: false };
  const all = new Output(new RingReader(ring), flow, new Iopub((one) => sent.push(one)), parents, limit);
  const writer = new RingWriter(ring, () => all.wake());
  const streams = () => sent.map(({ content }) => content as Stream);
  return { all, writer, sent, streams, flow };
}

describe('output', () => {
  it('of one cell and stream is joined to one message', async () => {
    const { writer, streams } = output();
    for (let line = 0; line < 100; line++) writer.write(1, 'stdout', `${line}\n`);
    expect(streams()).toEqual([]);
    await expect.poll(() => streams().length).toBe(1);
    expect(streams()[0]?.text.split('\n')).toHaveLength(101);
  });

  it('keeps the order of streams and cells, each with its parent', () => {
    const { all, writer, sent, streams } = output();
    writer.write(1, 'stdout', 'a');
    writer.write(1, 'stderr', 'b');
    writer.write(2, 'stderr', 'c');
    all.flush();
    expect(streams().map(({ name, text }) => name + text)).toEqual(['stdouta', 'stderrb', 'stderrc']);
    expect(sent.map(({ parent }) => parent?.msg_id)).toEqual(['first', 'first', 'second']);
  });

  it('is all there after a flush, and nothing of it comes a second time', async () => {
    const { all, writer, streams } = output();
    writer.write(1, 'stdout', 'x'.repeat(300_000));
    all.flush();
    const before = streams().length;
    expect(streams().reduce((sum, { text }) => sum + text.length, 0)).toBe(300_000);
    await pause(100);
    expect(streams()).toHaveLength(before);
  });

  it('waits for a message that was sent before it', async () => {
    const { writer, streams, flow } = output();
    flow.isUnderWay = true;
    writer.write(1, 'stdout', 'after the message');
    await pause(100);
    expect(streams()).toEqual([]);
    flow.isUnderWay = false;
    await expect.poll(() => streams()).toHaveLength(1);
  });

  it('up to a position leaves what was printed later', () => {
    const { all, writer, streams } = output();
    writer.write(1, 'stdout', 'before');
    const { position } = writer;
    writer.write(1, 'stdout', 'after');
    all.flush(position);
    expect(streams().map(({ text }) => text)).toEqual(['before']);
  });

  it('of native code comes after what was printed before it', () => {
    const { all, writer, streams } = output();
    writer.write(1, 'stdout', 'printed, ');
    all.addNative(1, 'stdout', Buffer.from('written'));
    all.flush();
    expect(streams()).toEqual([{ name: 'stdout', text: 'printed, written' }]);
  });

  it('of a cell beyond its cap is left out, which is said once and with the remedy', () => {
    const { all, writer, streams } = output(1);
    for (let piece = 0; piece < 40; piece++) writer.write(1, 'stdout', 'y'.repeat(60_000));
    all.flush();
    writer.write(2, 'stdout', 'the next cell');
    all.flush();
    const notes = streams().filter(({ name }) => name === 'stderr');
    expect(notes).toHaveLength(1);
    expect(notes[0]?.text).toContain('jupyter.outputLimit = 10');
    expect(streams().at(-1)?.text).toBe('the next cell');
    expect(streams().reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(2 ** 20 + 1000);
  });

  it('that is displayed counts, too', () => {
    const { all, streams } = output(1);
    expect(all.admits(1, 2 ** 20)).toBe(true);
    expect(all.admits(1, 1)).toBe(false);
    expect(all.admits(1, 1)).toBe(false);
    expect(streams()).toHaveLength(1);
    all.setLimit(2);
    expect(all.admits(2, 2 ** 21)).toBe(true);
  });
});
