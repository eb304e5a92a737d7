import { describe, expect, it, onTestFinished } from 'vitest';
import {
  analytic,
  interpolate,
  lossSlice1D,
  lossSlice2D,
  minimize,
  samSharpness,
  sharpnessCurve,
  tf,
} from '.';
import { AbortError, type LongWork, longWork, pace } from './progress';

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

/** Stands where the kernel leaves itself, and notes what a library asks of it. */
function kernelWith(signal: AbortSignal = new AbortController().signal) {
  const said: string[] = [];
  const progress = ({ label, total }: { label: string; total: number }) => {
    said.push(`${label} of ${total}`);
    return { update: (done: number) => void said.push(`${done}`), end: () => void said.push('end') };
  };
  (globalThis as Record<symbol, unknown>)[KERNEL] = { signal, progress };
  onTestFinished(() => {
    delete (globalThis as Record<symbol, unknown>)[KERNEL];
  });
  return said;
}

const KERNEL = Symbol.for('jupyter.kernel');

/** Work in pieces that take this many milliseconds each. */
const pieces = (count: number, each: number) => async (options: LongWork) => {
  const step = pace(options, count, () => 'so far');
  for (let done = 1; done <= count; done++) {
    work(each);
    await step(done);
  }
  return 'done';
};

const task = { label: 'minimize', total: 4 };

describe('long work', () => {
  it('outside of a kernel is given exactly what its caller said', async () => {
    const options = { onProgress: () => {}, signal: new AbortController().signal, other: 1 };
    for (const given of [options, {}]) expect(await longWork(task, given, async (got) => got)).toBe(given);
  });

  it('in a kernel shows one bar under its name, which ends with it', async () => {
    const said = kernelWith();
    expect(await longWork(task, {}, pieces(4, 1))).toBe('done');
    expect(said).toEqual(['minimize of 4', '1', '2', '3', '4', 'end']);
  });

  it('with an onProgress of its own shows none', async () => {
    const said = kernelWith();
    const seen: number[] = [];
    await longWork(task, { onProgress: ({ done }) => seen.push(done) }, pieces(2, 1));
    expect(seen).toEqual([1, 2]);
    expect(said).toEqual([]);
  });

  it("is aborted by the cell's interrupt, and the bar ends", async () => {
    const controller = new AbortController();
    const said = kernelWith(controller.signal);
    setTimeout(() => controller.abort(), 100);
    const aborted = longWork(task, {}, pieces(100, 60));
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError', partial: 'so far' });
    expect(said[0]).toBe('minimize of 4');
    expect(said.at(-1)).toBe('end');
  });

  it('with a signal of its own does not hear the interrupt', async () => {
    kernelWith(AbortSignal.abort());
    const { signal } = new AbortController();
    expect(await longWork(task, { signal }, pieces(2, 1))).toBe('done');
    await expect(longWork(task, {}, pieces(2, 1))).rejects.toThrow('aborted');
  });

  it.each([
    ['minimize', () => minimize(bowl, start, tf.train.sgd(0.1))],
    ['lossSlice1D', () => lossSlice1D(bowl, start, { direction: start })],
    ['lossSlice2D', () => lossSlice2D(bowl, start)],
    ['interpolate', () => interpolate(bowl, start, Float64Array.of(0, 0))],
    ['samSharpness', () => samSharpness(bowl, start)],
    ['sharpnessCurve', () => sharpnessCurve(bowl, start)],
  ])('%s is such work', async (name, call) => {
    const said = kernelWith(AbortSignal.abort('interrupted'));
    await expect(call()).rejects.toMatchObject({ name: 'AbortError', cause: 'interrupted' });
    expect(said[0]).toMatch(new RegExp(`^${name} of \\d+$`));
    expect(said.at(-1)).toBe('end');
  });
});

const bowl = analytic.quadratic([2, 1]);
const start = Float64Array.of(1, 1);
