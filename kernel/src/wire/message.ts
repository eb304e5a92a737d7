import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../places/messages';

/** The version of Jupyter's messages that this kernel speaks. */
export const PROTOCOL_VERSION = '5.5';

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A message that came in. Everything but the header may still be of any shape: its handler looks at it. */
export interface Message {
  /** Who sent it: a reply begins with the same frames. */
  idents: Buffer[];
  header: Header;
  parentHeader: JsonObject;
  metadata: JsonObject;
  content: JsonObject;
  buffers: Buffer[];
}

/** A message to send. */
export interface Outgoing {
  /** Where it goes: the frames of the request on a router, the topic on iopub. */
  idents: readonly (Uint8Array | string)[];
  header: Header;
  /** The header of the request that caused it. */
  parent?: Header | undefined;
  metadata?: object | undefined;
  content: object;
  buffers?: readonly Uint8Array[] | undefined;
}

/** A name for one life of a kernel: its messages carry it. */
export function newSession(): string {
  return randomUUID();
}

let sent = 0;

/** A header of a message that this process sends; its `msg_id` is unique. */
export function newHeader(type: string, session: string): Header {
  sent += 1;
  return {
    msg_id: `${session}_${process.pid}_${sent}`,
    msg_type: type,
    session,
    username: 'kernel',
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
}

/**
 * The header as a request must have it; what old clients leave out is empty. Undefined: not one. Replies quote it whole,
 * so it may not hold more than JSON can write again: no field is an object, as those can be nested too deep.
 */
export function asHeader(value: JsonObject): Header | undefined {
  const { msg_id, msg_type } = value;
  if (typeof msg_id !== 'string' || typeof msg_type !== 'string' || msg_type === '') return undefined;
  if (Object.values(value).some((field) => typeof field === 'object' && field !== null)) return undefined;
  for (const field of ['session', 'username', 'date', 'version'] as const) {
    value[field] ??= '';
    if (typeof value[field] !== 'string') return undefined;
  }
  return value as JsonObject & Header;
}
