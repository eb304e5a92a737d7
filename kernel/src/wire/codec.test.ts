import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { goldenMessages } from '../../../tests/kernel/wire/goldenMessages';
import { Codec } from './codec';
import type { Frame } from './framing';
import { type Header, newHeader, type Outgoing, PROTOCOL_VERSION } from './message';
import { Signer } from './signing';

const KEY = { key: 'a-key', hash: 'sha256' };
const header = newHeader('execute_request', 'me');

const bytes = (frames: Frame[]): Buffer[] => frames.map((frame) => Buffer.from(frame as string));

function sent(message: Partial<Outgoing> = {}): Buffer[] {
  return bytes(new Codec(KEY).encode({ idents: ['who'], header, content: { code: '1' }, ...message }));
}

/** Frames whose signature is right, whatever they hold. */
function signed(...texts: (string | Buffer)[]): Buffer[] {
  const parts = texts.map((text) => Buffer.from(text as string));
  return [Buffer.from('<IDS|MSG>'), Buffer.from(new Signer(KEY.key, KEY.hash).sign(parts)), ...parts];
}

function refusal(frames: Buffer[], codec: Codec = new Codec(KEY)): string | undefined {
  const decoded = codec.decode(frames);
  return 'refused' in decoded ? decoded.refused : undefined;
}

describe('a message', () => {
  it.each(goldenMessages())("of jupyter_client's ($name) is read", ({ key, hash, frames, content }) => {
    const decoded = new Codec({ key, hash }).decode(frames);
    expect(decoded).toMatchObject({
      message: {
        content,
        metadata: { cellId: 'a1' },
        header: { msg_type: 'execute_request', username: 'ada' },
      },
    });
  });

  it('comes back as it was sent, with its buffers', () => {
    const parent = newHeader('comm_open', 'them');
    const buffers = [Buffer.from([0, 255]), Buffer.alloc(0)];
    const decoded = new Codec(KEY).decode(sent({ parent, metadata: { a: null }, buffers }));
    expect(decoded).toEqual({
      message: {
        idents: [Buffer.from('who')],
        header,
        parentHeader: parent,
        metadata: { a: null },
        content: { code: '1' },
        buffers,
      },
    });
  });

  it('with half a surrogate pair is written so that Python can store it', () => {
    const content = { a: 'x\ud800y', b: '\udc00', c: '😀', d: '\\ud800', '\udfff': '\\\udfff' };
    const decoded = new Codec(KEY).decode(sent({ content }));
    expect(decoded).toMatchObject({
      message: {
        content: { a: 'x\ufffdy', b: '\ufffd', c: '😀', d: '\\ud800', '\ufffd': '\\\ufffd' },
      },
    });
  });

  it('that can not be JSON throws at its sender', () => {
    expect(() => sent({ content: { n: 1n } })).toThrow(TypeError);
  });

  it('has a header of its own, of this protocol', () => {
    const other = newHeader('status', 'me');
    expect(other.msg_id).not.toBe(header.msg_id);
    expect(other).toMatchObject({ msg_type: 'status', session: 'me', version: PROTOCOL_VERSION });
    expect(new Date(other.date).toISOString()).toBe(other.date);
  });
});

describe('a message that is dropped', () => {
  const text = JSON.stringify(header);

  it('is malformed without its frames', () => {
    expect(refusal(sent().slice(0, 4))).toBe('malformed');
    expect(refusal([])).toBe('malformed');
  });

  it('is forged with a wrong signature, whatever it holds', () => {
    const frames = sent();
    frames[5] = Buffer.from('{"code":"2"}');
    expect(refusal(frames)).toBe('forged');
    expect(refusal(bytes(new Codec({ ...KEY, key: 'b' }).encode({ idents: [], header, content: {} })))).toBe(
      'forged',
    );
  });

  it('is replayed when it came before, also from somebody else', () => {
    const codec = new Codec(KEY);
    expect(refusal(sent(), codec)).toBeUndefined();
    expect(refusal(sent(), codec)).toBe('replayed');
    expect(refusal(sent({ idents: ['other'] }), codec)).toBe('replayed');
  });

  it.each([
    ['no JSON', signed(text, '{}', '{}', '{')],
    ['no UTF-8', signed(Buffer.from([0xff, 0xfe]), '{}', '{}', '{}')],
    ['a list for an object', signed(text, '[]', '{}', '{}')],
    ['null for an object', signed(text, '{}', 'null', '{}')],
    ['an empty frame', signed(text, '{}', '{}', '')],
    ['no header', signed('{}', '{}', '{}', '{}')],
    ['a type that is no text', signed('{"msg_id":"a","msg_type":7}', '{}', '{}', '{}')],
    ['a date that is no text', signed('{"msg_id":"a","msg_type":"b","date":7}', '{}', '{}', '{}')],
    ['an object in its header', signed('{"msg_id":"a","msg_type":"b","c":[[]]}', '{}', '{}', '{}')],
    ['lists in lists without end', signed(text, '{}', '{}', '['.repeat(1_000_000))],
  ])('is garbled with %s', (_, frames) => {
    expect(refusal(frames)).toBe('garbled');
  });

  it('is counted, and neither keys nor signatures are kept where a log shows them', () => {
    const codec = new Codec(KEY);
    const forged = sent();
    forged[2] = Buffer.alloc(64, '0');
    for (const frames of [forged, sent(), sent(), [], signed('', '', '', '')]) codec.decode(frames);
    expect(codec.dropped).toEqual({ malformed: 1, forged: 1, replayed: 1, garbled: 1 });
    const shown = inspect(codec, { depth: 9, showHidden: true });
    expect(shown).not.toContain(KEY.key);
    expect(shown).not.toContain(String(sent()[2]).slice(0, 16));
  });
});

describe('without a key', () => {
  it('messages are taken unsigned, also the same one twice', () => {
    const open = new Codec({ key: '', hash: 'sha256' });
    const frames = bytes(open.encode({ idents: [], header, content: {} }));
    expect(frames[1]).toHaveLength(0);
    expect(refusal(frames, open)).toBeUndefined();
    expect(refusal(frames, open)).toBeUndefined();
  });
});

it('an old client may leave out what came later to the header', () => {
  const decoded = new Codec(KEY).decode(signed('{"msg_id":"a","msg_type":"b"}', '{}', '{}', '{}'));
  const expected: Header = { msg_id: 'a', msg_type: 'b', session: '', username: '', date: '', version: '' };
  expect(decoded).toMatchObject({ message: { header: expected } });
});
