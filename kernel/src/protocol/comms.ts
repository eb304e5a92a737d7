import type { CommMessage, Json, JsonObject } from '../places/messages';
import { field, type Request } from './requests';

/** Which comms are open, whoever opened them: comm_info is answered without asking the user's code. */
export class Comms {
  readonly #targets = new Map<string, string>();

  note(message: CommMessage): void {
    if (message.kind === 'open') this.#targets.set(message.comm, message.target);
    if (message.kind === 'close') this.#targets.delete(message.comm);
  }

  info(target: string | undefined): Record<string, { target_name: string }> {
    const open = [...this.#targets].filter(([, name]) => target === undefined || name === target);
    return Object.fromEntries(open.map(([comm, target_name]) => [comm, { target_name }]));
  }
}

/** A comm message from the front end. @throws BadRequest */
export function commMessage({ message, content }: Request): CommMessage {
  const shared = {
    comm: field(content, 'comm_id', 'string'),
    data: (content.data ?? {}) as Json,
    metadata: message.metadata as JsonObject,
    buffers: message.buffers,
  };
  if (message.header.msg_type === 'comm_msg') return { kind: 'message', ...shared };
  if (message.header.msg_type === 'comm_close') return { kind: 'close', ...shared };
  return { kind: 'open', target: field(content, 'target_name', 'string'), ...shared };
}

const TYPES = { open: 'comm_open', message: 'comm_msg', close: 'comm_close' } as const;

/** The same to the front end: type and content; metadata and buffers travel beside them. */
export function commContent(message: CommMessage): { type: string; content: object } {
  const content = { comm_id: message.comm, data: message.data };
  const target = message.kind === 'open' ? { target_name: message.target } : {};
  return { type: TYPES[message.kind], content: { ...content, ...target } };
}
