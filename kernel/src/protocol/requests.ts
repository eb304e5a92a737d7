import type { CellError } from '../places/messages';
import type { Message } from '../wire/message';
import type { Post } from './post';

/** A message that wants an answer, on the channel it came by. */
export interface Request {
  channel: 'shell' | 'control';
  message: Message;
  content: Record<string, unknown>;
}

export function reply(post: Post, { channel, message }: Request, content: object): void {
  const type = message.header.msg_type.replace(/_request$/, '_reply');
  post({ channel, type, content, parent: message.header, idents: message.idents });
}

/** A request whose content is not what the protocol says. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

export function errorContent(error: CellError): object {
  return { status: 'error', ...error };
}

/** An error of the kernel's own or of the request, as replies carry it. */
export function asCellError(error: unknown): CellError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}

type Kind = 'string' | 'number' | 'boolean' | 'object';
type ValueOf<K extends Kind> = K extends 'string'
  ? string
  : K extends 'number'
    ? number
    : K extends 'boolean'
      ? boolean
      : Record<string, unknown>;

/** Reads one field of a request's content. @throws BadRequest that names the field and what came */
export function field<K extends Kind>(
  content: Record<string, unknown>,
  name: string,
  kind: K,
  fallback?: ValueOf<K>,
): ValueOf<K> {
  const value = content[name];
  if (value === undefined && fallback !== undefined) return fallback;
  const isRight = typeof value === kind && value !== null && !Array.isArray(value);
  if (isRight) return value as ValueOf<K>;
  const came = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  throw new BadRequest(`${name}: expected ${kind === 'object' ? 'an object' : `a ${kind}`}, got ${came}`);
}
