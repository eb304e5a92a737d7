import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dealer, Request, type Socket, Subscriber } from 'zeromq';
import { losslabSpec } from '../../../kernel/src/install/spec';
import { Codec } from '../../../kernel/src/wire/codec';
import { type Connection, endpoint, readConnection } from '../../../kernel/src/wire/connection';
import { type Message, newHeader } from '../../../kernel/src/wire/message';
import { writeConnection } from './connections';

type RequestChannel = 'shell' | 'control' | 'stdin';

export interface CellRun {
  reply: Message;
  /** What iopub had for the cell until it was idle. */
  published: Message[];
}

/** A kernel's process and a front end of it. */
export class KernelClient {
  readonly connection: Connection;
  readonly child: ChildProcess;
  /** What the process printed on its own descriptors. */
  printed = '';
  /** All that came on iopub, and on the request channels, and nobody has asked for yet. */
  readonly published: Message[] = [];
  readonly #codec: Codec;
  readonly #sockets: Record<RequestChannel, Dealer>;
  readonly #iopub: Subscriber;
  readonly #waiting = new Map<string, (reply: Message) => void>();
  /** The requests that the kernel is done with. */
  readonly #idle = new Set<string>();
  #arrived: () => void = () => {};

  constructor(child: ChildProcess, connection: Connection) {
    this.child = child;
    this.connection = connection;
    this.#codec = new Codec(connection);
    child.stdout?.on('data', (text) => {
      this.printed += text;
    });
    child.stderr?.on('data', (text) => {
      this.printed += text;
    });
    const dealer = (channel: RequestChannel): Dealer =>
      this.connect(new Dealer({ routingId: 'client' }), channel);
    this.#sockets = { shell: dealer('shell'), control: dealer('control'), stdin: dealer('stdin') };
    for (const channel of ['shell', 'control', 'stdin'] as const)
      void this.#readReplies(this.#sockets[channel]);
    this.#iopub = this.connect(new Subscriber({ receiveHighWaterMark: 0 }), 'iopub');
    this.#iopub.subscribe('');
    void this.#readIopub();
  }

  connect<T extends Socket & { connect(address: string): void }>(
    socket: T,
    channel: keyof Connection['ports'],
  ): T {
    socket.linger = 0;
    socket.connect(endpoint(this.connection, channel));
    return socket;
  }

  /** Sends a request and waits for its reply. */
  async request(channel: RequestChannel, type: string, content: object, seconds = 30): Promise<Message> {
    const header = newHeader(type, 'client');
    const reply = new Promise<Message>((resolve, reject) => {
      this.#waiting.set(header.msg_id, resolve);
      setTimeout(() => reject(new Error(`No reply to ${type} in ${seconds} s`)), seconds * 1000).unref();
    });
    await this.#sockets[channel].send(this.#codec.encode({ idents: [], header, content }) as Buffer[]);
    return reply;
  }

  /** Runs a cell until the kernel is idle again. */
  async execute(code: string, content: object = {}): Promise<CellRun> {
    const reply = await this.request('shell', 'execute_request', { code, silent: false, ...content });
    const id = String(reply.parentHeader.msg_id);
    await this.until(() => this.#idle.has(id));
    return { reply, published: this.published.filter(({ parentHeader }) => parentHeader.msg_id === id) };
  }

  /** Waits until what came on iopub is enough. */
  async until(isEnough: () => boolean, seconds = 30): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!isEnough()) {
      if (Date.now() > deadline) throw new Error(`iopub: not all that was expected came in ${seconds} s`);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
        setTimeout(resolve, 1000);
      });
    }
  }

  /** Whether the heart answers. */
  async beats(): Promise<boolean> {
    const heart = this.connect(new Request({ receiveTimeout: 10_000 }), 'hb');
    await heart.send('ping');
    const [echo] = await heart.receive();
    heart.close();
    return String(echo) === 'ping';
  }

  /** Shuts the kernel down. @returns how its process ended */
  async shutDown(): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
    const { child } = this;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    if (child.exitCode === null && child.signalCode === null) {
      await this.request('control', 'shutdown_request', { restart: false }).catch(() =>
        child.kill('SIGKILL'),
      );
      await ended;
    }
    for (const socket of [...Object.values(this.#sockets), this.#iopub]) socket.close();
    return { status: child.exitCode, signal: child.signalCode };
  }

  async #readReplies(socket: Dealer): Promise<void> {
    for await (const frames of socket) {
      const message = this.#read(frames);
      this.#waiting.get(String(message.parentHeader.msg_id))?.(message);
    }
  }

  async #readIopub(): Promise<void> {
    for await (const frames of this.#iopub) {
      const message = this.#read(frames);
      this.published.push(message);
      if (message.content.execution_state === 'idle') this.#idle.add(String(message.parentHeader.msg_id));
      this.#arrived();
    }
  }

  #read(frames: Buffer[]): Message {
    const decoded = this.#codec.decode(frames);
    if ('refused' in decoded) throw new Error(`The kernel sent a message that is ${decoded.refused}`);
    return decoded.message;
  }
}

export interface StartOptions {
  node?: string;
  nodeOptions?: string[];
  env?: Record<string, string>;
  /** Arguments before the connection file: another program than the kernel. */
  program?: string[];
}

/** Ports are chosen when they are free, and may be taken before the kernel has them: it ends with status 1 then. */
const TRIES = 3;

/** Starts the kernel as its kernelspec says, in a folder of its own. */
export async function startKernel(options: StartOptions = {}): Promise<KernelClient> {
  for (let left = TRIES; ; left--) {
    const client = await startOnce(options);
    try {
      await client.until(
        () =>
          client.child.exitCode !== null ||
          client.published.some(({ header }) => header.msg_type === 'iopub_welcome'),
      );
      if (client.child.exitCode === 1 && left > 1) {
        await client.shutDown();
        continue;
      }
      await client.request('shell', 'kernel_info_request', {});
      return client;
    } catch (error) {
      client.child.kill('SIGKILL');
      throw new Error(`The kernel did not start: ${client.printed}`, { cause: error });
    }
  }
}

async function startOnce({ node, nodeOptions, env = {}, program }: StartOptions): Promise<KernelClient> {
  const folder = mkdtempSync(path.join(tmpdir(), 'losslab-kernel-'));
  const file = path.join(folder, 'connection.json');
  await writeConnection(file);
  const spec = losslabSpec({ node, nodeOptions });
  const [command = '', ...args] = program ? [...program, file] : spec.argv;
  const child = spawn(
    command,
    args.map((arg) => arg.replace('{connection_file}', file)),
    {
      cwd: folder,
      env: {
        ...process.env,
        ...spec.env,
        LOSSLAB_KERNEL_DATA: folder,
        JPY_PARENT_PID: String(process.pid),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  child.once('close', () => rmSync(folder, { recursive: true, force: true }));
  return new KernelClient(child, readConnection(file));
}
