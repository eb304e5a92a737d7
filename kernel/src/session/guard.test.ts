import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Context, inContext, newContext } from './contexts';
import { guard } from './guard';
import { ownTimers } from './timers';

const interrupt = new Error('ended');
const forever = (): Promise<never> => new Promise(() => undefined);

/** Runs code in a context of its own, which is ended after some milliseconds. */
function endedAfter<T>(milliseconds: number, run: (context: Context) => Promise<T>): Promise<T> {
  const context = newContext(1, 1);
  setTimeout(() => context.end(interrupt), milliseconds);
  return inContext(context, () => run(context));
}

describe('$await', () => {
  it('waits for what await waits for', async () => {
    await inContext(newContext(1, 1), async () => {
      expect(await guard(3)).toBe(3);
      expect(await guard(Promise.resolve(4))).toBe(4);
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
      expect(await guard({ then: (settle: (value: number) => void) => settle(5) })).toBe(5);
      await expect(guard(Promise.reject(new Error('no')))).rejects.toThrow('no');
      const plain = { x: 1 };
      expect(await guard(plain)).toBe(plain);
      expect(await guard(undefined)).toBeUndefined();
      expect(await guard(null)).toBeNull();
    });
  });

  it('rejects a pending promise when its context ends, and runs finally', async () => {
    let cleaned = false;
    const run = endedAfter(5, async () => {
      try {
        await guard(forever());
      } finally {
        cleaned = true;
      }
    });
    await expect(run).rejects.toBe(interrupt);
    expect(cleaned).toBe(true);
  });

  it('ends in code that another context called, and spares the other context', async () => {
    const shared = async (): Promise<string> => {
      await guard(sleep(30));
      return 'done';
    };
    const other = inContext(newContext(2, 2), shared);
    await expect(endedAfter(5, shared)).rejects.toBe(interrupt);
    await expect(other).resolves.toBe('done');
  });

  it('stops a loop that swallows every error', async () => {
    let turns = 0;
    endedAfter(5, async () => {
      for (;;) {
        turns += 1;
        try {
          await guard(sleep(1));
        } catch {}
      }
    });
    await sleep(150);
    const before = turns;
    await sleep(20);
    expect(turns).toBe(before);
    expect(turns).toBeGreaterThan(10);
  });

  it('lets slow clean-up code await a few times and fail each time', async () => {
    const failures: unknown[] = [];
    endedAfter(1, async () => {
      for (let i = 0; i < 5; i += 1) {
        const end = performance.now() + 40;
        await guard(forever()).catch((error) => failures.push(error));
        while (performance.now() < end);
      }
    });
    await sleep(250);
    expect(failures).toEqual(Array(5).fill(interrupt));
  });

  it('leaves nothing behind in its context', async () => {
    const context = newContext(1, 1);
    await inContext(context, async () => {
      const long = forever();
      for (let i = 0; i < 1000; i += 1) {
        await guard(Promise.resolve(i));
        await guard(Promise.reject(i)).catch(() => undefined);
        for await (const one of guard.each([i])) expect(one).toBe(i);
      }
      void guard(long);
    });
    expect(context.waiters.size).toBe(1);
  });

  it('keeps the callers of an async function in a stack trace', async () => {
    async function inner(): Promise<void> {
      await guard(sleep(1));
      throw new Error('deep');
    }
    async function outer(): Promise<void> {
      await guard(inner());
    }
    const error: Error = await inContext(newContext(1, 1), outer).catch((thrown) => thrown);
    expect(error.stack).toMatch(/at inner[\s\S]*at (async )?outer/);
  });
});

describe('$await.each', () => {
  it('goes through what for await goes through', async () => {
    async function* numbers(): AsyncGenerator<number> {
      yield 1;
      yield 2;
    }
    const seen: number[] = [];
    for await (const one of guard.each(numbers())) seen.push(one);
    for await (const one of guard.each([Promise.resolve(3), 4])) seen.push(one);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('asks the iterator to clean up after a break and at the end of the context', async () => {
    const closed: string[] = [];
    const endless = (name: string): AsyncIterable<number> => ({
      [Symbol.asyncIterator]: () => ({
        next: () => (name === 'broken' ? Promise.resolve({ value: 1, done: false }) : forever()),
        return: async () => {
          closed.push(name);
          return { value: undefined, done: true };
        },
      }),
    });
    for await (const _ of guard.each(endless('broken'))) break;
    const run = endedAfter(5, async () => {
      for await (const _ of guard.each(endless('ended')));
    });
    await expect(run).rejects.toBe(interrupt);
    expect(closed).toEqual(['broken', 'ended']);
  });
});

describe('timers', () => {
  ownTimers();

  it('end with the context that started them, and only with that', async () => {
    const fired: string[] = [];
    const context = newContext(1, 1);
    const other = newContext(2, 2);
    inContext(context, () => {
      setTimeout(() => fired.push('timeout'), 20);
      setInterval(() => fired.push('interval'), 20);
      setImmediate(() => fired.push('immediate'));
    });
    inContext(other, () => setTimeout((text: string) => fired.push(text), 20, 'other'));
    context.end(interrupt);
    inContext(context, () => setTimeout(() => fired.push('after the end'), 1));
    await sleep(60);
    expect(fired).toEqual(['other']);
  });

  it('are those of Node: promisified, cleared, with arguments', async () => {
    const { promisify } = await import('node:util');
    await inContext(newContext(1, 1), async () => {
      expect(await promisify(setTimeout)(1, 'value')).toBe('value');
      const fired: unknown[] = [];
      const cleared = setTimeout(() => fired.push('cleared'), 1);
      clearTimeout(cleared);
      setTimeout((...args: unknown[]) => fired.push(...args), 1, 1, 2);
      await sleep(20);
      expect(fired).toEqual([1, 2]);
    });
  });
});

it('the signal of a context is aborted with the error, also when it is asked for later', () => {
  const context = newContext(1, 1);
  const { signal } = context;
  context.end(interrupt);
  context.end(new Error('second'));
  expect([signal.aborted, signal.reason]).toEqual([true, interrupt]);
  const late = newContext(2, 2);
  late.end(interrupt);
  expect(late.signal.reason).toBe(interrupt);
});
