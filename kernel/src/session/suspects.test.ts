import { beforeEach, describe, expect, it } from 'vitest';
import { newContext } from './contexts';
import { Suspects } from './suspects';

describe('who fills the heap', () => {
  const [busy, leaking] = [newContext(1, 1), newContext(2, 2)];
  let suspects: Suspects;
  beforeEach(() => {
    suspects = new Suspects();
  });

  it('is nobody before it has grown', () => {
    suspects.look(1000, busy);
    suspects.look(900, leaking);
    suspects.look(900, leaking);
    expect(suspects.worst).toBe(undefined);
  });

  it('is who was at work for most of what was added, not who is seen most often', () => {
    suspects.look(0, undefined);
    suspects.look(40, leaking);
    for (let used = 41; used < 60; used++) suspects.look(used, busy);
    suspects.look(90, leaking);
    suspects.look(95, busy);
    expect(suspects.worst).toBe(leaking);
  });

  it('is nobody that is known when nobody was at work', () => {
    suspects.look(0, undefined);
    suspects.look(1000, undefined);
    expect(suspects.worst).toBe(undefined);
  });

  it('is not held against anybody for longer than a cell', () => {
    suspects.look(0, busy);
    suspects.look(1000, busy);
    suspects.forget();
    expect(suspects.worst).toBe(undefined);
  });
});
