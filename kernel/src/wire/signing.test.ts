import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { goldenMessages } from '../../../tests/kernel/wire/goldenMessages';
import { splitFrames } from './framing';
import { Signer } from './signing';

const TEXTS = ['{"a":1}', '{}', '{}', '{"π":"𝒳"}'];
const BYTES = TEXTS.map((text) => Buffer.from(text));

describe('a signature', () => {
  it.each(goldenMessages())("of $name is jupyter_client's", ({ key, hash, frames }) => {
    const { signature, texts } = splitFrames(frames)!;
    expect(new Signer(key, hash).sign(texts)).toBe(signature.toString());
    expect(new Signer(key, hash).sign(texts.map(String))).toBe(signature.toString());
  });

  it('is verified, and any change of it or of a text is found', () => {
    const signer = new Signer('key', 'sha256');
    const right = signer.sign(TEXTS);
    expect(signer.verify(BYTES, Buffer.from(right))).toBe(true);
    for (let place = 0; place < right.length; place++) {
      const wrong = Buffer.from(right);
      wrong.writeUInt8((wrong.readUInt8(place) ^ 1) & 255, place);
      expect(signer.verify(BYTES, wrong)).toBe(false);
    }
    expect(signer.verify([...BYTES.slice(1), Buffer.from('{"a":1}')], Buffer.from(right))).toBe(false);
  });

  it('of another length is wrong, also when it begins or ends well', () => {
    const signer = new Signer('key', 'sha256');
    const right = signer.sign(TEXTS);
    for (const wrong of [
      '',
      right.slice(1),
      right.slice(0, -1),
      `${right}0`,
      `${right}\0`,
      right.repeat(1000),
    ]) {
      expect(signer.verify(BYTES, Buffer.from(wrong))).toBe(false);
    }
    expect(signer.verify(BYTES, Buffer.from(right.toUpperCase()))).toBe(false);
  });
});

describe('a signer', () => {
  it('without a key signs nothing and takes everything', () => {
    const signer = new Signer('', 'sha256');
    expect(signer.signs).toBe(false);
    expect(signer.sign(TEXTS)).toBe('');
    expect(signer.verify(BYTES, Buffer.from('anything'))).toBe(true);
  });

  it('does not show its key when it is printed', () => {
    const signer = new Signer('very-secret', 'sha256');
    expect(inspect(signer, { depth: 9, showHidden: true })).not.toContain('very-secret');
    expect(JSON.stringify(signer)).not.toContain('very-secret');
  });
});
