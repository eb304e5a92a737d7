import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dealer } from 'zeromq';
import { Codec } from '../../../kernel/src/wire/codec';
import { type Message, newHeader } from '../../../kernel/src/wire/message';
import { run } from '../output/run';
import { type KernelClient, startKernel } from '../wire/client';

const COUNT = 10_000;

describe('10,000 comm messages', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await startKernel();
  });
  afterAll(async () => {
    await kernel.shutDown();
  });

  const isLast = (message: Message): boolean =>
    message.header.msg_type === 'comm_msg' && (message.content.data as { n: number }).n === COUNT - 1;
  const echoed = () => kernel.published.filter(({ header }) => header.msg_type === 'comm_msg');

  it('to the kernel are answered in order, with their buffers', async () => {
    await run(
      kernel,
      `jupyter.comm.register('echo', (comm) => {
        comm.onMessage(({ data, buffers }) => comm.send(data, { buffers }));
      });`,
    );
    const codec = new Codec(kernel.connection);
    const shell = kernel.connect(new Dealer({ sendHighWaterMark: 0 }), 'shell');
    const send = (type: string, content: object, buffers: Uint8Array[] = []) =>
      shell.send(
        codec.encode({ idents: [], header: newHeader(type, 'comms'), content, buffers }) as Buffer[],
      );
    await send('comm_open', { comm_id: 'a', target_name: 'echo', data: {} });
    for (let n = 0; n < COUNT; n++)
      await send('comm_msg', { comm_id: 'a', data: { n } }, [Uint8Array.of(n, n >> 8)]);
    await kernel.until(() => kernel.published.slice(-5).some(isLast), 50);
    shell.close();
    const numbers = echoed().map(({ content, buffers: [first] }) => [
      (content.data as { n: number }).n,
      (first?.[0] ?? 0) + 256 * (first?.[1] ?? 0),
    ]);
    expect(numbers).toEqual(Array.from({ length: COUNT }, (_, n) => [n, n]));
  });

  it('from one cell come in order', async () => {
    const before = echoed().length;
    await run(
      kernel,
      `const comm = jupyter.comm.open('front end', {});
      for (let n = 0; n < ${COUNT}; n++) comm.send({ n });`,
    );
    const numbers = echoed().slice(before);
    expect(numbers.map(({ content }) => (content.data as { n: number }).n)).toEqual(
      Array.from({ length: COUNT }, (_, n) => n),
    );
  });
});
