import { Router, type Socket, XPublisher } from 'zeromq';
import { CHANNELS, type Channel, type Connection, ConnectionError, endpoint } from './connection';
import type { Frame } from './framing';

/** Channels on which requests come in. */
export type RequestChannel = 'shell' | 'control' | 'stdin';

/** The kernel's five sockets. The heartbeat is answered in here. */
export interface Sockets {
  /** Begins to read the channel: messages wait until then. One handler a channel. */
  onMessage(channel: RequestChannel, handler: (frames: Buffer[]) => void): void;
  /** Each new subscriber of iopub, also to a topic that others have already. */
  onSubscription(handler: (topic: Buffer) => void): void;
  /**
   * Hands the frames to ZeroMQ, in the order of the calls. Nothing blocks, is copied or is dropped: messages lie in
   * memory until the client has taken them. Messages to clients that are gone, and after `close`, vanish.
   */
  send(channel: RequestChannel | 'iopub', frames: Frame[]): void;
  /**
   * Closes all sockets; what was sent still leaves, for at most `LINGER` milliseconds, in which `process.exit` waits.
   * To be awaited before the process or the worker ends, which would abort otherwise.
   */
  close(): Promise<void>;
}

/** What goes wrong inside a handler, or in ZeroMQ, must not stop the reading of the channel. */
export type FaultHandler = (error: unknown, channel: Channel) => void;

/** Milliseconds that the last messages have for leaving: a client that is gone must not hold up the exit. */
const LINGER = 1000;

/** Milliseconds after which a socket is read again that could not be. */
const RETRY = 100;

/** Larger frames than this (1 GiB) end the connection of who sends them: a frame's length is only a claim at first. */
const LARGEST_FRAME = 2 ** 30;
const LARGEST_SUBSCRIPTION = 2 ** 16;

/** No message is ever dropped for a slow client, so `send` never has to wait: it never fails for being busy. */
const UNLIMITED = { sendHighWaterMark: 0, sendTimeout: 0, linger: LINGER } as const;

/** @throws ConnectionError when an address can not be bound; none of the sockets is open then. */
export async function openSockets(connection: Connection, onFault: FaultHandler = warn): Promise<Sockets> {
  const options = { ...UNLIMITED, ...encryption(connection), ipv6: connection.ip.includes(':') };
  const router = (): Router => new Router({ ...options, handover: true, maxMessageSize: LARGEST_FRAME });
  const iopub = new XPublisher({ ...options, maxMessageSize: LARGEST_SUBSCRIPTION });
  // A reader of `iopub_welcome` must get it, also when another client has subscribed to the same.
  iopub.verbosity = 'allSubs';
  const sockets = { shell: router(), control: router(), stdin: router(), hb: router(), iopub };
  await bindAll(sockets, connection);
  return new Open(sockets, onFault);
}

type ByChannel = Record<Exclude<Channel, 'iopub'>, Router> & { iopub: XPublisher };

class Open implements Sockets {
  readonly #sockets: ByChannel;
  readonly #onFault: FaultHandler;
  readonly #readers: Promise<void>[] = [];

  constructor(sockets: ByChannel, onFault: FaultHandler) {
    this.#sockets = sockets;
    this.#onFault = onFault;
    this.#read('hb', (frames) => this.#send('hb', frames));
  }

  onMessage(channel: RequestChannel, handler: (frames: Buffer[]) => void): void {
    this.#read(channel, handler);
  }

  onSubscription(handler: (topic: Buffer) => void): void {
    this.#read('iopub', ([frame, ...more]) => {
      if (frame?.[0] === 1 && more.length === 0) handler(frame.subarray(1));
    });
  }

  send(channel: RequestChannel | 'iopub', frames: Frame[]): void {
    this.#send(channel, frames);
  }

  async close(): Promise<void> {
    for (const socket of Object.values(this.#sockets)) socket.close();
    await Promise.all(this.#readers);
  }

  #send(channel: Channel, frames: Frame[]): void {
    const socket = this.#sockets[channel];
    if (socket.closed) return;
    socket.send(frames).catch((error) => this.#onFault(error, channel));
  }

  #read(channel: Channel, handler: (frames: Buffer[]) => void): void {
    this.#readers.push(this.#readAll(channel, handler));
  }

  async #readAll(channel: Channel, handler: (frames: Buffer[]) => void): Promise<void> {
    const socket = this.#sockets[channel];
    while (!socket.closed) {
      const frames = await socket.receive().catch((error) => this.#failed(error, channel));
      if (frames) this.#handle(frames, channel, handler);
    }
  }

  /** Closing ends the `receive` that waits, with an error of its own. Any other must not be tried again at once. */
  async #failed(error: unknown, channel: Channel): Promise<undefined> {
    if (this.#sockets[channel].closed) return;
    this.#onFault(error, channel);
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }

  #handle(frames: Buffer[], channel: Channel, handler: (frames: Buffer[]) => void): void {
    try {
      handler(frames);
    } catch (error) {
      this.#onFault(error, channel);
    }
  }
}

/** As the server whose public key the front ends know; who they are, the signatures say. */
function encryption({ curve }: Connection): object {
  if (!curve) return {};
  return { curveServer: true, curvePublicKey: curve.publicKey, curveSecretKey: curve.secretKey };
}

async function bindAll(sockets: ByChannel, connection: Connection): Promise<void> {
  for (const channel of CHANNELS) {
    const address = endpoint(connection, channel);
    try {
      await sockets[channel].bind(address);
    } catch (error) {
      for (const socket of Object.values<Socket>(sockets)) socket.close();
      throw new ConnectionError(bindProblem(channel, address, error as NodeJS.ErrnoException));
    }
  }
}

function bindProblem(channel: Channel, address: string, { code, message }: NodeJS.ErrnoException): string {
  const start = `The kernel can not listen on ${address} (${channel}): `;
  if (code === 'EADDRINUSE') {
    return `${start}another program does. Start the kernel again, so that Jupyter chooses other ports.`;
  }
  return `${start}${message} (${code}). Expected an address of this machine in the connection file.`;
}

function warn(error: unknown, channel: Channel): void {
  process.emitWarning(`${channel}: ${error instanceof Error ? error.message : String(error)}`, 'WireWarning');
}
