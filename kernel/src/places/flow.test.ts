import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FlowReader, FlowWriter, newFlow } from './flow';

function flow() {
  const memory = newFlow();
  return { writer: new FlowWriter(memory), reader: new FlowReader(memory) };
}

/** Sends until there is no room. @returns the numbers of the messages */
function fill(writer: FlowWriter): number[] {
  const sent: number[] = [];
  while (writer.awaitRoom(() => false)) sent.push(writer.next());
  return sent;
}

describe('the flow of messages to the protocol', () => {
  it('holds up who sends more than is dealt with', () => {
    const { writer } = flow();
    expect(fill(writer).length).toBeGreaterThan(1);
    let asked = 0;
    expect(writer.awaitRoom(() => ++asked < 3)).toBe(false);
    expect(asked).toBe(3);
  });

  it('goes on when the event loop of the protocol has turned, not before', async () => {
    const { writer, reader } = flow();
    const sent = fill(writer);
    for (const message of sent) reader.dealtWith(message);
    expect(writer.awaitRoom(() => false)).toBe(false);
    await turn();
    expect(fill(writer)).toHaveLength(sent.length);
  });

  it('gives as much room as was dealt with', async () => {
    const { writer, reader } = flow();
    const sent = fill(writer);
    for (const message of sent.slice(0, 5)) reader.dealtWith(message);
    await turn();
    expect(fill(writer)).toHaveLength(5);
  });

  it('tells the protocol of a message that has not come, for as long as it may', async () => {
    const { writer, reader } = flow();
    expect(reader.isUnderWay).toBe(false);
    const message = writer.next();
    expect(reader.isUnderWay).toBe(true);
    reader.dealtWith(message);
    expect(reader.isUnderWay).toBe(false);
    writer.next();
    expect(reader.isUnderWay).toBe(true);
    await pause(150);
    expect(reader.isUnderWay).toBe(false);
  });

  it('loses no room by messages that were never sent', async () => {
    const { writer, reader } = flow();
    const room = fill(writer).length;
    for (let round = 0; round < 3; round++) {
      reader.dealtWith(writer.next());
      await turn();
      expect(fill(writer)).toHaveLength(room);
    }
  });
});
