import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { Replays } from './replays';

const signature = (n: number): Buffer => Buffer.from(createHash('sha256').update(String(n)).digest('hex'));

it('a signature is new once', () => {
  const replays = new Replays();
  expect(replays.seen(signature(1))).toBe(false);
  expect(replays.seen(signature(2))).toBe(false);
  expect(replays.seen(signature(1))).toBe(true);
});

it('at least the latest are remembered, and at most twice as many', () => {
  const limit = 100;
  const replays = new Replays(limit);
  for (let n = 0; n < 1000; n++) replays.seen(signature(n));
  for (let n = 1000 - limit; n < 1000; n++) expect(replays.seen(signature(n))).toBe(true);
  expect(replays.seen(signature(1000 - 2 * limit - 1))).toBe(false);
});

it('one that is sent again and again is never new', () => {
  const replays = new Replays(100);
  replays.seen(signature(0));
  for (let n = 1; n < 1000; n++) {
    replays.seen(signature(n));
    if (n % 50 === 0) expect(replays.seen(signature(0))).toBe(true);
  }
});
