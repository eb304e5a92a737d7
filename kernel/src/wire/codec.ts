import type { JsonObject } from '../places/messages';
import type { Connection } from './connection';
import { type Frame, joinFrames, splitFrames } from './framing';
import { asHeader, type Header, type Message, type Outgoing } from './message';
import { Replays } from './replays';
import { Signer } from './signing';

/**
 * Why a message is dropped: its frames are no message's, its signature is wrong, it was sent before, or what it holds
 * is not four JSON objects with a header first.
 */
export type Refusal = 'malformed' | 'forged' | 'replayed' | 'garbled';

export type Decoded = { message: Message } | { refused: Refusal };

/** Messages to frames and back, signed with the connection's key. */
export class Codec {
  /** How many messages were dropped, and why: all that is ever said about them. */
  readonly dropped: Record<Refusal, number> = { malformed: 0, forged: 0, replayed: 0, garbled: 0 };
  readonly #signer: Signer;
  readonly #replays = new Replays();
  /** A cell's messages all name the same parent. */
  readonly #parents = new WeakMap<Header, string>();

  constructor({ key, hash }: Pick<Connection, 'key' | 'hash'>) {
    this.#signer = new Signer(key, hash);
  }

  /** Never throws, whatever came. */
  decode(frames: readonly Buffer[]): Decoded {
    const decoded = this.#decode(frames);
    if ('refused' in decoded) this.dropped[decoded.refused] += 1;
    return decoded;
  }

  /** @throws TypeError when content or metadata can not be JSON (a BigInt, a cycle) */
  encode({ idents, header, parent, metadata, content, buffers = [] }: Outgoing): Frame[] {
    const texts: [string, string, string, string] = [
      toJson(header),
      parent ? this.#parent(parent) : '{}',
      metadata ? toJson(metadata) : '{}',
      toJson(content),
    ];
    return joinFrames(idents, this.#signer.sign(texts), texts, buffers);
  }

  #decode(frames: readonly Buffer[]): Decoded {
    const framed = splitFrames(frames);
    if (!framed) return { refused: 'malformed' };
    const { idents, signature, texts, buffers } = framed;
    if (!this.#signer.verify(texts, signature)) return { refused: 'forged' };
    if (this.#signer.signs && this.#replays.seen(signature)) return { refused: 'replayed' };
    const [first, parentHeader, metadata, content] = texts.map(parseObject);
    const header = first && asHeader(first);
    if (!header || !parentHeader || !metadata || !content) return { refused: 'garbled' };
    return { message: { idents, header, parentHeader, metadata, content, buffers } };
  }

  #parent(header: Header): string {
    let text = this.#parents.get(header);
    if (text === undefined) {
      text = toJson(header);
      this.#parents.set(header, text);
    }
    return text;
  }
}

function parseObject(text: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    // Not JSON, or longer than a string may be.
    return undefined;
  }
}

/**
 * JSON that every client can read: half a surrogate pair, which `JSON.stringify` writes as an escape, breaks Python
 * programs once they store it as UTF-8.
 */
function toJson(value: object): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\ud')) return text;
  return text.replace(/\\(?:ud[89a-f][0-9a-f]{2}|[\s\S])/g, (found) => (found.length > 2 ? '\ufffd' : found));
}
