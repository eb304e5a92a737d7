import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface GoldenMessage {
  name: string;
  key: string;
  hash: string;
  frames: Buffer[];
  content: Record<string, unknown>;
}

/** What jupyter_client puts on the wire (`golden/make.py`). */
export function goldenMessages(): GoldenMessage[] {
  const text = readFileSync(path.join(__dirname, 'golden', 'messages.json'), 'utf8');
  const cases: {
    name: string;
    key: string;
    scheme: string;
    frames: string[];
    content: Record<string, unknown>;
  }[] = JSON.parse(text);
  return cases.map(({ scheme, frames, ...rest }) => ({
    ...rest,
    hash: scheme.replace('hmac-', ''),
    frames: frames.map((frame) => Buffer.from(frame, 'base64')),
  }));
}
