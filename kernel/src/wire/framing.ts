/** How Jupyter lays a message out in frames: identities, delimiter, signature, four JSON texts, binary buffers. */

export type Frame = Uint8Array | string;

const DELIMITER = '<IDS|MSG>';
const DELIMITER_BYTES = Buffer.from(DELIMITER);
const JSON_FRAMES = 4;

/** The frames of one message, not looked into yet. */
export interface Framed {
  idents: Buffer[];
  signature: Buffer;
  /** Header, parent header, metadata, content: what the signature covers. */
  texts: [Buffer, Buffer, Buffer, Buffer];
  buffers: Buffer[];
}

/** Undefined when there is no delimiter, or too little behind it. */
export function splitFrames(frames: readonly Buffer[]): Framed | undefined {
  const at = frames.findIndex((frame) => frame.equals(DELIMITER_BYTES));
  const [signature, header, parent, metadata, content] = frames.slice(at + 1, at + 2 + JSON_FRAMES);
  if (at < 0 || !signature || !header || !parent || !metadata || !content) return undefined;
  return {
    idents: frames.slice(0, at),
    signature,
    texts: [header, parent, metadata, content],
    buffers: frames.slice(at + 2 + JSON_FRAMES),
  };
}

export function joinFrames(
  idents: readonly Frame[],
  signature: string,
  texts: readonly [string, string, string, string],
  buffers: readonly Uint8Array[],
): Frame[] {
  return [...idents, DELIMITER, signature, ...texts, ...buffers];
}
