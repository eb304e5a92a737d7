import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { curveKeyPair, Dealer, Request, Subscriber } from 'zeromq';
import { CHANNELS, type Channel, type Connection, ConnectionError, endpoint } from './connection';
import { openSockets, type Sockets } from './sockets';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** Ports that were free a moment ago. */
async function freePorts(): Promise<number[]> {
  const servers = CHANNELS.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function connectionTo(fields: Partial<Connection> = {}): Promise<Connection> {
  const [shell = 0, iopub = 0, stdin = 0, control = 0, hb = 0] = await freePorts();
  const ports = { shell, iopub, stdin, control, hb };
  return { transport: 'tcp', ip: '127.0.0.1', ports, key: '', hash: 'sha256', ...fields };
}

interface Opened {
  sockets: Sockets;
  connection: Connection;
  faults: [string, Channel][];
}

async function open(fields: Partial<Connection> = {}): Promise<Opened> {
  const connection = await connectionTo(fields);
  const faults: [string, Channel][] = [];
  const sockets = await openSockets(connection, (error, channel) =>
    faults.push([(error as Error).message, channel]),
  );
  cleanUp.push(() => sockets.close());
  return { sockets, connection, faults };
}

type Client = Dealer | Request | Subscriber;

function client<T extends Client>(socket: T, connection: Connection, channel: Channel): T {
  socket.linger = 0;
  socket.receiveTimeout = 20_000;
  socket.connect(endpoint(connection, channel));
  cleanUp.push(() => socket.close());
  return socket;
}

const dealer = (connection: Connection, channel: Channel, routingId?: string): Dealer =>
  client(new Dealer(routingId === undefined ? {} : { routingId }), connection, channel);

/** A subscriber whose messages are not lost for coming early. */
async function subscriber({ sockets, connection }: Opened, topic = ''): Promise<Subscriber> {
  const subscribed = new Promise((resolve) => sockets.onSubscription(resolve));
  const socket = client(new Subscriber({ receiveHighWaterMark: 0 }), connection, 'iopub');
  socket.subscribe(topic);
  await subscribed;
  return socket;
}

const texts = (frames: Buffer[]): string[] => frames.map(String);

describe('the request channels', () => {
  it('each bring messages with their sender, and a reply finds it', async () => {
    const { sockets, connection } = await open();
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      sockets.onMessage(channel, ([who, ...rest]) => sockets.send(channel, [who!, channel, ...rest]));
      const asker = dealer(connection, channel);
      await asker.send(['a', '']);
      expect(texts(await asker.receive())).toEqual([channel, 'a', '']);
    }
  });

  it('keep what comes before anybody listens', async () => {
    const { sockets, connection } = await open();
    const asker = dealer(connection, 'shell', 'early');
    await asker.send('1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const got = new Promise<Buffer[]>((resolve) => sockets.onMessage('shell', resolve));
    expect(texts(await got)).toEqual(['early', '1']);
  });

  it('send thousands of messages in one go, in order', async () => {
    const { sockets, connection } = await open();
    sockets.onMessage('shell', ([who]) => {
      for (let n = 0; n < 20_000; n++) sockets.send('shell', [who!, String(n)]);
    });
    const asker = dealer(connection, 'shell');
    await asker.send('go');
    for (let n = 0; n < 20_000; n++) expect(String((await asker.receive())[0])).toBe(String(n));
  });

  it('go on after a handler has thrown, and say so', async () => {
    const { sockets, connection, faults } = await open();
    sockets.onMessage('control', ([who, text]) => {
      if (String(text) === 'bad') throw new Error('no');
      sockets.send('control', [who!, 'fine']);
    });
    const asker = dealer(connection, 'control');
    await asker.send('bad');
    await asker.send('good');
    expect(texts(await asker.receive())).toEqual(['fine']);
    expect(faults).toEqual([['no', 'control']]);
  });

  it('hand over to a client that comes back under its old name', async () => {
    const { sockets, connection } = await open();
    sockets.onMessage('stdin', ([who]) => sockets.send('stdin', [who!, 'you']));
    const first = dealer(connection, 'stdin', 'me');
    await first.send('hello');
    await first.receive();
    const second = dealer(connection, 'stdin', 'me');
    await second.send('hello again');
    expect(texts(await second.receive())).toEqual(['you']);
  });

  it('forget a reply to nobody', async () => {
    const { sockets, connection, faults } = await open();
    sockets.onMessage('shell', ([who]) => {
      for (const to of ['nobody', '', who!]) sockets.send('shell', [to, 'x']);
    });
    const asker = dealer(connection, 'shell');
    await asker.send('go');
    expect(texts(await asker.receive())).toEqual(['x']);
    expect(faults).toEqual([]);
  });

  it('take nothing more once they are closed, in silence', async () => {
    const { sockets, faults } = await open();
    await sockets.close();
    sockets.send('shell', ['a', 'b']);
    sockets.send('iopub', ['a']);
    await sockets.close();
    expect(faults).toEqual([]);
  });

  it('survive 200,000 frames in one message, and one of 64 MB', async () => {
    const { sockets, connection } = await open();
    sockets.onMessage('shell', ([who, ...rest]) =>
      sockets.send('shell', [who!, String(rest.length), String(rest.at(-1)!.length)]),
    );
    const asker = dealer(connection, 'shell');
    await asker.send(Array.from({ length: 200_000 }, () => 'x'));
    expect(texts(await asker.receive())).toEqual(['200000', '1']);
    await asker.send(Buffer.alloc(2 ** 26));
    expect(texts(await asker.receive())).toEqual(['1', String(2 ** 26)]);
  });
});

describe('iopub', () => {
  it('reports each subscriber, also the second to the same topic', async () => {
    const { sockets, connection } = await open();
    const topics: string[] = [];
    let report = (): void => {};
    sockets.onSubscription((topic) => {
      topics.push(String(topic));
      report();
    });
    for (const topic of ['', '', 'kernel.1.stream']) {
      const reported = new Promise<void>((resolve) => {
        report = resolve;
      });
      client(new Subscriber(), connection, 'iopub').subscribe(topic);
      await reported;
    }
    expect(topics).toEqual(['', '', 'kernel.1.stream']);
  });

  it('loses nothing of 20,000 messages sent in one go to a slow subscriber', async () => {
    const opened = await open();
    const reader = await subscriber(opened);
    for (let n = 0; n < 20_000; n++) opened.sockets.send('iopub', ['topic', String(n), '']);
    for (let n = 0; n < 20_000; n++) expect(texts(await reader.receive())).toEqual(['topic', String(n), '']);
  });

  it('sends to those who subscribed to the topic', async () => {
    const opened = await open();
    const reader = await subscriber(opened, 'status');
    for (const topic of ['stream', 'status', 'statu', 'status2']) opened.sockets.send('iopub', [topic]);
    expect(texts(await reader.receive())).toEqual(['status']);
    expect(texts(await reader.receive())).toEqual(['status2']);
  });
});

describe('the heartbeat', () => {
  it('comes back as it was sent', async () => {
    const { connection } = await open();
    const heart = client(new Request(), connection, 'hb');
    for (const beat of ['ping', '', 'x'.repeat(100_000)]) {
      await heart.send(beat);
      expect(texts(await heart.receive())).toEqual([beat]);
    }
  });
});

describe('with keys for encryption', () => {
  it('all sockets talk to who knows the public key, and to nobody else', async () => {
    const curve = curveKeyPair();
    const { sockets, connection } = await open({ curve });
    sockets.onMessage('shell', (frames) => sockets.send('shell', frames));
    sockets.onSubscription((topic) => sockets.send('iopub', [topic, 'welcome']));
    const own = curveKeyPair();
    const keys = {
      curveServerKey: curve.publicKey,
      curvePublicKey: own.publicKey,
      curveSecretKey: own.secretKey,
    };
    const asker = client(new Dealer(keys), connection, 'shell');
    await asker.send('secret');
    expect(texts(await asker.receive())).toEqual(['secret']);
    const reader = client(new Subscriber(keys), connection, 'iopub');
    reader.subscribe('');
    expect(texts(await reader.receive())).toEqual(['', 'welcome']);
    const heart = client(new Request(keys), connection, 'hb');
    await heart.send('ping');
    expect(texts(await heart.receive())).toEqual(['ping']);
    const stranger = dealer(connection, 'shell');
    stranger.receiveTimeout = 500;
    await stranger.send('hello');
    await expect(stranger.receive()).rejects.toThrow();
  });
});

describe('opening', () => {
  it('says which port is taken and leaves no other one open', async () => {
    const { connection } = await open();
    const other = await connectionTo();
    const ports = { ...other.ports, hb: connection.ports.control };
    const refused = openSockets({ ...other, ports });
    await expect(refused).rejects.toThrow(ConnectionError);
    await expect(refused).rejects.toThrow(
      `can not listen on tcp://127.0.0.1:${connection.ports.control} (hb): another program does.`,
    );
    const sockets = await openSockets(other);
    await sockets.close();
  });

  it('says when the address is not of this machine', async () => {
    const connection = await connectionTo({ ip: '192.0.2.1' });
    await expect(openSockets(connection)).rejects.toThrow(
      /tcp:\/\/192\.0\.2\.1:\d+ \(shell\): .*\(E[A-Z]+\)/,
    );
  });

  it('listens at the given address alone', async () => {
    const { connection } = await open({ ip: '127.0.0.2' });
    const reached = (ip: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect(connection.ports.shell, ip, () => resolve(true));
        socket.once('error', () => resolve(false));
        cleanUp.push(() => socket.destroy());
      });
    expect(await reached('127.0.0.2')).toBe(true);
    expect(await reached('127.0.0.1')).toBe(false);
  });

  it.runIf(process.platform !== 'win32')('works by ipc, too', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'losslab-ipc-'));
    cleanUp.push(() => rmSync(folder, { recursive: true }));
    const ports = { shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 };
    const { sockets, connection } = await open({ transport: 'ipc', ip: path.join(folder, 'k'), ports });
    sockets.onMessage('shell', (frames) => sockets.send('shell', frames));
    const asker = dealer(connection, 'shell');
    await asker.send('x');
    expect(texts(await asker.receive())).toEqual(['x']);
  });
});
