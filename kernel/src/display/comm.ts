import { randomUUID } from 'node:crypto';
import type { CommMessage, Json, JsonObject } from '../places/messages';
import type { Channel } from '../session/channel';
import { type Bytes, toOwnBytes } from './bytes';
import { toJson } from './json';
import { checkFunction, checkOptions, checkString } from './options';
import { nameOf } from './text';

/** What comes with the data of a comm message. */
export interface CommExtras {
  /** Bytes that travel beside the data as they are. */
  buffers?: readonly Bytes[];
  metadata?: Record<string, unknown>;
}

export interface CommReceived {
  data: Json;
  buffers: Uint8Array[];
  metadata: JsonObject;
}

export type CommHandler = (message: CommReceived) => unknown;

/** One channel between the kernel and something in the front end (a widget, a figure), closed by either side. */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #channel: Channel;
  readonly #forget: () => void;
  #closed = false;
  #handleMessage: CommHandler | undefined;
  #handleClose: CommHandler | undefined;

  constructor(channel: Channel, id: string, target: string, forget: () => void) {
    this.#channel = channel;
    this.id = id;
    this.target = target;
    this.#forget = forget;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Sends JSON, and bytes beside it. */
  send(data: unknown = {}, extras: CommExtras = {}): void {
    if (this.#closed) throw new Error(`comm.send: this comm (${this.target}) is closed; open a new one`);
    this.#publish(messageOf('message', this.id, 'comm.send', data, extras));
  }

  /** What is done with each message from the front end, now and later; a second call replaces the first. */
  onMessage(handler: CommHandler): void {
    checkFunction('comm.onMessage: the handler', handler);
    this.#handleMessage = handler;
  }

  /** What is done when the front end closes the comm; a second call replaces the first. */
  onClose(handler: CommHandler): void {
    checkFunction('comm.onClose: the handler', handler);
    this.#handleClose = handler;
  }

  /** Closes it, with a last word. Closing it again does nothing. */
  close(data: unknown = {}, extras: CommExtras = {}): void {
    if (this.#closed) return;
    const message = messageOf('close', this.id, 'comm.close', data, extras);
    this.#end();
    this.#publish(message);
  }

  /** What the front end sent; the promise is the handler's. */
  async receive(kind: 'message' | 'close', received: CommReceived): Promise<void> {
    if (kind === 'message') await this.#handleMessage?.(received);
    else {
      this.#end();
      await this.#handleClose?.(received);
    }
  }

  #end(): void {
    this.#closed = true;
    this.#forget();
  }

  #publish(message: CommMessage): void {
    this.#channel.publish({ kind: 'comm', message });
  }
}

function messageOf<K extends 'message' | 'close'>(
  kind: K,
  comm: string,
  who: string,
  data: unknown,
  extras: CommExtras,
): { kind: K; comm: string } & CommReceived {
  return { kind, comm, ...contentOf(who, data, extras) };
}

function contentOf(who: string, data: unknown, extras: CommExtras, more: string[] = []): CommReceived {
  checkOptions(who, extras, ['buffers', 'metadata', ...more]);
  const { buffers = [], metadata = {} } = extras;
  if (!Array.isArray(buffers))
    throw new TypeError(`${who}: buffers must be an array, got ${nameOf(buffers)}`);
  const json = toJson(`${who}: metadata`, metadata);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TypeError(`${who}: metadata must be an object, got ${nameOf(metadata)}`);
  const bytes = buffers.map((each, at) => toOwnBytes(`${who}: buffers[${at}]`, each));
  return { data: toJson(`${who}: the data`, data), metadata: json, buffers: bytes };
}

export type CommOpened = (comm: Comm, open: CommReceived) => unknown;

/** The kernel's side of all comms: `jupyter.comm`. */
export class Comms {
  readonly #channel: Channel;
  readonly #comms = new Map<string, Comm>();
  readonly #targets = new Map<string, CommOpened>();

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Opens a comm to what the front end has registered under this target. */
  open(target: string, data: unknown = {}, options: CommExtras & { id?: string } = {}): Comm {
    checkTarget('jupyter.comm.open', target);
    const content = contentOf('jupyter.comm.open', data, options, ['id']);
    const { id = randomUUID() } = options;
    checkString('jupyter.comm.open: id', id);
    if (this.#comms.has(id)) throw new Error(`jupyter.comm.open: a comm with the id ${id} is open already`);
    const comm = this.#add(id, target);
    this.#channel.publish({ kind: 'comm', message: { kind: 'open', comm: id, target, ...content } });
    return comm;
  }

  /** Says what is done when the front end opens a comm to this target; a second call replaces the first. */
  register(target: string, opened: CommOpened): void {
    checkTarget('jupyter.comm.register', target);
    checkFunction('jupyter.comm.register: the second argument', opened);
    this.#targets.set(target, opened);
  }

  /** Hands a message from the front end to its handler. Rejects with what the handler throws. */
  async receive(message: CommMessage): Promise<void> {
    const { comm: id, data, metadata, buffers } = message;
    const received = { data, metadata, buffers };
    if (message.kind === 'open') return this.#opened(id, message.target, received);
    // A comm from before a restart, or closed by us while the message was under way: nobody waits for it.
    await this.#comms.get(id)?.receive(message.kind, received);
  }

  async #opened(id: string, target: string, received: CommReceived): Promise<void> {
    const opened = this.#targets.get(target);
    const comm = this.#add(id, target);
    if (opened === undefined) return comm.close({ error: this.#unknown(target) });
    try {
      await opened(comm, received);
    } catch (error) {
      comm.close({ error: `opening a comm to ${target} failed in the kernel` });
      throw error;
    }
  }

  #unknown(target: string): string {
    const known = [...this.#targets.keys()].join(', ') || 'none';
    return `no comm target ${JSON.stringify(target)} is registered in the kernel (registered: ${known})`;
  }

  #add(id: string, target: string): Comm {
    const comm = new Comm(this.#channel, id, target, () => this.#comms.delete(id));
    this.#comms.set(id, comm);
    return comm;
  }
}

function checkTarget(who: string, target: unknown): void {
  checkString(`${who}: the target`, target);
  if (target === '') throw new TypeError(`${who}: the target must not be empty`);
}
