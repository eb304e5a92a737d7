import { describe, expect, it } from 'vitest';
import { AbortError, pace } from './progress';

/** Keeps the event loop busy. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('pace', () => {
  it('reports what is done', async () => {
    const seen: string[] = [];
    const step = pace({ onProgress: ({ done, total }) => seen.push(`${done}/${total}`) }, 3, () => []);
    for (let done = 0; done <= 3; done++) await step(done);
    expect(seen).toEqual(['1/3', '2/3', '3/3']);
  });

  it('lets timers run while it works, and so an abort from outside arrives', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const step = pace({ signal: controller.signal }, 100, () => 'so far');
    const loop = (async () => {
      for (let done = 1; done <= 100; done++) {
        work(10);
        await step(done);
      }
    })();
    await expect(loop).rejects.toMatchObject({ name: 'AbortError', partial: 'so far' });
  });

  it('throws at once, with the reason as its cause, when the signal is aborted already', async () => {
    const step = pace({ signal: AbortSignal.abort('enough') }, 1, () => 1);
    const error = await step(0).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AbortError);
    expect((error as AbortError).cause).toBe('enough');
  });
});
