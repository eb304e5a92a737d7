import { describe, expect, it } from 'vitest';
import { goldenMessages } from '../../../tests/kernel/wire/goldenMessages';
import { type Frame, joinFrames, splitFrames } from './framing';

const bytes = (frames: Frame[]): Buffer[] => frames.map((frame) => Buffer.from(frame as string));

describe('frames', () => {
  it.each(goldenMessages())(
    "of $name are taken apart and put together to jupyter_client's bytes",
    ({ frames }) => {
      const { idents, signature, texts, buffers } = splitFrames(frames)!;
      const [header, parent, metadata, content] = texts.map(String);
      const joined = joinFrames(idents, String(signature), [header!, parent!, metadata!, content!], buffers);
      expect(bytes(joined)).toEqual(frames);
    },
  );

  it('without a delimiter, or with too little behind it, are none of a message', () => {
    const frames = goldenMessages()[0]!.frames;
    expect(splitFrames([])).toBeUndefined();
    expect(splitFrames([Buffer.alloc(0)])).toBeUndefined();
    for (let count = 0; count < frames.length; count++) {
      expect(splitFrames(frames.slice(0, count))).toBeUndefined();
    }
    expect(splitFrames(frames.filter((frame) => !frame.equals(Buffer.from('<IDS|MSG>'))))).toBeUndefined();
  });

  it('of a message may be identities and buffers of any number and size', () => {
    const many = Array.from({ length: 10_000 }, () => Buffer.from('x'));
    const large = Buffer.alloc(2 ** 22, 1);
    const joined = bytes(joinFrames([...many, large], 's', ['{}', '{}', '{}', '{}'], [large, ...many]));
    const framed = splitFrames(joined)!;
    expect(framed.idents).toHaveLength(10_001);
    expect(framed.buffers).toHaveLength(10_001);
    expect(framed.buffers[0]!.equals(large)).toBe(true);
  });

  it('that look like a delimiter among the buffers are buffers', () => {
    const joined = bytes(joinFrames(['a'], 's', ['{}', '{}', '{}', '{}'], [Buffer.from('<IDS|MSG>')]));
    expect(splitFrames(joined)!.buffers).toEqual([Buffer.from('<IDS|MSG>')]);
  });
});
