import { describe, expect, it } from 'vitest';
import { oneAtATime } from './latest';

const later = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('one draw at a time', () => {
  it('never overlaps, and remembers many calls as one', async () => {
    let running = 0;
    let runs = 0;
    const draw = oneAtATime(async () => {
      running++;
      expect(running).toBe(1);
      await later();
      runs++;
      running--;
    });
    await Promise.all([draw(), draw(), draw(), draw()]);
    expect(runs).toBe(2);
    await draw();
    expect(runs).toBe(3);
  });

  it('draws the last state asked for', async () => {
    let wanted = 1;
    let shown = 0;
    const draw = oneAtATime(async () => {
      const now = wanted;
      await later();
      shown = now;
    });
    const first = draw();
    await Promise.resolve();
    wanted = 2;
    await Promise.all([first, draw()]);
    expect(shown).toBe(2);
  });

  it('goes on after a failure', async () => {
    let fail = true;
    const draw = oneAtATime(async () => {
      if (fail) throw new Error('no WebGL');
    });
    await expect(draw()).rejects.toThrow('no WebGL');
    fail = false;
    await expect(draw()).resolves.toBeUndefined();
  });
});
